"""What a worker does with a publication, by right of its lease.

Each verb moves the state or waits, and all but `start_sending` and `take_over` give the lease
back. A worker whose lease was overtaken gets LeaseLost and stops. Where a person has asked to
stop the sending, whatever ends it before the last block ends it as canceled.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.utils import timezone

from posts.models.attempt import Attempt, Verdict
from posts.states import HeldReason, State, Who

if TYPE_CHECKING:
    from posts.leases import Lease
    from posts.models.publication import Publication

Settlement = tuple[Attempt, Verdict] | None
Failure = dict[str, Any]  # code, message, what_to_do, retryable


class WorkerVerbs:
    def start_sending(self, lease: "Lease") -> None:
        """Begin. Raises ChannelBusy while another publication of the channel is sending."""
        publication = cast("Publication", self)
        # Counted before the work: a publication that kills its worker is not tried for ever.
        self._by_lease(
            State.SENDING, lease, "it is time", tries=publication.tries + 1, keep_lease=True
        )

    def take_over(self, lease: "Lease") -> None:
        """Go on with what a worker left behind."""
        self._by_lease(State.SENDING, lease, "another worker goes on", keep_lease=True)

    def defer(
        self,
        lease: "Lease",
        until: datetime,
        *,
        failure: Failure,
        settle: Settlement = None,
        **changes: Any,
    ) -> None:
        """A repeat can help: wait until then. The planned time stays."""
        self._give_up(
            State.SCHEDULED, lease, failure=failure, settle=settle, next_step_at=until, **changes
        )

    def hold(
        self,
        lease: "Lease",
        reason: HeldReason,
        *,
        failure: Failure,
        settle: Settlement = None,
        proposed_at: datetime | None = None,
    ) -> None:
        """Wait for a person: a choice, a reconnect, a new time, for which one may be proposed."""
        self._give_up(
            State.HELD,
            lease,
            failure=failure,
            settle=settle,
            held_reason=reason,
            proposed_at=proposed_at,
        )

    def fail(self, lease: "Lease", *, failure: Failure, settle: Settlement = None) -> None:
        self._give_up(State.FAILED, lease, failure=failure, settle=settle)

    def obey_cancel(self, lease: "Lease", *, settle: Settlement = None) -> None:
        """A person asked; not all of it has left, and now never will."""
        publication = cast("Publication", self)
        publication._move(
            State.CANCELED,
            who=Who.WORKER,
            by=publication.cancel_asked_by,
            lease=lease,
            because="canceled before all of it had left",
            settle=settle,
            lease_until=None,
        )

    def await_processing(self, lease: "Lease", poll_at: datetime) -> None:
        self._by_lease(State.PROCESSING, lease, "all bytes have arrived", next_step_at=poll_at)

    def await_fetch(self, lease: "Lease", poll_at: datetime) -> None:
        """The platform fetches it from here on. Who asked to stop is not forgotten by that."""
        with lease.fenced() as row:
            self._by_lease(
                State.PROCESSING,
                lease,
                "accepted, and fetched from here",
                next_step_at=timezone.now() if row.cancel_asked_at else poll_at,
                cancel_asked_at=row.cancel_asked_at,
                cancel_asked_by=row.cancel_asked_by,
            )

    def unconfirm(self, lease: "Lease", *, failure: Failure) -> None:
        """Nobody can know whether it is live; only a person, or the platform, can tell."""
        self._by_lease(State.UNCONFIRMED, lease, failure["message"], failure=failure)

    def publish(
        self, lease: "Lease", *, settle: Settlement, next_step_at: datetime | None, **found: Any
    ) -> None:
        """The platform says that it is out. `found` may hold platform_post_id and permalink."""
        self._by_lease(
            State.PUBLISHED,
            lease,
            "published",
            settle=settle,
            published_at=timezone.now(),
            next_step_at=next_step_at,
            by_word_of=None,
            **found,
        )

    def deliver(self, lease: "Lease", *, settle: Settlement, next_step_at: datetime | None) -> None:
        now = timezone.now()
        self._by_lease(
            State.DELIVERED,
            lease,
            "delivered to the creator's inbox",
            settle=settle,
            delivered_at=now,
            next_step_at=next_step_at,
            remind_at=cast("Publication", self).reminder_after(now, delivered_at=now),
        )

    def _give_up(
        self, to: State, lease: "Lease", *, failure: Failure, settle: Settlement, **changes: Any
    ) -> None:
        """Not now, or not at all; and what a person has asked to stop is canceled instead."""
        publication = cast("Publication", self)
        with lease.fenced() as row:
            if row.cancel_asked_at is not None:
                publication.cancel_asked_by_id = row.cancel_asked_by_id
                publication.obey_cancel(lease, settle=settle)
                return
            because = failure["message"]
            self._by_lease(to, lease, because, failure=failure, settle=settle, **changes)

    def _by_lease(
        self,
        to: State,
        lease: "Lease",
        because: str,
        *,
        keep_lease: bool = False,
        settle: Settlement = None,
        **changes: Any,
    ) -> None:
        publication = cast("Publication", self)
        if not keep_lease:
            changes |= {"lease_until": None}
        publication._move(
            to, who=Who.WORKER, lease=lease, because=because, settle=settle, **changes
        )
