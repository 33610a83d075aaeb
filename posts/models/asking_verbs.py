"""How one person asks, and another one answers. Each verb asks for the right, then moves."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Right, require
from posts.errors import Blocked, IllegalMove, NotApproved
from posts.models.approval import Approval, digest_of
from posts.models.approval_request import ApprovalRequest
from posts.platforms import Finding
from posts.states import State

if TYPE_CHECKING:
    from posts.models.publication import Publication


class AskingVerbs:
    def ask_for_approval(self, *, by: User, due_at: datetime | None, note: str = "") -> None:
        """Whoever may write asks for any draft. What is planned leaves the plan by this, so that
        only its author may, or who may publish.
        """
        publication = cast("Publication", self)
        is_draft = publication.state == State.DRAFT
        right = Right.WRITE if is_draft else self._right_to_withdraw(by)
        note = note.strip()
        because = f"asked for approval: {note}" if note else "asked for approval"
        with transaction.atomic():
            publication._as_person(State.AWAITING_APPROVAL, by, because, right=right, due_at=due_at)
            publication.requests.create(
                by=by, due_at=due_at, note=note, **publication.said_in_words()
            )

    @property
    def latest_request(self) -> ApprovalRequest | None:
        return cast("Publication", self).requests.select_related("by", "sent_back_by").last()

    def asked_digest(self) -> str:
        """Of what is asked for, with its time: put it in the form, hand it to `approve`."""
        publication = cast("Publication", self)
        return _asked_digest(publication.content_of_post(), publication.due_at)

    def approve(
        self, *, by: User, due_at: datetime | None = None, seen: str | None = None
    ) -> Approval:
        """Plan what was asked for, at the time that its author wished or at `due_at`.

        `seen` is what the person had before their eyes (`asked_digest`); when something else is
        asked for by now, NotApproved. A time that has passed while it waited counts as none: what
        waited never goes out at once, Blocked asks for another time.
        """
        publication = cast("Publication", self)
        with transaction.atomic():
            row = type(publication).locked_with_words(publication.pk)
            require(by, Right.PUBLISH, row.post.workspace)
            if row.state != State.AWAITING_APPROVAL:
                raise IllegalMove(_not_asked_any_more(row), state=row.state)
            content = row.content_of_post()
            if seen is not None and seen != _asked_digest(content, row.due_at):
                raise NotApproved(CHANGED)
            moment = due_at or row.due_at
            if moment is None:
                raise Blocked([Finding("no_time", "No time was asked for.", "Choose one.")])
            if moment <= timezone.now():
                passed = "Its time has passed while it waited."
                raise Blocked([Finding("time_past", passed, "Choose another time.")])
            approval = row.schedule(moment, by=by, seen_digest=digest_of(content))
        publication.refresh_from_db()
        return approval

    def send_back(self, *, by: User, note: str) -> None:
        """To its author, with what should change."""
        note = note.strip()
        if not note:
            unsaid = "Its author can not know what is wrong with it."
            raise Blocked([Finding("note_missing", unsaid, "Write what should change.")])
        publication = cast("Publication", self)
        with transaction.atomic():
            publication._as_person(State.DRAFT, by, f"sent back: {note}")
            answered = publication.latest_request
            if answered is not None:
                answered.sent_back_at, answered.sent_back_by = timezone.now(), by
                answered.sent_back_note = note
                answered.save()

    def take_back(self, *, by: User) -> None:
        """The author withdraws their own request; an editor may withdraw anybody's."""
        publication = cast("Publication", self)
        right = self._right_to_withdraw(by)
        publication._as_person(State.DRAFT, by, "taken back to draft", right=right)

    def _right_to_withdraw(self, by: User) -> Right:
        own = cast("Publication", self).post.author_id == by.pk
        return Right.WRITE if own else Right.PUBLISH


CHANGED = "This has changed since you looked at it. Look at it once more, then press again."


def _asked_digest(content: dict[str, Any], due_at: datetime | None) -> str:
    return digest_of(content | {"time": due_at.isoformat() if due_at else None})


def _not_asked_any_more(publication: "Publication") -> str:
    """Who was faster, where somebody was."""
    approval = publication.approvals.select_related("by").last()
    if publication.approval_id is not None and approval is not None:
        return f"{approval.by or 'A former member'} has approved this already."
    return "Its approval is not asked for any more. Its history says why."
