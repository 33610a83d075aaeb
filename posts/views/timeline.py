"""The lines of a post's history: what happened, and what people said meanwhile."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst

from accounts.models import User
from posts.commenting import Word, members_by_name, words_of
from posts.models import Comment, Post, PublicationEvent
from posts.report import without_secrets
from posts.views.access import Rights


@dataclass(frozen=True, slots=True)
class Line:
    """What happened, in plain words; `details` is for support."""

    event: PublicationEvent
    title: str
    text: str
    note: str  # of a person, in their own words
    details: str

    @classmethod
    def of(cls, event: PublicationEvent) -> "Line":
        words = capfirst(event.because.removesuffix(f": {event.note}"))
        told = not event.by or words.endswith(f"by {event.by}.")
        because = words if told else f"{words.rstrip('.')}, by {event.by}."
        title = event.get_after_display() if event.is_move else ""
        details = json.dumps(without_secrets(event.details), indent=2, ensure_ascii=False)
        return cls(
            event=event,
            title=title,
            text="" if because == title else because,
            note=event.note,
            details=details if event.details else "",
        )

    @property
    def at(self) -> datetime:
        return self.event.at


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment, and what this person may do with it."""

    comment: Comment
    words: list[Word]
    may_change: bool
    may_remove: bool

    @property
    def at(self) -> datetime:
        return self.comment.at


def remarks_on(post: Post, *, by: User, rights: Rights) -> list[Remark]:
    comments = list(post.comments.select_related("by"))
    members = members_by_name(post.workspace) if comments else {}
    remarks = []
    for comment in comments:
        own = rights.may_write and comment.by_id == by.pk and comment.is_changeable
        words = list(words_of(comment.text, members))
        remarks.append(Remark(comment, words, own, own or rights.may_manage))
    return remarks


def latest_first(
    events: Iterable[PublicationEvent], remarks: Iterable[Remark]
) -> list[Line | Remark]:
    """Of the same moment, what came later in the table is later."""
    lines: list[Line | Remark] = [Line.of(event) for event in events]
    return sorted([*lines, *remarks], key=lambda line: line.at)[::-1]
