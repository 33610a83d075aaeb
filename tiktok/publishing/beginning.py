"""A new attempt: the creator's settings of this moment, the intent, the init, its answer."""

from datetime import timedelta

from django.utils import timezone

from posts.errors import NotApproved
from posts.leases import Lease
from posts.models import Attempt, Mode, Publication, Verdict
from posts.parking import not_approved_failure
from posts.states import HeldReason
from tiktok import errors
from tiktok.calls import BEFORE_PUBLISHING, as_creator
from tiktok.checks import creator_findings, options_of, post_info, switched_off
from tiktok.chunks import ChunkPlan, plan
from tiktok.creator import creator_info
from tiktok.limits import UPLOAD_URL_SECONDS
from tiktok.models import PostMode, TikTokOptions
from tiktok.publishing.outcomes import settle_sending, trouble


def begin(publication: Publication, lease: Lease) -> Attempt | None:
    """Check with the creator's settings of this moment, write the intent, and init."""
    options = options_of(publication)
    [medium] = publication.shown_media
    chunks = plan(medium.size)
    info = None
    if options.mode == PostMode.DIRECT:
        info = creator_info(publication.channel)
        findings = creator_findings(publication, info)
        if findings:
            first = findings[0]
            failure = trouble(first.code, first.message, first.what_to_do)
            publication.hold(lease, HeldReason.CHOICE, failure=failure)
            return None
    body = post_info(publication, options, info) if info else None
    stay_off = switched_off(options, info) if info else []
    lease.check()
    attempt = _write_intent(publication, lease, options, chunks, stay_off)
    if attempt is None:
        publication.hold(lease, HeldReason.CHOICE, failure=not_approved_failure(NotApproved()))
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
        attempt.save()
    return attempt


def _write_intent(
    publication: Publication,
    lease: Lease,
    options: TikTokOptions,
    chunks: ChunkPlan,
    stay_off: list[str],
) -> Attempt | None:
    """The ledger's first line, before TikTok is asked; None when the content is not approved.

    What is compared with the Approval is what is in hand, since this is what TikTok is told.
    """
    if publication.approval is None or not publication.is_as_approved():
        return None
    with lease.still_ours():
        for name in stay_off:
            publication.note(f"{name} stay off: the creator has switched them off for the account")
        return Attempt.objects.create(
            publication=publication,
            number=publication.attempts.count() + 1,
            claimed_at=publication.claimed_at,
            mode=Mode(options.mode),
            digest=publication.approval.digest,
            size=chunks.size,
            chunk_size=chunks.chunk_size,
            chunk_count=chunks.count,
        )
