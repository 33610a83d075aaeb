"""From the due time to the last byte, or to the moment from which TikTok fetches by itself.

The order is what makes exactly once possible (Protocol 5.6, 8.5): write the intent, init, store
the answer before any byte, store that the last block leaves before it does. Whatever dies in
between, the next worker reads the ledger, asks TikTok's status first, and goes on from there.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Health
from posts.errors import CancelAsked, ChannelBusy, HandOver, NotApproved
from posts.leases import Lease
from posts.models import Attempt, Publication, Source, Verdict
from posts.parking import hold_for_account, not_approved_failure, too_late_failure
from posts.preflight import blockers
from posts.states import HeldReason, State
from tiktok import errors
from tiktok.budgets import sending_opens_at
from tiktok.publishing.beginning import begin, prepare
from tiktok.publishing.outcomes import (
    HELD_FOR_FINDING,
    MOST_TRIES,
    give_up,
    settle_sending,
    trouble,
)
from tiktok.publishing.pulling import is_pulled, let_go, pull
from tiktok.publishing.resuming import is_of_older_content, resume
from tiktok.publishing.uploading import send_bytes

# For a channel that is busy: the one who is sending wakes us earlier.
BUSY_PAUSE, LONGEST_BUSY_PAUSE = timedelta(seconds=20), timedelta(minutes=5)
TOO_MANY_AT_ONCE = "TikTok takes only so many posts of an account in a minute: this one waits"


def send(publication: Publication, lease: Lease) -> None:
    """Take a scheduled or sending publication as far as it goes."""
    attempt = next((each for each in publication.ledger if each.is_open), None)
    is_new = publication.state == State.SCHEDULED
    if not is_new:
        publication.take_over(lease)
    elif not _begins(publication, lease, attempt):
        return
    try:
        if publication.cancel_asked_at is not None:
            raise CancelAsked
        _go_on(publication, lease, attempt, checked=is_new and attempt is None)
    except CancelAsked:
        _obey_cancel(publication, lease)
    except HandOver:
        lease.let_go()
    except errors.TikTokError as error:
        settle_sending(publication, lease, error)
    finally:
        Publication.wake_channel(publication.channel)


def _begins(publication: Publication, lease: Lease, attempt: Attempt | None) -> bool:
    """As `_may_begin`. It was perhaps the one that was woken: when it falls out of the line, by
    being held or by a person's act, the next one is woken in its place.
    """
    falls_out = True
    try:
        begins = _may_begin(publication, lease, attempt)
        falls_out = publication.state == State.HELD
    finally:
        if falls_out:
            Publication.wake_channel(publication.channel)
    return begins


def _may_begin(publication: Publication, lease: Lease, attempt: Attempt | None) -> bool:
    """Whether it may go into sending now; otherwise it is held, or waits."""
    is_safe = all(each.is_safe for each in publication.ledger)
    if is_safe and not _is_well_begun(attempt) and _hold(publication, lease):
        return False
    opens_at = None if _is_resumable(attempt) else sending_opens_at(publication.channel)
    if opens_at:
        publication.note_once(TOO_MANY_AT_ONCE)
        lease.wait_until(opens_at)
        return False
    try:
        publication.start_sending(lease)
    except ChannelBusy:
        # Whatever it waited for before is over: now it waits for the channel, to be woken.
        pause = min(BUSY_PAUSE * publication.count_ahead(most=30), LONGEST_BUSY_PAUSE)
        lease.wait_until(timezone.now() + pause, failure=None)
        # Who was sending may have ended just before, and woken nobody, since this was in hand.
        Publication.wake_channel(publication.channel)
        return False
    except NotApproved as error:
        publication.hold(lease, HeldReason.CHOICE, failure=not_approved_failure(error))
        return False
    return True


def _is_resumable(attempt: Attempt | None) -> bool:
    return attempt is not None and attempt.is_resumable


def _is_well_begun(attempt: Attempt | None) -> bool:
    """An upload of which TikTok has a part may finish within its hour, whatever has changed."""
    return (
        attempt is not None
        and attempt.is_resumable
        and attempt.confirmed_bytes > 0
        and not attempt.address_has_expired
    )


def _hold(publication: Publication, lease: Lease) -> bool:
    """Hold what can not begin now. False when nothing stands in the way."""
    held = _why_not_now(publication)
    if held is None:
        return False
    reason, failure = held
    if not publication.channel.is_usable:
        hold_for_account(publication, lease, reason, failure=failure)
    else:
        publication.hold(lease, reason, failure=failure)
    return True


def _why_not_now(publication: Publication) -> tuple[HeldReason, dict[str, object]] | None:
    """What must be mended before anything may begin, or None."""
    if publication.is_late:
        return HeldReason.LATE, too_late_failure(publication)
    found = blockers(publication, media=publication.shown_media)
    if not found:
        return None
    first = found[0]
    is_paused = publication.channel.health == Health.PAUSED
    reason = HeldReason.CHANNEL_PAUSED if is_paused else HELD_FOR_FINDING[first.about]
    return reason, trouble(first.code, first.message, first.what_to_do)


def _go_on(
    publication: Publication, lease: Lease, attempt: Attempt | None, *, checked: bool
) -> None:
    if publication.tries > MOST_TRIES and publication.is_safe:
        # Those who began it have died each time: it is not for another to try.
        give_up(publication, lease, _deadly(publication))
        return
    if attempt is not None:
        attempt = _take_up(publication, lease, attempt)
        if attempt is None and publication.state != State.SENDING:
            return
    if attempt is None and (checked or not _hold(publication, lease)):
        attempt = _begin(publication, lease)
    if attempt is not None:
        send_bytes(publication, lease, attempt)


def _take_up(publication: Publication, lease: Lease, attempt: Attempt) -> Attempt | None:
    """What was begun before, as far as it can go on. None when it is over: then either the
    publication has moved on, or it is still sending and may begin anew.
    """
    if attempt.source == Source.PULL:
        let_go(publication, lease, attempt)
        return None
    if attempt.publish_id is None or is_of_older_content(attempt):
        # No answer to the init was stored, or the content was approved anew since. Without its
        # last bytes nothing of it can appear (Protocol 5.6, 3).
        with lease.still_ours():
            attempt.settle(Verdict.INCOMPLETE)
        return None
    return resume(publication, lease, attempt)


def _begin(publication: Publication, lease: Lease) -> Attempt | None:
    """A new attempt whose bytes are to be sent. None: the publication has moved on."""
    prepared = prepare(publication, lease)
    if prepared is None:
        return None
    if is_pulled(publication, prepared) and pull(publication, lease, prepared):
        return None
    return begin(publication, lease, prepared)


def _deadly(publication: Publication) -> dict[str, object]:
    return trouble(
        "worker_died",
        f"Sending this post was begun {publication.tries} times, and never came to an end.",
        "Tell the operator: the log says what went wrong. Then try again.",
    )


def _obey_cancel(publication: Publication, lease: Lease) -> None:
    attempt = publication.open_attempt
    if attempt is not None and attempt.source == Source.PULL:
        if not let_go(publication, lease, attempt):
            return
        attempt = None
    publication.refresh_from_db(fields=["cancel_asked_by"])
    publication.obey_cancel(lease, settle=(attempt, Verdict.INCOMPLETE) if attempt else None)
