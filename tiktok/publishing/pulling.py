"""What TikTok fetches from here: photos always, a video if the operator likes (Protocol 7, 8.7).

Once TikTok has heard of the addresses the post goes on by itself, whether or not we get the answer
(Protocol 5.6). What we can do is close the addresses: what nobody had begun to fetch by then can
never appear, and it is safe to begin again with new ones.
"""

import logging
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils import timezone

from accounts.models import Channel, Health
from posts.leases import Lease
from posts.models import (
    Attempt,
    Notification,
    NotificationKind,
    Publication,
    Source,
    Verdict,
    all_photos,
)
from posts.models.notification import UNTIL_IT_MOVES
from posts.notifications import named, tell
from posts.pulling import is_reachable, open_addresses
from posts.states import HeldReason
from tiktok import errors
from tiktok.answers import PullStarted
from tiktok.calls import BEFORE_PUBLISHING, as_creator
from tiktok.checks import photo_words, post_info
from tiktok.client import TikTokClient
from tiktok.publishing.beginning import Prepared, write_intent
from tiktok.publishing.outcomes import (
    failed_pulls,
    may_fall_back,
    settle_sending,
    trouble,
    try_later,
)
from tiktok.publishing.pauses import FIRST_POLL

log = logging.getLogger(__name__)


def is_pulled(publication: Publication, prepared: Prepared) -> bool:
    """Whether TikTok fetches it. A video that it could not fetch is uploaded in the end."""
    return all_photos(prepared.media) or (
        settings.TIKTOK_VIDEO_SOURCE == "pull" and not may_fall_back(publication)
    )


def pull(publication: Publication, lease: Lease, prepared: Prepared) -> bool:
    """Write the intent, open the addresses, and init.

    False when it can only be uploaded; otherwise the publication has moved on.
    """
    call = _call(publication, prepared)
    intent = _write_intent(publication, lease, prepared)
    if intent is None:
        return True
    attempt, addresses = intent
    if failed_pulls(publication) and not is_reachable(addresses[0], prepared.media[0]):
        return _settle_unreachable(publication, lease, attempt, prepared)
    if Channel.objects.filter(pk=publication.channel_id, health=Health.DISCONNECTED).exists():
        return _settle_refused(publication, lease, attempt, _disconnected(), prepared)
    lease.check()
    with lease.still_ours():
        pass  # after the init nothing of ours stands between TikTok and the post
    try:
        started = as_creator(
            publication.channel,
            lambda client: call(client, addresses),
            alive_for=BEFORE_PUBLISHING,
        )
    except errors.TikTokError as error:
        return _settle_refused(publication, lease, attempt, error, prepared)
    with lease.fenced() as row:
        attempt.publish_id = started.publish_id
        attempt.answered_at = timezone.now()
        attempt.last_answer = {"log_id": started.log_id}
        attempt.save(update_fields=["publish_id", "answered_at", "last_answer"])
        if row.cancel_asked_at is not None and attempt.close_addresses_if_unseen():
            publication.cancel_asked_by_id = row.cancel_asked_by_id
            publication.obey_cancel(lease, settle=(attempt, Verdict.INCOMPLETE))
        elif attempt.is_safe:  # somebody has closed the addresses
            settle_sending(
                publication, lease, _disconnected(), settle=(attempt, Verdict.INCOMPLETE)
            )
        else:
            publication.await_fetch(lease, timezone.now() + FIRST_POLL)
    return True


def _disconnected() -> errors.NeedsReconnect:
    return errors.NeedsReconnect("disconnected while TikTok was to be told of it")


def let_go(publication: Publication, lease: Lease, attempt: Attempt) -> bool:
    """Go on after a worker that has died, or was cut off, between the intent and the answer.

    True when nothing of it can appear, and something new may begin.
    """
    with lease.fenced():
        unseen = attempt.close_addresses_if_unseen()
        if unseen:
            attempt.settle(Verdict.INCOMPLETE)
    if unseen:
        return True
    if attempt.publish_id is not None:
        publication.await_fetch(lease, timezone.now() + FIRST_POLL)
    else:
        _unconfirm(publication, lease, attempt)
    return False


def ask_to_stop(publication: Publication, lease: Lease, attempt: Attempt) -> None:
    """A person wants it stopped, and it is being fetched: only TikTok can (Protocol 8.7).

    What became of it is for the status to say.
    """
    publish_id = attempt.publish_id or ""
    try:
        as_creator(publication.channel, lambda client: client.cancel(publish_id))
    except errors.NotCancellable as error:
        with lease.fenced() as row:
            row.cancel_asked_at = row.cancel_asked_by = None
            row.save(update_fields=["cancel_asked_at", "cancel_asked_by"])
            row.note("too late to stop it", details={"log_id": error.log_id})
    except errors.TikTokError as error:
        # The next poll asks again.
        log.warning("publication %s was not stopped: %s", publication.pk, error)
    else:
        with lease.fenced() as row:
            row.note("TikTok was asked to stop, and says that it does")


def tell_if_nobody_came(publication: Publication, lease: Lease, attempt: Attempt) -> None:
    """TikTok took the post and does not come for it: no failure yet, but somebody should look."""
    key = f"{UNTIL_IT_MOVES}nobody-came-{attempt.pk}"
    if attempt.source != Source.PULL or not publication.nobody_came:
        return
    if Notification.objects.filter(key=key).exists():
        return
    with lease.fenced() as row:
        row.note("TikTok has accepted it, but has not begun to fetch it")
        tell(
            row.post.workspace,
            NotificationKind.ATTENTION,
            key=key,
            subject=f"{named(row)} waits: TikTok does not come for it",
            text="TikTok has accepted this post, but has fetched nothing of it for half an hour. "
            "Perhaps the address of this site can not be reached from the internet: ask the "
            "operator to look at MEDIA_PUBLIC_URL. It stays open for TikTok; its page lets you "
            "stop it.",
            publication=row,
        )


def give_up_fetch(publication: Publication, lease: Lease) -> bool:
    """Close the addresses of what TikTok is silent about, and know by that what it can not be.

    False when nothing is known by that: it is no fetch, or one that TikTok had accepted and begun.
    """
    attempt = publication.open_attempt
    if attempt is None or attempt.source != Source.PULL:
        return False
    with lease.fenced():
        unseen = attempt.close_addresses()
    if not unseen and attempt.publish_id is None:
        _unconfirm(publication, lease, attempt)
    if not unseen:
        return attempt.publish_id is None
    failure = trouble(
        "never_fetched",
        "TikTok accepted this post, but never came to fetch it.",
        "Try again; if that does not help, tell the operator.",
    )
    try_later(publication, lease, failure, settle=(attempt, Verdict.INCOMPLETE))
    return True


def _call(
    publication: Publication, prepared: Prepared
) -> Callable[[TikTokClient, Sequence[str]], PullStarted]:
    """The init, for the addresses that it will be given. Raises RefusedHere."""
    options, info = prepared.options, prepared.info
    if all_photos(prepared.media):
        words = photo_words(publication, options, info)
        cover = options.photo_cover_index
        return lambda client, addresses: client.start_photos(words, addresses, cover=cover)
    if info is None:
        return lambda client, addresses: client.start_pulled_inbox_video(addresses[0])
    post = post_info(publication, options, info)
    return lambda client, addresses: client.start_pulled_video(post, addresses[0])


def _write_intent(
    publication: Publication, lease: Lease, prepared: Prepared
) -> tuple[Attempt, list[str]] | None:
    """The attempt and its addresses in one transaction: neither is ever without the other."""
    with lease.still_ours():
        attempt = write_intent(
            publication,
            lease,
            prepared,
            source=Source.PULL,
            size=sum(medium.size for medium in prepared.media),
            chunk_size=0,
            chunk_count=0,
        )
        return (attempt, open_addresses(attempt, prepared.media)) if attempt else None


def _settle_refused(
    publication: Publication,
    lease: Lease,
    attempt: Attempt,
    error: errors.TikTokError,
    prepared: Prepared,
) -> bool:
    """The init brought an error: False when the video is to be uploaded instead."""
    with lease.fenced():
        unseen = attempt.close_addresses()
    if not unseen and not error.outcome_known:
        _unconfirm(publication, lease, attempt, error)
        return True
    # Nothing was begun at TikTok; or something was that will find nothing to fetch.
    settle = (attempt, Verdict.INCOMPLETE if unseen else Verdict.FAILED)
    if isinstance(error, errors.UrlNotVerified) and not all_photos(prepared.media):
        with lease.fenced() as row:
            attempt.settle(settle[1])
            row.note(f"{error.for_people} So we upload the video.", details={"code": error.code})
        return False
    settle_sending(publication, lease, error, settle=settle)
    return True


def _settle_unreachable(
    publication: Publication, lease: Lease, attempt: Attempt, prepared: Prepared
) -> bool:
    """TikTok could not fetch, and our own address does not answer us either."""
    if not all_photos(prepared.media):
        with lease.fenced() as row:
            attempt.settle(Verdict.INCOMPLETE)
            row.note("our address does not answer, so we upload the video")
        return False
    failure = trouble(
        "address_unreachable",
        "TikTok could not fetch the photos, and the address where they lie does not answer.",
        "Tell the operator: MEDIA_PUBLIC_URL must lead here, from the internet as well.",
    )
    settle = (attempt, Verdict.INCOMPLETE)
    publication.hold(lease, HeldReason.CONFIGURATION, failure=failure, settle=settle)
    return True


def _unconfirm(
    publication: Publication,
    lease: Lease,
    attempt: Attempt,
    error: errors.TikTokError | None = None,
) -> None:
    """TikTok has fetched something, and nobody told us as what: only a person can find out."""
    with lease.fenced():
        attempt.close_addresses()
    failure = trouble(
        "pull_unanswered",
        "TikTok's answer to this post was lost, but it has begun to fetch it: it may be live, or "
        "may still appear.",
        "Look at the account in TikTok, then say here whether the post is live.",
    )
    if error is not None:
        failure |= {"log_id": error.log_id, "technical": str(error)[:500]}
    publication.unconfirm(lease, failure=failure)
