"""From the last byte to TikTok's verdict, and to the public link (Protocol 10).

An error while asking never moves a publication: it says nothing about the post itself.
"""

import logging
from datetime import datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from posts.leases import Lease
from posts.models import Attempt, Publication, Verdict
from posts.states import MACHINE_MAY_STATES, State
from tiktok import errors
from tiktok.answers import PostStatus
from tiktok.calls import as_creator
from tiktok.checks import options_of
from tiktok.fail_reasons import failure_from_reason
from tiktok.limits import RATE_LIMIT_PAUSE_SECONDS
from tiktok.publishing.outcomes import failure_of, settle_failed, trouble

log = logging.getLogger(__name__)

FIRST_POLL = timedelta(seconds=5)
GIVE_UP = timedelta(hours=24)
PUBLIC = "PUBLIC_TO_EVERYONE"
LONGEST_ID = 64  # characters; TikTok's have 19 digits
LONGEST_LINK = 500  # characters; a handle of strange letters may take twelve for each
# (until this age, ask again after), counted from the last byte.
POLLS = (
    (timedelta(seconds=20), timedelta(seconds=5)),
    (timedelta(minutes=1), timedelta(seconds=10)),
    (timedelta(minutes=2), timedelta(seconds=20)),
    (timedelta(minutes=5), timedelta(seconds=30)),
    (timedelta(minutes=30), timedelta(minutes=1)),
    (GIVE_UP, timedelta(minutes=15)),
)
# The public id of a published post comes after moderation: seconds, sometimes hours.
LINK_POLLS = (
    (timedelta(minutes=1), timedelta(seconds=5)),
    (timedelta(minutes=5), timedelta(minutes=1)),
    (timedelta(minutes=15), timedelta(minutes=5)),
    (timedelta(hours=1), timedelta(minutes=15)),
    (GIVE_UP, timedelta(hours=3)),
)
# A draft may be posted days later, or never.
DRAFT_POLLS = (
    (timedelta(hours=1), timedelta(minutes=1)),
    (timedelta(hours=24), timedelta(minutes=15)),
    (timedelta(days=7), timedelta(hours=3)),
)


def poll(publication: Publication, lease: Lease) -> None:
    """Ask TikTok once what became of the publication, and act on the answer."""
    attempt = publication.attempts.exclude(publish_id=None).last()
    if attempt is None or attempt.publish_id is None:
        _give_up(publication, lease)
        return
    publish_id = attempt.publish_id
    try:
        status = as_creator(publication.channel, lambda client: client.post_status(publish_id))
    except errors.UnknownPublishId as error:
        if publication.state == State.PROCESSING:
            publication.unconfirm(lease, failure=failure_of(error))
        else:
            lease.finish()
    except errors.TikTokError as error:
        log.warning("asking for the status failed: %s", error)
        _ask_later(publication, lease, attempt, at_least=_pause_after(error))
    else:
        act_on_status(publication, lease, attempt, status)


def act_on_status(
    publication: Publication, lease: Lease, attempt: Attempt, status: PostStatus
) -> None:
    """Turn TikTok's word into a verb."""
    with lease.fenced():
        attempt.polls += 1
        attempt.last_status = status.status[:60]  # a word that we know is shorter
        attempt.last_answer = _remembered(status)
        if status.uploaded_bytes is not None:
            attempt.confirmed_bytes = max(
                attempt.confirmed_bytes, min(status.uploaded_bytes, attempt.size)
            )
        if attempt.confirmed_bytes == attempt.size:
            # TikTok has everything, whoever sent it: from here on nothing can be stopped.
            now = timezone.now()
            attempt.finishing_at, attempt.sent_at = (
                attempt.finishing_at or now,
                attempt.sent_at or now,
            )
        attempt.save(
            update_fields=[
                "polls",
                "last_status",
                "last_answer",
                "confirmed_bytes",
                "finishing_at",
                "sent_at",
            ]
        )
    match status.status:
        case "PUBLISH_COMPLETE":
            _published(publication, lease, attempt, status)
        case "SEND_TO_USER_INBOX" if publication.state not in MACHINE_MAY_STATES:
            publication.deliver(
                lease,
                settle=(attempt, Verdict.DELIVERED),
                next_step_at=_next_poll(timezone.now(), DRAFT_POLLS),
            )
        case "FAILED" if publication.by_word_of_id is not None:
            _contradict(lease, attempt, status)
        case "FAILED" if publication.state != State.PUBLISHED:
            reason = failure_from_reason(status.fail_reason)
            settle_failed(publication, lease, attempt, reason, status.log_id)
        case _ if publication.state == State.SENDING:
            publication.await_processing(lease, timezone.now() + FIRST_POLL)
        case _:
            _ask_later(publication, lease, attempt)


def _published(
    publication: Publication, lease: Lease, attempt: Attempt, status: PostStatus
) -> None:
    link = _link(publication, status)
    waits_for_link = not link and options_of(publication).privacy_level in {PUBLIC, ""}
    if publication.state == State.PUBLISHED:
        _confirm(lease, attempt, link)
        if waits_for_link:
            _ask_later(publication, lease, attempt)
        else:
            lease.finish()
        return
    publication.publish(
        lease,
        settle=(attempt, Verdict.PUBLISHED),
        next_step_at=_next_poll(timezone.now(), LINK_POLLS) if waits_for_link else None,
        **link,
    )


def _confirm(lease: Lease, attempt: Attempt, link: dict[str, str]) -> None:
    """It counted as published already: TikTok confirms a person's word, or tells the link."""
    with lease.fenced() as row:
        if row.by_word_of_id is not None:
            attempt.settle(Verdict.PUBLISHED)
            row.by_word_of = None
            row.save(update_fields=["by_word_of"])
            row.note("TikTok confirms that it is live")
        if link:
            row.platform_post_id, row.permalink = link["platform_post_id"], link["permalink"]
            row.save(update_fields=["platform_post_id", "permalink"])
            row.note("TikTok says where it can be seen", details=link)


def _contradict(lease: Lease, attempt: Attempt, status: PostStatus) -> None:
    """A person's word stands until they take it back; but they are told."""
    reason = failure_from_reason(status.fail_reason)
    with lease.fenced() as row:
        attempt.settle(Verdict.FAILED)
        row.note(f"TikTok says otherwise: {reason.for_people}", details=_remembered(status))
    lease.finish()


def _link(publication: Publication, status: PostStatus) -> dict[str, str]:
    post_id = next((each for each in status.public_ids if len(each) <= LONGEST_ID), None)
    if post_id is None:
        return {}
    handle = publication.channel.username
    place = f"@{quote(handle)}/video/{quote(post_id, safe='')}"
    permalink = f"{settings.TIKTOK_SITE_URL}/{place}" if handle else ""
    if len(permalink) > LONGEST_LINK:
        permalink = ""
    return {"platform_post_id": post_id, "permalink": permalink}


def _ask_later(
    publication: Publication,
    lease: Lease,
    attempt: Attempt,
    *,
    at_least: timedelta = timedelta(0),
) -> None:
    since, plan = {
        State.PUBLISHED: (publication.published_at, LINK_POLLS),
        State.DELIVERED: (publication.delivered_at, DRAFT_POLLS),
    }.get(State(publication.state), (attempt.sent_at or publication.moved_at, POLLS))
    following = _next_poll(since or timezone.now(), plan)
    if following is None:
        _give_up(publication, lease)
    else:
        lease.wait_until(max(following, timezone.now() + at_least))


def _give_up(publication: Publication, lease: Lease) -> None:
    """Nobody answers any more. Only what is still processing is in doubt by that."""
    if publication.state != State.PROCESSING:
        lease.finish()
        return
    publication.unconfirm(
        lease,
        failure=trouble(
            "no_answer",
            "TikTok has not said within 24 hours what became of this post.",
            "Look at the account in TikTok, then say here whether the post is live.",
        ),
    )


def _next_poll(since: datetime, plan: tuple[tuple[timedelta, timedelta], ...]) -> datetime | None:
    """When to ask next for what has been waiting since then; None when no longer."""
    now = timezone.now()
    for until, pause in plan:
        if now - since < until:
            return now + pause
    return None


def _pause_after(error: errors.TikTokError) -> timedelta:
    """A status that could not be asked for is asked for later, the worse the later."""
    if error.retry_after:
        return timedelta(seconds=error.retry_after)
    if isinstance(error, errors.RateLimited):
        return timedelta(seconds=RATE_LIMIT_PAUSE_SECONDS)
    if not error.retryable:
        return timedelta(minutes=15)
    return timedelta(0)


def _remembered(status: PostStatus) -> dict[str, object]:
    return {
        "status": status.status,
        "fail_reason": status.fail_reason,
        "uploaded_bytes": status.uploaded_bytes,
        "public_ids": list(status.public_ids),
        "log_id": status.log_id,
    }
