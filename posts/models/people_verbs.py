"""What people do with a publication. Each verb asks for the right, then makes one move."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Right, require
from posts.errors import Blocked, IllegalMove, NotApproved, TooLate
from posts.models.approval import Approval, digest_of
from posts.models.asking_verbs import CHANGED, AskingVerbs
from posts.models.attempt import Verdict
from posts.models.post import Post
from posts.platforms import Consent, Finding, platform_of
from posts.preflight import blockers
from posts.states import HeldReason, State, Who

if TYPE_CHECKING:
    from posts.models.publication import Publication


class PeopleVerbs(AskingVerbs):
    def schedule(
        self,
        due_at: datetime,
        *,
        by: User,
        seen_digest: str | None = None,
        send_again: bool = False,
    ) -> Approval:
        """Approve what the post says now, and plan it for `due_at`. Returns the Approval.

        `seen_digest` is what the person had before their eyes (`content_digest`); when the post
        says something else by now, NotApproved. Raises Blocked with what must be mended first,
        IllegalMove where the table has no such move. `send_again` is a person's word, given under
        a warning, that what an earlier attempt may still bring up does not matter; it counts
        only where people are asked for it, so that a second press means nothing.
        """
        publication = cast("Publication", self)
        now = timezone.now()
        with transaction.atomic():
            row = type(publication).locked_with_words(publication.pk)
            require(by, Right.PUBLISH, row.post.workspace)
            media = row.post.ordered_media
            row._refuse_if_sending()
            row.freeze(media=media)
            stops = blockers(row, media=media)
            if due_at < now and (now - due_at) > row.late_limit:
                stops.append(Finding("time_past", "That time has passed.", "Choose another."))
            if stops:
                raise Blocked(stops)
            content = row.content()
            digest = digest_of(content)
            if seen_digest is not None and seen_digest != digest:
                raise NotApproved(CHANGED)
            consent = platform_of(row.channel).consent(content["options"])
            approval = row._approve(by, content=content, digest=digest, consent=consent)
            row.save(update_fields=["caption", "title"])
            if send_again and row.state in {State.UNCONFIRMED, State.DELIVERED}:
                row._write_off()
            row._as_person(
                State.SCHEDULED,
                by,
                "approved and scheduled",
                due_at=due_at,
                next_step_at=due_at,
                approval=approval,
                tries=0,
                delivered_at=None,
            )
        publication.refresh_from_db()
        return approval

    def content_digest(self) -> str:
        """The digest of what would be approved now: put it in the form, hand it to `schedule`."""
        return digest_of(cast("Publication", self).content_of_post())

    def reschedule(self, due_at: datetime, *, by: User) -> None:
        """Another time for the same content: the Approval stands."""
        if due_at < timezone.now():
            raise Blocked([Finding("time_past", "That time has passed.", "Choose another.")])
        self._as_person(
            State.SCHEDULED, by, "rescheduled", due_at=due_at, next_step_at=due_at, tries=0
        )

    def take_proposal(self, *, by: User) -> None:
        """Go at the next time at which it could, as was proposed when a limit held it."""
        publication = cast("Publication", self)
        require(by, Right.PUBLISH, publication.post.workspace)
        if publication.proposed_at is None:
            raise IllegalMove(state=publication.state)
        self.reschedule(publication.proposed_at, by=by)

    def unschedule(self, *, by: User) -> None:
        self._as_person(State.DRAFT, by, "taken out of the schedule")

    def cancel(self, *, by: User) -> bool:
        """Cancel, or ask the worker to. True when it is canceled now, False when it was asked."""
        publication = cast("Publication", self)
        require(by, Right.PUBLISH, publication.post.workspace)
        with transaction.atomic():
            row = type(publication).locked(publication.pk)
            done = row._cancel(by=by)
        publication.refresh_from_db()
        return done

    def _cancel(self, *, by: User) -> bool:
        publication = cast("Publication", self)
        on_its_way = publication.state in {State.SENDING, State.PROCESSING}
        if on_its_way and publication.is_being_fetched:
            return publication._stop_fetch(by=by)
        if publication.state == State.SENDING:
            if not publication.is_safe:
                raise TooLate(state=publication.state)
            if publication.is_in_hand:
                self._ask_to_stop(by)
                return False
            if attempt := publication.open_attempt:
                attempt.settle(Verdict.INCOMPLETE)  # who held it has let go, or is fenced by this
        if publication.state == State.DELIVERED:  # their word that the draft is dropped
            self._write_off()
        self._as_person(State.CANCELED, by, "canceled")
        return True

    def _ask_to_stop(self, by: User) -> None:
        publication = cast("Publication", self)
        publication.cancel_asked_at, publication.cancel_asked_by = timezone.now(), by
        publication.save(update_fields=["cancel_asked_at", "cancel_asked_by", "next_step_at"])
        publication.note("asked to stop the sending", by=by)

    def undo_cancel(self, *, by: User) -> None:
        self._as_person(State.DRAFT, by, "back to draft")

    def pause(self, *, by: User) -> None:
        self._as_person(State.HELD, by, "paused", held_reason=HeldReason.PERSON)

    def resume(self, *, by: User) -> None:
        """Back to its planned time, if that has not passed."""
        publication = cast("Publication", self)
        require(by, Right.PUBLISH, publication.post.workspace)
        if publication.due_at is None or publication.is_late:
            raise Blocked([Finding("time_past", "Its time has passed.", "Choose another time.")])
        self._to_schedule_again(by, "resumed", publication.due_at)

    def publish_now(self, *, by: User) -> None:
        """Its moment is now; the Approval stands."""
        self._to_schedule_again(by, "moved to now", timezone.now())

    def retry(self, *, by: User) -> None:
        """Try again now, with the same approved content."""
        self._to_schedule_again(by, "try again", timezone.now())

    def check_again(self, *, by: User) -> None:
        """Ask the platform once more what became of it."""
        self._as_person(State.PROCESSING, by, "asked to check again", next_step_at=timezone.now())

    def confirm_live(self, *, by: User, permalink: str = "") -> None:
        """A person's word that it is live; marked as such, and they can take it back.

        The platform is asked on: it may confirm the word, and it knows the link.
        """
        publication = cast("Publication", self)
        require(by, Right.PUBLISH, publication.post.workspace)
        changes: dict[str, Any] = {"published_at": timezone.now(), "by_word_of": by}
        if publication.attempts.exclude(publish_id=None).exists():
            changes["next_step_at"] = timezone.now()
        if permalink:
            changes["permalink"] = permalink
        if publication.state not in {State.UNCONFIRMED, State.DELIVERED}:
            raise IllegalMove(state=publication.state)
        self._as_person(State.PUBLISHED, by, "says that it is live", **changes)

    def take_back_word(self, *, by: User) -> None:
        self._as_person(
            State.UNCONFIRMED, by, "takes back that it is live", by_word_of=None, permalink=""
        )

    def _to_schedule_again(self, by: User, because: str, due_at: datetime) -> None:
        publication = cast("Publication", self)
        stops = blockers(publication, media=publication.shown_media)
        if stops:
            raise Blocked(stops)
        self._as_person(State.SCHEDULED, by, because, due_at=due_at, next_step_at=due_at, tries=0)

    def _refuse_if_sending(self) -> None:
        publication = cast("Publication", self)
        if publication.state in {State.SENDING, State.PROCESSING, State.PUBLISHED}:
            raise TooLate(state=publication.state)

    def _write_off(self) -> None:
        """A person's word that what these attempts may still bring up does not matter."""
        publication = cast("Publication", self)
        over = [Verdict.FAILED, Verdict.INCOMPLETE]
        for attempt in publication.attempts.exclude(verdict__in=over):
            attempt.settle(Verdict.WRITTEN_OFF)

    def _approve(
        self, by: User, *, content: dict[str, Any], digest: str, consent: Consent
    ) -> Approval:
        return Approval.objects.create(
            publication=cast("Publication", self),
            by=by,
            content=content,
            digest=digest,
            consent_text=consent.text,
            consent_version=consent.version,
        )

    def _as_person(
        self, to: State, by: User, because: str, *, right: Right = Right.PUBLISH, **changes: Any
    ) -> None:
        publication = cast("Publication", self)
        require(by, right, publication.post.workspace)
        publication._move(to, who=Who.PERSON, by=by, because=because, **changes)
        # What somebody acts on is among the posts again: nothing goes out that no list shows.
        Post.objects.filter(pk=publication.post_id, archived_at__isnull=False).update(
            archived_at=None
        )
