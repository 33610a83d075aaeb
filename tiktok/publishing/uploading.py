"""The bytes of an attempt, and what it means when they do not all arrive (Protocol 8.4, 8.5)."""

import logging

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from posts.errors import NotApproved
from posts.leases import Lease
from posts.media.sources import SourceError, SourceGone, source_for
from posts.models import Attempt, Publication, Verdict
from posts.parking import not_approved_failure
from posts.states import HeldReason
from tiktok import errors
from tiktok.publishing.guard import UploadGuard
from tiktok.publishing.outcomes import failure_of, settle_sending, trouble, try_later
from tiktok.publishing.pauses import FIRST_POLL
from tiktok.publishing.resuming import STATUS_CATCHES_UP, plan_of
from tiktok.upload_errors import (
    AddressNotTrusted,
    LastAnswerLost,
    SourceChanged,
    UploadExpired,
    UploadRefused,
)
from tiktok.uploads import Outcome, upload

log = logging.getLogger(__name__)


def send_bytes(publication: Publication, lease: Lease, attempt: Attempt) -> None:
    [medium] = publication.shown_media
    guard = UploadGuard(lease, attempt)
    never_finished = attempt.finishing_at is None
    chunks = plan_of(attempt)
    try:
        outcome = upload(
            chunks,
            source_for(default_storage, medium.storage_key),
            url=attempt.upload_url,
            api_url=settings.TIKTOK_API_URL,
            content_type=medium.content_type,
            guard=guard,
            confirmed=guard.confirmed,
            start=chunks.next_chunk_after(attempt.confirmed_bytes, exact=True),
            expected_sha256=medium.sha256,
        )
    except LastAnswerLost as error:
        _confirm_by_status(publication, lease, error)
    except SourceError as error:
        _settle_store_trouble(publication, lease, attempt, error, certain=never_finished)
    except NotApproved as error:
        settle = (attempt, Verdict.INCOMPLETE)
        failure = not_approved_failure(error)
        publication.hold(lease, HeldReason.CHOICE, failure=failure, settle=settle)
    except (UploadExpired, UploadRefused, SourceChanged, AddressNotTrusted) as error:
        _settle_dead_upload(publication, lease, attempt, error, certain=never_finished)
    else:
        if outcome is Outcome.COMPLETE:
            publication.await_processing(lease, timezone.now() + FIRST_POLL)
        else:
            _confirm_by_status(publication, lease, LastAnswerLost())


def _confirm_by_status(publication: Publication, lease: Lease, error: LastAnswerLost) -> None:
    """All bytes may be there: ask the status soon, from where an upload can still go on."""
    try_later(publication, lease, failure_of(error) | {"retryable": True}, after=2)


def _settle_store_trouble(
    publication: Publication, lease: Lease, attempt: Attempt, error: SourceError, *, certain: bool
) -> None:
    log.warning("our store failed: %s", error)
    if isinstance(error, SourceGone) and certain:
        publication.hold(
            lease,
            HeldReason.MEDIA,
            failure=trouble(
                "media_missing", "The video is not in our store any more.", "Upload it again."
            ),
            settle=(attempt, Verdict.INCOMPLETE),
        )
        return
    failure = trouble(
        "store_unreadable",
        "Our own store of videos does not answer.",
        "Nothing: we try again by ourselves.",
    )
    try_later(publication, lease, failure | {"retryable": True})


def _settle_dead_upload(
    publication: Publication,
    lease: Lease,
    attempt: Attempt,
    error: errors.TikTokError,
    *,
    certain: bool,
) -> None:
    """This upload can not go on. `certain`: no earlier worker had let the last block go.

    Then TikTok's refusal proves that bytes are missing for ever. Otherwise an earlier last block
    may have been the reason for the refusal, and only the status can tell.
    """
    again = isinstance(error, UploadExpired)
    if certain and again:
        failure = failure_of(error) | {"retryable": True}
        try_later(publication, lease, failure, settle=(attempt, Verdict.INCOMPLETE))
    elif certain:
        settle_sending(publication, lease, error, settle=(attempt, Verdict.INCOMPLETE))
    else:
        with lease.still_ours():
            if again:
                dead_at = timezone.now() + STATUS_CATCHES_UP
                attempt.address_expires_at = min(attempt.address_expires_at or dead_at, dead_at)
                attempt.save(update_fields=["address_expires_at"])
        try_later(publication, lease, failure_of(error) | {"retryable": True})
