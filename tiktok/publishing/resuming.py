"""Going on with what an earlier worker or try has begun: status first (Protocol 8.5)."""

from datetime import timedelta

from django.utils import timezone

from posts.leases import Lease
from posts.models import Attempt, Publication, Verdict
from tiktok import errors
from tiktok.answers import PostStatus
from tiktok.calls import as_creator
from tiktok.chunks import ChunkPlan
from tiktok.publishing.outcomes import failure_of
from tiktok.publishing.pauses import FIRST_POLL
from tiktok.publishing.polling import act_on_status
from tiktok.upload_errors import Interrupted

ENDS = ("PUBLISH_COMPLETE", "SEND_TO_USER_INBOX", "FAILED")
# TikTok's status may lag behind what its own upload service has taken: only after so long does
# a status prove that a block which has left did not arrive.
STATUS_CATCHES_UP = timedelta(minutes=2)


def resume(publication: Publication, lease: Lease, attempt: Attempt) -> Attempt | None:
    """Ask TikTok how far `attempt` came. The attempt when bytes are still missing.

    None when it is over: then either the publication has moved on, or it is still sending and
    may begin a new attempt.
    """
    publish_id = attempt.publish_id or ""
    try:
        status = as_creator(publication.channel, lambda client: client.post_status(publish_id))
    except errors.UnknownPublishId as error:
        if attempt.finishing_at is None:
            with lease.still_ours():
                attempt.settle(Verdict.INCOMPLETE)
            return None
        publication.unconfirm(lease, failure=failure_of(error))
        return None
    except errors.TikTokError as error:
        if attempt.is_safe or (error.retryable and not attempt.address_has_expired):
            raise
        # We can not ask, all bytes may be there, and nothing can be added: poll until we can.
        publication.await_processing(lease, timezone.now() + FIRST_POLL)
        return None
    received = status.uploaded_bytes
    if not _lacks_bytes(attempt, status):
        act_on_status(publication, lease, attempt, status)
        return None
    if attempt.address_has_expired:
        _end_without_address(publication, lease, attempt)
        return None
    with lease.fenced() as row:
        attempt.last_status = status.status
        if received is not None:
            attempt.confirmed_bytes = plan_of(attempt).first(
                plan_of(attempt).next_chunk_after(received, exact=True)
            )
        attempt.save(update_fields=["last_status", "confirmed_bytes"])
        row.note(
            "the upload goes on where it stopped",
            details={"confirmed_bytes": attempt.confirmed_bytes, "size": attempt.size},
        )
    return attempt


def _end_without_address(publication: Publication, lease: Lease, attempt: Attempt) -> None:
    """TikTok's status says that bytes are missing, and they can never come any more."""
    if status_proves_a_lack(attempt):
        with lease.still_ours():
            attempt.settle(Verdict.INCOMPLETE)
    elif attempt.sent_at:
        publication.await_processing(lease, timezone.now() + FIRST_POLL)
    else:
        raise Interrupted("bytes are missing and the address is dead, if the status is right")


def status_proves_a_lack(attempt: Attempt) -> bool:
    """Whether bytes are missing when TikTok's status says so.

    Not where they all were taken when they were sent: then only TikTok can say which of the two
    is right. And not just after the last block has left.
    """
    left_at = attempt.finishing_at
    caught_up = left_at is None or timezone.now() >= left_at + STATUS_CATCHES_UP
    return caught_up and attempt.sent_at is None


def _lacks_bytes(attempt: Attempt, status: PostStatus) -> bool:
    """Whether bytes are missing, so that the upload has to go on."""
    received = status.uploaded_bytes
    if attempt.finishing_at is None:
        # The last block has never left: whatever TikTok calls that, it still waits for it.
        return status.status not in ENDS and (received is None or received < attempt.size)
    waits = status.status == "PROCESSING_UPLOAD"
    return waits and received is not None and received < attempt.size


def is_of_older_content(attempt: Attempt) -> bool:
    approval = attempt.publication.approval
    return attempt.is_safe and approval is not None and approval.digest != attempt.digest


def plan_of(attempt: Attempt) -> ChunkPlan:
    return ChunkPlan(attempt.size, attempt.chunk_size, attempt.chunk_count)
