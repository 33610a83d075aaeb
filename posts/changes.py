"""What has changed between two requests for approval, so that nobody has to look for it."""

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal, Self

from posts.models import ApprovalRequest

Kind = Literal["kept", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text, and what became of them."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One thing that was another before. Empty: there was none."""

    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Nothing of what stayed the same."""

    title: list[Piece]
    caption: list[Piece]
    files_gone: list[str]
    files_new: list[str]
    files_moved: bool  # the same files in another order
    exchanges: list[Exchange]  # the account, and the platform's choices
    times: tuple[datetime | None, datetime | None] | None  # before, and now

    @classmethod
    def between(cls, before: ApprovalRequest, now: ApprovalRequest) -> Self:
        was, has = dict(before.media), dict(now.media)
        return cls(
            title=pieces(before.title, now.title),
            caption=pieces(before.caption, now.caption),
            files_gone=[name for sha256, name in was.items() if sha256 not in has],
            files_new=[name for sha256, name in has.items() if sha256 not in was],
            files_moved=was.keys() == has.keys() and list(was) != list(has),
            exchanges=_exchanges(before, now),
            times=(before.due_at, now.due_at) if before.due_at != now.due_at else None,
        )

    def __bool__(self) -> bool:
        files = self.files_gone or self.files_new or self.files_moved
        return bool(self.title or self.caption or files or self.exchanges or self.times)


def pieces(before: str, now: str) -> list[Piece]:
    """Word by word; nothing when both are the same.

    >>> [(piece.kind, piece.text) for piece in pieces("A calm sunrise", "A wild sunrise")]
    [('kept', 'A '), ('gone', 'calm'), ('new', 'wild'), ('kept', ' sunrise')]
    >>> pieces("A calm sunrise", "A calm sunrise")
    []
    """
    if before == now:
        return []
    old, new = _words(before), _words(now)
    found = []
    compared = SequenceMatcher(str.isspace, old, new)  # that both have a space says nothing
    for change, old_from, old_to, new_from, new_to in compared.get_opcodes():
        if change == "equal":
            found.append(Piece("kept", "".join(new[new_from:new_to])))
            continue
        if gone := "".join(old[old_from:old_to]):
            found.append(Piece("gone", gone))
        if came := "".join(new[new_from:new_to]):
            found.append(Piece("new", came))
    return found


def _words(text: str) -> list[str]:
    return re.findall(r"\S+|\s+", text)


def _exchanges(before: ApprovalRequest, now: ApprovalRequest) -> list[Exchange]:
    was, has = _choices(before), _choices(now)
    return [
        Exchange(label, was.get(label, ""), has.get(label, ""))
        for label in has | was
        if was.get(label) != has.get(label)
    ]


def _choices(request: ApprovalRequest) -> dict[str, str]:
    return {"Account": request.account} | dict(request.choices)
