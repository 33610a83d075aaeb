"""From the due time to the last byte.

The order is what makes exactly once possible (Protocol 5.6, 8.5): write the intent, init, store
the answer before any byte, store that the last block leaves before it does. Whatever dies in
between, the next worker reads the ledger, asks TikTok's status first, and goes on from there.
"""

from datetime import timedelta

from django.utils import timezone

from posts.errors import CancelAsked, ChannelBusy, HandOver, NotApproved
from posts.leases import Lease
from posts.models import Attempt, Publication, Verdict
from posts.parking import too_late_failure
from posts.states import HeldReason, State
from tiktok import errors
from tiktok.checks import local_findings
from tiktok.publishing.beginning import begin
from tiktok.publishing.outcomes import (
    settle_sending,
    trouble,
)
from tiktok.publishing.resuming import is_of_older_content, resume
from tiktok.publishing.uploading import send_bytes

BUSY_PAUSE = timedelta(seconds=20)  # the one who is sending wakes us earlier


def send(publication: Publication, lease: Lease) -> None:
    """Take a scheduled or sending publication as far as it goes."""
    attempt = publication.open_attempt
    if publication.state == State.SCHEDULED:
        if not _may_begin(publication, lease, attempt):
            return
    else:
        publication.take_over(lease)
    try:
        _go_on(publication, lease, attempt)
    except CancelAsked:
        _obey_cancel(publication, lease)
    except HandOver:
        lease.let_go()
    except errors.TikTokError as error:
        settle_sending(publication, lease, error)
    finally:
        Publication.wake_channel(publication.channel)


def _may_begin(publication: Publication, lease: Lease, attempt: Attempt | None) -> bool:
    """Whether it may go into sending now; otherwise it is held, or waits."""
    if publication.is_safe and not (attempt and attempt.is_resumable and attempt.confirmed_bytes):
        held = _why_not_now(publication)
        if held:
            reason, failure = held
            publication.hold(lease, reason, failure=failure)
            return False
    try:
        publication.start_sending(lease)
    except ChannelBusy:
        lease.wait_until(timezone.now() + BUSY_PAUSE)
        return False
    except NotApproved as error:
        failure = trouble("not_approved", str(error), "Look at it and schedule it again.")
        publication.hold(lease, HeldReason.CHOICE, failure=failure)
        return False
    return True


def _why_not_now(publication: Publication) -> tuple[HeldReason, dict[str, object]] | None:
    """What must be mended before anything may begin, or None."""
    channel = publication.channel
    if publication.is_late:
        return HeldReason.LATE, too_late_failure(publication)
    if not channel.is_usable:
        reason = HeldReason.CHANNEL_PAUSED if channel.health == "paused" else HeldReason.RECONNECT
        message = f"{channel} could not be used: {channel.get_health_display().lower()}."
        return reason, trouble("channel_unusable", message, "Reconnect it on the Accounts page.")
    media = publication.shown_media
    if not media or not all(medium.is_ready for medium in media):
        message = "The video of this post is not there any more."
        return HeldReason.MEDIA, trouble("media_missing", message, "Choose a video again.")
    findings = local_findings(publication)
    if findings:
        first = findings[0]
        return HeldReason.CHOICE, trouble(first.code, first.message, first.what_to_do)
    return None


def _go_on(publication: Publication, lease: Lease, attempt: Attempt | None) -> None:
    if attempt is not None and (attempt.publish_id is None or is_of_older_content(attempt)):
        # No answer to the init was stored, or the content was approved anew since. Without its
        # last bytes nothing of it can appear (Protocol 5.6, 3).
        with lease.fenced():
            attempt.settle(Verdict.INCOMPLETE)
        attempt = None
    if attempt is not None:
        attempt = resume(publication, lease, attempt)
        if attempt is None and publication.state != State.SENDING:
            return
    if attempt is None:
        if publication.is_late:
            publication.hold(lease, HeldReason.LATE, failure=too_late_failure(publication))
            return
        attempt = begin(publication, lease)
        if attempt is None:
            return
    send_bytes(publication, lease, attempt)


def _obey_cancel(publication: Publication, lease: Lease) -> None:
    attempt = publication.open_attempt
    publication.refresh_from_db(fields=["cancel_asked_by"])
    publication.obey_cancel(lease, settle=(attempt, Verdict.INCOMPLETE) if attempt else None)
