"""What happens to a channel's posts when the channel can not be used, and when it can again."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Channel, User
from posts.errors import IllegalMove, NotApproved
from posts.leases import Lease
from posts.models import Publication, Source, Verdict
from posts.models.publication_query import PublicationQuerySet
from posts.models.worker_verbs import Settlement
from posts.preflight import blockers
from posts.states import HeldReason, State, Who

log = logging.getLogger(__name__)

FOR_THE_ACCOUNT = (HeldReason.RECONNECT, HeldReason.CHANNEL_PAUSED)
WHAT_TO_DO = {
    HeldReason.RECONNECT: "Connect the account again on the Accounts page: then its posts go on.",
    HeldReason.CHANNEL_PAUSED: "Let the account go on, on the Accounts page: then its posts do.",
}
# Longer than anybody needs from holding an account's posts to ending the account itself.
FORGOTTEN_AFTER = timedelta(minutes=5)


def park(
    channel: Channel,
    *,
    because: str,
    by: User | None = None,
    reason: HeldReason = HeldReason.RECONNECT,
) -> list[Publication]:
    """Hold everything of `channel` that waits for its time; returns what was held.

    What may already be on its way stays where it is: its worker, or the platform, ends it.
    """
    failure = _failure(reason, because)

    def hold(publication: Publication) -> bool:
        _hold(publication, reason, because=because, by=by, failure=failure)
        return True

    waiting = Publication.objects.filter(channel=channel, state=State.SCHEDULED)
    return _each_that_still(waiting, hold)


def stop_unfetched(channel: Channel, *, because: str, by: User | None = None) -> list[Publication]:
    """Close what the platform has been told of and has not begun to fetch: nothing of it goes out
    any more. Returns what is held by that; what a worker has in hand just now, the worker holds.
    """
    failure = _failure(HeldReason.RECONNECT, because)

    def stop(publication: Publication) -> bool:
        attempt = publication.open_attempt
        if attempt is None or not attempt.close_addresses_if_unseen():
            return False
        if publication.state != State.PROCESSING or not publication.is_safe:
            return False  # closed all the same
        attempt.settle(Verdict.INCOMPLETE)
        _hold(publication, HeldReason.RECONNECT, because=because, by=by, failure=failure)
        return True

    told_of = Publication.objects.filter(
        channel=channel, attempts__source=Source.PULL, attempts__verdict=Verdict.OPEN
    )
    return _each_that_still(told_of, stop)


def unpark(
    channel: Channel, *, by: User | None = None, because: str = "the account is connected again"
) -> list[Publication]:
    """Let what waited for the channel go on; returns what does.

    What has become late, or is not the approved content any more, asks its person first.
    """
    waiting = Publication.objects.filter(
        channel=channel, state=State.HELD, held_reason__in=FOR_THE_ACCOUNT
    )
    # What is on its way could not be asked about meanwhile.
    on_its_way = Publication.objects.filter(channel=channel, state=State.PROCESSING)
    on_its_way.unclaimed().update(next_step_at=timezone.now())
    return resume_all(waiting, because=because, by=by)


def resume_all(
    waiting: PublicationQuerySet, *, because: str, by: User | None = None
) -> list[Publication]:
    """Let what is held go on; returns what does. The late rule and the Approval are asked."""

    def resume(publication: Publication) -> bool:
        if publication.is_late:
            late = f"{because}, but its time has passed"
            failure = too_late_failure(publication)
            _hold(publication, HeldReason.LATE, because=late, by=by, failure=failure)
            return False
        try:
            publication._move(
                State.SCHEDULED,
                who=Who.DISPATCHER,
                by=by,
                because=because,
                next_step_at=publication.due_at,
                tries=0,
            )
        except NotApproved as error:
            changed = f"{because}, but the content has changed since it was approved"
            failure = not_approved_failure(error)
            _hold(publication, HeldReason.CHOICE, because=changed, by=by, failure=failure)
            return False
        return True

    return _each_that_still(waiting, resume)


def unpark_forgotten() -> list[Publication]:
    """Let go on what is held for an account that can be used: who mended it has died before its
    posts were told. What must be mended besides, such as a permission, is waited for.
    """
    forgotten = Publication.objects.filter(
        channel__in=Channel.objects.usable(),
        state=State.HELD,
        held_reason__in=FOR_THE_ACCOUNT,
        moved_at__lt=timezone.now() - FORGOTTEN_AFTER,
    )
    ready = [row.pk for row in forgotten if not blockers(row, media=row.shown_media)]
    return resume_all(forgotten.filter(pk__in=ready), because="the account can be used")


def hold_for_account(
    publication: Publication,
    lease: Lease,
    reason: HeldReason,
    *,
    failure: dict[str, object],
    settle: Settlement = None,
) -> None:
    """Hold what a worker could not send for its account.

    Whoever mended the account meanwhile did not see it among what waits, so it is let go on here.
    """
    publication.hold(lease, reason, failure=failure, settle=settle)
    publication.channel.refresh_from_db()
    if publication.channel.is_usable:
        unpark(publication.channel)


def too_late_failure(publication: Publication) -> dict[str, object]:
    minutes = int(publication.late_limit.total_seconds() // 60)
    ago = "a minute" if minutes == 1 else f"{minutes} minutes"
    return {
        "code": "late",
        "message": f"Its time passed more than {ago} ago, so it did not go out.",
        "what_to_do": "Choose a new time, or let it go out now.",
        "retryable": False,
    }


def not_approved_failure(error: NotApproved) -> dict[str, object]:
    return {
        "code": "not_approved",
        "message": str(error),
        "what_to_do": "Look at it and schedule it again.",
        "retryable": False,
    }


def _failure(reason: HeldReason, because: str) -> dict[str, object]:
    return {
        "code": str(reason),
        "message": because,
        "what_to_do": WHAT_TO_DO[reason],
        "retryable": False,
    }


def _each_that_still(
    waiting: PublicationQuerySet, act: Callable[[Publication], bool]
) -> list[Publication]:
    """Those of `waiting` for which `act` says yes. A person may be faster: each is looked at anew,
    under its lock."""
    done = []
    for publication in waiting:
        try:
            with transaction.atomic():
                row = Publication.locked(publication.pk)
                is_as_seen = (row.state, row.held_reason) == (
                    publication.state,
                    publication.held_reason,
                )
                if is_as_seen and act(row):
                    done.append(row)
        except IllegalMove as error:
            log.info("publication %s stays %s: %s", publication.pk, publication.state, error)
    return done


def _hold(
    publication: Publication,
    reason: HeldReason,
    *,
    because: str,
    by: User | None,
    failure: dict[str, object],
) -> None:
    publication._move(
        State.HELD,
        who=Who.DISPATCHER,
        by=by,
        because=because,
        held_reason=reason,
        failure=failure,
    )
