"""Talking about a post: whoever may write may comment, and viewers read along.

A viewer is there to look; a word of theirs that nobody has asked for would stand in the history for
good. Who should have a say is made a contributor, who can not publish either.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User, Workspace
from accounts.permissions import Right, may, people_with, require
from posts.errors import IllegalMove
from posts.models import Comment, NotificationKind, Post
from posts.notifications import called, tell

# As Django lets people be called; what stands before it makes a mail address of it.
MENTION = re.compile(r"(?<![\w.@+-])@([\w.@+-]+)")
TOO_LATE = "After a quarter of an hour a comment stays as it is. Write another one."


@dataclass(frozen=True, slots=True)
class Word:
    """A part of a comment: plain text, or the name of a person who is mentioned."""

    text: str
    person: User | None = None


def add_comment(post: Post, *, by: User, text: str) -> Comment:
    """And tell who is mentioned in it."""
    require(by, Right.WRITE, post.workspace)
    with transaction.atomic():
        comment = Comment.objects.create(post=post, by=by, text=text)
        _tell_mentioned(comment)
    return comment


def change_comment(comment: Comment, *, by: User, text: str) -> None:
    """One's own, for a while. Who is mentioned only now is told now."""
    require_change(comment, by=by)
    with transaction.atomic():
        comment.text, comment.edited_at = text, timezone.now()
        comment.save(update_fields=["text", "edited_at"])
        _tell_mentioned(comment)


def remove(comment: Comment, *, by: User) -> None:
    """One's own, for a while; what should never have been said, an owner at any time."""
    require_removal(comment, by=by)
    comment.delete()


def require_change(comment: Comment, *, by: User) -> None:
    """Raise PermissionDenied, or IllegalMove once it is too late."""
    require(by, Right.WRITE, comment.post.workspace)
    if comment.by_id != by.pk:
        raise PermissionDenied("Only who wrote a comment changes it.")
    if not comment.is_changeable:
        raise IllegalMove(TOO_LATE)


def require_removal(comment: Comment, *, by: User) -> None:
    """Raise as above."""
    if not may(by, Right.MANAGE, comment.post.workspace):
        require_change(comment, by=by)


def words_of(text: str, members: dict[str, User]) -> Iterator[Word]:
    """The text in parts; `members` by their names in small letters."""
    end = 0
    for found in MENTION.finditer(text):
        name = _known_part(found[1], members)
        if name:
            yield Word(text[end : found.start()])
            yield Word(f"@{name}", members[name.lower()])
            end = found.start() + 1 + len(name)
    yield Word(text[end:])


def unknown_names(text: str, members: dict[str, User]) -> list[str]:
    """Who is mentioned, and is no member: nobody tells them."""
    names = [found[1] for found in MENTION.finditer(text)]
    return [name.rstrip(".+-@") for name in names if not _known_part(name, members)]


def members_by_name(workspace: Workspace) -> dict[str, User]:
    return {person.username.lower(): person for person in people_with(Right.SEE, workspace)}


def _known_part(name: str, members: dict[str, User]) -> str:
    """A full stop after a name may be part of it, or end the sentence."""
    while name and name.lower() not in members and name[-1] in ".+-@":
        name = name[:-1]
    return name if name.lower() in members else ""


def _tell_mentioned(comment: Comment) -> None:
    post = comment.post
    words = words_of(comment.text, members_by_name(post.workspace))
    mentioned = {word.person for word in words if word.person}
    if mentioned:
        tell(
            post.workspace,
            NotificationKind.MENTIONED,
            key=f"mentioned-{comment.pk}",
            subject=f"{comment.by} mentions you on {called(post.title or post.caption)}",
            text=comment.text,
            comment=comment,
            among=Right.SEE,
            to=mentioned,
            by=comment.by,
        )
