"""Creating and changing a post, its publication and its platform's choices in one transaction.

Pages and the API hand in what their forms have validated; the verbs of the publication decide.
All raise PermissionDenied; IllegalMove (TooLate, NotApproved) and Blocked go to the person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Channel, User, Workspace
from accounts.permissions import Right, require
from posts.errors import IllegalMove, TooLate
from posts.models import Media, Post, Publication
from posts.platforms import platform_of
from posts.states import State

# From here a post can leave the lists: nothing of it can still go out by itself.
AT_REST = (State.DRAFT, State.CANCELED, State.PUBLISHED, State.DELIVERED, State.FAILED)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a person wrote, chose and uploaded."""

    caption: str = ""
    title: str = ""  # of photos only
    media: list[Media] = field(default_factory=list)
    channel: Channel | None = None
    beside: bool = False  # the account joins those that the post goes to, and replaces none


def save_draft(
    *,
    by: User,
    workspace: Workspace,
    content: Content,
    post: Post | None = None,
    due_at: datetime | None = None,
    choices: Mapping[str, Any] | None = None,
    by_itself: bool = False,
) -> Post:
    """Keep what there is so far. What was scheduled or held is taken back to draft by this,
    unless nobody pressed a button (`by_itself`): then only what is a draft changes.

    `choices` is what the person has chosen of the platform's own so far, as it came from the
    form: incomplete is fine. Without it the choices stay as they are.
    """
    with transaction.atomic():
        post, publication = _store(by, workspace, post, content)
        if publication is not None:
            if by_itself and publication.state != State.DRAFT:
                raise IllegalMove("This post is not a draft any more.", state=publication.state)
            _back_to_draft(publication, by=by)
            if publication.due_at != due_at:
                publication.due_at = due_at
                publication.save(update_fields=["due_at"])
            if choices is not None:
                platform_of(publication.channel).keep_choices(publication, choices)
    return post


def save_words(
    *, by: User, workspace: Workspace, content: Content, post: Post | None = None
) -> Post:
    """Keep caption, title and media, and touch no publication: what is planned goes out as it was
    approved. Whoever calls this sees to it that it says the same."""
    require(by, Right.WRITE, workspace)
    with transaction.atomic():
        if post is None:
            post = Post(workspace=workspace, author=by)
        else:
            # Not its key: who moves a publication of it meanwhile points at it, and waits for us.
            post = Post.objects.select_for_update(of=("self",), no_key=True).get(pk=post.pk)
        post.caption, post.title = content.caption, content.title
        post.save()
        if post.ordered_media != content.media:
            post.set_media(content.media)
    return post


def schedule_post(
    *,
    by: User,
    workspace: Workspace,
    content: Content,
    options: dict[str, Any],
    due_at: datetime,
    post: Post | None = None,
) -> Publication:
    """Save, approve and plan for `due_at`: all of it, or nothing. `options` are validated."""
    with transaction.atomic():
        publication = _store_to_go(by, workspace, post, content, options)
        publication.schedule(due_at, by=by)
    return publication


def request_approval(
    *,
    by: User,
    workspace: Workspace,
    content: Content,
    options: dict[str, Any],
    due_at: datetime | None,
    post: Post | None = None,
    note: str = "",
) -> Publication:
    """Save, and ask somebody with the right to publish to approve it. `options` are validated."""
    with transaction.atomic():
        publication = _store_to_go(by, workspace, post, content, options)
        if publication.state == State.AWAITING_APPROVAL:
            publication.take_back(by=by)
        publication.ask_for_approval(by=by, due_at=due_at, note=note)
    return publication


def duplicate(post: Post, *, by: User) -> Post:
    """A new draft with the same words, media and accounts: no platform's choice, no consent."""
    require(by, Right.WRITE, post.workspace)
    with transaction.atomic():
        copy = Post.objects.create(
            workspace=post.workspace, author=by, caption=post.caption, title=post.title
        )
        copy.set_media(post.ordered_media)
        for publication in post.publications.filter(channel__in=post.workspace.channels.kept()):
            twin = Publication.objects.create(post=copy, channel=publication.channel)
            twin.note("made as a copy of another post", by=by, details={"post": post.pk})
    return copy


def archive(post: Post, *, by: User) -> None:
    """Take a post out of the lists. Nothing at any platform is touched."""
    with transaction.atomic():
        # The post before its publications, as whoever writes it does: so nobody waits in a ring.
        Post.objects.select_for_update(no_key=True).get(pk=post.pk)
        publications = list(post.publications.select_for_update())
        only_drafts = all(each.state == State.DRAFT for each in publications)
        require(by, Right.WRITE if only_drafts else Right.PUBLISH, post.workspace)
        for publication in publications:
            if publication.state not in AT_REST:
                raise IllegalMove(
                    "This post can still go out. Cancel it first, then remove it.",
                    state=publication.state,
                )
        Post.objects.filter(pk=post.pk).update(archived_at=timezone.now())
    post.refresh_from_db(fields=["archived_at"])


def unarchive(post: Post, *, by: User) -> None:
    require(by, Right.WRITE, post.workspace)
    Post.objects.filter(pk=post.pk).update(archived_at=None)
    post.refresh_from_db(fields=["archived_at"])


def _store_to_go(
    by: User, workspace: Workspace, post: Post | None, content: Content, options: dict[str, Any]
) -> Publication:
    _, publication = _store(by, workspace, post, content)
    if publication is None:
        raise IllegalMove("Choose the account that will post this.")
    if publication.state == State.CANCELED:
        publication.undo_cancel(by=by)
    platform_of(publication.channel).save_options(publication, options)
    return publication


def _store(
    by: User, workspace: Workspace, post: Post | None, content: Content
) -> tuple[Post, Publication | None]:
    post = save_words(by=by, workspace=workspace, content=content, post=post)
    return post, _publication_of(post, content, by=by)


def _publication_of(post: Post, content: Content, *, by: User) -> Publication | None:
    """The post's publication to the account that was chosen; a draft changes its account as long
    as it is only that, unless the new one is to stand `beside`.

    Without a channel: the one there is, if any.
    """
    channel = content.channel
    existing = list(post.publications.select_for_update(of=("self",)).order_by("pk"))
    if channel is None:
        return existing[0] if existing else None
    for publication in existing:
        if publication.channel_id == channel.pk:
            return publication
    if len(existing) == 1 and not content.beside:
        [publication] = existing
        if publication.approvals.exists() or publication.attempts.exists():
            raise IllegalMove(
                f"This post was already planned for {publication.channel}. "
                "Duplicate it to post it with another account."
            )
        _back_to_draft(publication, by=by)  # which not everybody may
        publication.delete()
    publication = Publication.objects.create(post=post, channel=channel)
    publication.note("written", by=by)
    return publication


def _back_to_draft(publication: Publication, *, by: User) -> None:
    state = State(publication.state)
    if state is State.DRAFT:
        return
    if state is State.AWAITING_APPROVAL:
        publication.take_back(by=by)
    elif state in {State.SCHEDULED, State.HELD, State.FAILED}:
        publication.unschedule(by=by)
    elif state is State.CANCELED:
        publication.undo_cancel(by=by)
    else:
        raise TooLate(state=state)
