"""Writing a post as a program wants it: the same planning as the composer's buttons.

For each account it is found out what is to be done, which may ask a platform; then all of it is
stored, or nothing. What is planned never changes without consent, and never leaves the plan unless
the program says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.api.callers import Caller
from accounts.api.idempotency import hold_on
from accounts.api.refusals import Conflict, Invalid
from accounts.permissions import Right
from posts.api.judging import Wish, chosen_by, judged, refuse_unfit
from posts.consenting import agree, has_agreed
from posts.errors import IllegalMove, TooLate
from posts.models import Post, Publication
from posts.planning import Content, request_approval, save_draft, save_words, schedule_post
from posts.platforms import platform_of
from posts.states import State
from posts.waiting import is_due

OUT = (State.PUBLISHED, State.DELIVERED)
ON_ITS_WAY = (State.SENDING, State.PROCESSING, State.UNCONFIRMED)
PLANNED = (State.SCHEDULED, State.HELD)
WAITING = (State.DRAFT, State.AWAITING_APPROVAL)


@dataclass(frozen=True, kw_only=True)
class Keep:
    """As a draft; `agrees`: consented to beforehand."""

    content: Content
    due_at: datetime | None
    choices: Mapping[str, Any]
    agrees: bool


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Approve and schedule; or ask for the approval."""

    content: Content
    due_at: datetime | None
    options: dict[str, Any]
    asks: bool


@dataclass(frozen=True)
class Approve:
    """What somebody else asked for, just as it was when this request began."""

    publication: Publication
    due_at: datetime
    seen: str


@dataclass(frozen=True)
class Move:
    """Another time for what is planned: its Approval stands."""

    publication: Publication
    due_at: datetime


@dataclass(frozen=True)
class Now:
    """What was approved goes at once; what has failed, once more."""

    publication: Publication


Step = Keep | Plan | Approve | Move | Now


def write(
    caller: Caller, content: Content, wishes: Sequence[Wish], *, post: Post | None = None
) -> Post:
    """Raises Refusals, and what the verbs raise."""
    stored = _stored(post)
    changed = post is not None and _says_else(post, content)
    if changed:
        refuse_what_is_out(stored.values())
        wishes = [*wishes, *_unsaid(stored, wishes)]
    found = (_step(caller, content, wish, stored.get(wish.channel.pk), changed) for wish in wishes)
    steps = [step for step in found if step is not None]
    with transaction.atomic():
        hold_on()
        if post is not None:
            _refuse_if_changed(post, stored.values())
        if post is None or changed:
            post = save_words(
                by=caller.user, workspace=caller.workspace, content=content, post=post
            )
        for step in steps:
            _take(caller, post, step)
    return post


def _refuse_if_changed(post: Post, publications: Iterable[Publication]) -> None:
    """What the steps were chosen by must still be so: to ask a platform takes a while, in which
    others may change the post, stop it or remove it."""
    unchanged = Post.objects.in_workspace(post.workspace).filter(updated_at=post.updated_at)
    there = unchanged.select_for_update(no_key=True).filter(pk=post.pk).first()
    rows = post.publications.select_for_update(of=("self",), no_key=True).order_by("pk")
    states = {each.pk: each.state for each in rows}
    if there is None or states != {each.pk: each.state for each in publications}:
        raise Conflict(
            "Somebody else has changed this post at the same moment. Look at it, and try again.",
            code="changed_meanwhile",
            state=next(iter(states.values()), ""),
        )


def refuse_what_is_out(publications: Iterable[Publication]) -> None:
    """What may be seen already does not change any more."""
    for publication in publications:
        if publication.state in OUT:
            label = platform_of(publication.channel).label
            raise Conflict(
                f"This post is on {label} already. Make a new one to say something else.",
                code="already_published",
                state=publication.state,
            )
        if publication.state in ON_ITS_WAY:
            raise TooLate(state=publication.state)


def _stored(post: Post | None) -> dict[int, Publication]:
    """The post's publications by their account."""
    if post is None:
        return {}
    rows = post.publications.select_related("post__workspace", "channel__workspace")
    return {publication.channel_id: publication for publication in rows.order_by("pk")}


def _says_else(post: Post, content: Content) -> bool:
    said = (post.caption, post.title, post.ordered_media)
    return said != (content.caption, content.title, content.media)


def _unsaid(stored: Mapping[int, Publication], wishes: Sequence[Wish]) -> list[Wish]:
    """The accounts that the program does not name, though what goes there changes, too."""
    named = {wish.channel.pk for wish in wishes}
    return [
        Wish(channel=each.channel, place="publications.")
        for each in stored.values()
        if each.channel_id not in named and each.state != State.CANCELED
    ]


def _step(
    caller: Caller, content: Content, wish: Wish, stored: Publication | None, changed: bool
) -> Step | None:
    """What is to be done for one account; None: nothing."""
    flat = platform_of(wish.channel).flat
    before = flat.of(stored) if stored else {}
    chosen = chosen_by(wish, before | dict(wish.chosen))
    refuse_unfit(wish, wish.chosen, content.media)
    touched = changed or (stored is not None and chosen != before)
    state = State(stored.state) if stored else State.DRAFT
    if wish.now and stored and state not in WAITING:
        return _step_now(stored)
    content = replace(content, channel=wish.channel, beside=True)
    due_at = wish.due_at if wish.says_when or stored is None else stored.due_at
    if stored and not (touched or wish.says_when or wish.consent or wish.approves):
        return None
    if stored:
        refuse_what_is_out([stored])
    leaves_the_plan = wish.says_when and due_at is None
    is_in_plan = state in PLANNED or state is State.AWAITING_APPROVAL
    if leaves_the_plan or not (wish.says_when or is_in_plan):
        if wish.consent:  # whoever consents has chosen everything
            judged(wish, content, chosen, stored)
        choices = flat.as_form(chosen, media=content.media)
        return Keep(content=content, due_at=due_at, choices=choices, agrees=wish.consent)
    if stored and state in PLANNED and not touched:
        return Move(stored, due_at) if wish.says_when and due_at else None
    asks = _asks(caller, wish, chosen, stored, touched)
    if due_at is None and not asks:
        raise Invalid(fields={f"{wish.place}scheduled_at": ["Say when it is to go out."]})
    seen = stored.asked_digest() if stored else ""  # before the platform is asked
    options = judged(wish, content, chosen, stored)
    if stored and due_at and wish.approves and not touched and state is State.AWAITING_APPROVAL:
        return Approve(stored, due_at, seen)
    return Plan(content=content, due_at=due_at, options=options, asks=asks)


def _step_now(stored: Publication) -> Step | None:
    """For what was approved before; nothing, where it goes out any moment."""
    if stored.state not in {*PLANNED, State.FAILED}:
        raise IllegalMove(state=stored.state)
    return None if is_due(stored) else Now(stored)


def _asks(
    caller: Caller,
    wish: Wish,
    chosen: Mapping[str, Any],
    stored: Publication | None,
    touched: bool,
) -> bool:
    """Whether somebody else has to approve it. Raises Invalid where the program has to consent."""
    if not caller.may(Right.PUBLISH):
        return True
    if wish.consent or (stored and not touched and has_agreed(stored, by=caller.user)):
        return False
    if stored and stored.state == State.AWAITING_APPROVAL and not (wish.now or wish.approves):
        return True
    platform = platform_of(wish.channel)
    consent = platform.consent(platform.flat.schema(**chosen).model_dump())
    raise Invalid(
        f"Send “consent”: true to publish this with {wish.channel}: {consent.text}.",
        code="consent_required",
        fields={f"{wish.place}consent": [f"This must be true: {consent.text}."]},
    )


def _take(caller: Caller, post: Post, step: Step) -> None:
    if isinstance(step, Move):
        step.publication.reschedule(step.due_at, by=caller.user)
        return
    if isinstance(step, Approve):
        step.publication.approve(by=caller.user, due_at=step.due_at, seen=step.seen)
        return
    if isinstance(step, Now):
        again = step.publication.state == State.FAILED
        verb = step.publication.retry if again else step.publication.publish_now
        verb(by=caller.user)
        return
    whose: dict[str, Any] = {"by": caller.user, "workspace": caller.workspace, "post": post}
    whose |= {"content": step.content, "due_at": step.due_at}
    if isinstance(step, Keep):
        save_draft(**whose, choices=step.choices)
        if step.agrees:
            agree(post.publications.get(channel=step.content.channel), by=caller.user)
    elif step.asks:
        request_approval(**whose, options=step.options)
    else:
        schedule_post(**whose, options=step.options)
