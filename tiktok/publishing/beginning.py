"""A new attempt: the creator's settings of this moment, the intent, the init, its answer.

Here the attempt is an upload. pulling.py has the ones whose bytes TikTok fetches.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from posts.errors import NotApproved
from posts.leases import Lease
from posts.models import Attempt, Media, Mode, Publication, Verdict
from posts.parking import not_approved_failure
from posts.states import HeldReason
from tiktok import errors
from tiktok.answers import CreatorInfo
from tiktok.calls import BEFORE_PUBLISHING, as_creator
from tiktok.checks import creator_findings, options_of, post_info, switched_off
from tiktok.chunks import plan
from tiktok.creator import creator_info
from tiktok.limits import UPLOAD_URL_SECONDS
from tiktok.models import PostMode, TikTokOptions
from tiktok.publishing.outcomes import settle_sending, trouble

ANSWER = ("publish_id", "upload_url_sealed", "answered_at", "address_expires_at", "last_answer")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was looked at just before an init."""

    options: TikTokOptions
    info: CreatorInfo | None  # None for a draft, of which TikTok need not be asked
    media: list[Media]


def prepare(publication: Publication, lease: Lease) -> Prepared | None:
    """Check with the creator's settings of this moment. None: it is held."""
    options = options_of(publication)
    info = None
    if options.mode == PostMode.DIRECT:
        info = creator_info(publication.channel, for_sending=True)
        findings = creator_findings(publication, info)
        if findings:
            first = findings[0]
            failure = trouble(first.code, first.message, first.what_to_do)
            publication.hold(lease, HeldReason.CHOICE, failure=failure)
            return None
    return Prepared(options, info, publication.shown_media)


def begin(publication: Publication, lease: Lease, prepared: Prepared) -> Attempt | None:
    """Write the intent, and init an upload. None: the publication has moved on."""
    [medium] = prepared.media
    chunks = plan(medium.size)
    info = prepared.info
    body = post_info(publication, prepared.options, info) if info else None
    sizes = {"chunk_size": chunks.chunk_size, "chunk_count": chunks.count}
    attempt = write_intent(publication, lease, prepared, size=chunks.size, **sizes)
    if attempt is None:
        return None
    asked_at = timezone.now()
    try:
        target = as_creator(
            publication.channel,
            lambda client: (
                client.start_video(body, chunks) if body else client.start_inbox_video(chunks)
            ),
            alive_for=BEFORE_PUBLISHING,
        )
    except errors.TikTokError as error:
        # Without bytes nothing can appear, whatever TikTok did with the init.
        settle_sending(publication, lease, error, settle=(attempt, Verdict.INCOMPLETE))
        return None
    attempt.publish_id = target.publish_id
    attempt.upload_url = target.upload_url
    attempt.answered_at = timezone.now()
    attempt.address_expires_at = asked_at + timedelta(seconds=UPLOAD_URL_SECONDS)
    attempt.last_answer = {"log_id": target.log_id}
    with lease.still_ours():
        attempt.save(update_fields=ANSWER)
    return attempt


def write_intent(
    publication: Publication, lease: Lease, prepared: Prepared, **figures: Any
) -> Attempt | None:
    """The ledger's first line, before TikTok is asked. None when the content is not approved:
    then it is held.

    What is compared with the Approval is what is in hand, since this is what TikTok is told.
    """
    lease.check()
    approval = publication.approval
    if approval is None or not publication.is_as_approved():
        failure = not_approved_failure(NotApproved())
        publication.hold(lease, HeldReason.CHOICE, failure=failure)
        return None
    with lease.still_ours():
        for name in switched_off(prepared.options, prepared.info):
            publication.note(f"{name} stay off: the creator has switched them off for the account")
        attempt = Attempt.objects.create(
            publication=publication,
            number=len(publication.ledger) + 1,
            claimed_at=publication.claimed_at,
            mode=Mode(prepared.options.mode),
            digest=approval.digest,
            **figures,
        )
    publication.ledger.append(attempt)
    return attempt
