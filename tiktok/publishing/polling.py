"""From the last byte to TikTok's verdict, and to the public link (Protocol 10).

An error while asking never moves a publication: it says nothing about the post itself.
"""

import logging
from datetime import timedelta

from django.utils import timezone

from posts.leases import Lease
from posts.models import Attempt, Publication, Source, Verdict
from posts.states import MACHINE_MAY_STATES, State
from tiktok import errors
from tiktok.answers import PostStatus
from tiktok.calls import as_creator
from tiktok.fail_reasons import failure_from_reason
from tiktok.limits import RATE_LIMIT_PAUSE_SECONDS
from tiktok.publishing.asking import tell_of_second_copy
from tiktok.publishing.linking import Link, find_link, public_ids, waits_for_link
from tiktok.publishing.outcomes import failure_of, settle_failed, trouble
from tiktok.publishing.pauses import FIRST_POLL, next_poll, plans
from tiktok.publishing.pulling import ask_to_stop, give_up_fetch, tell_if_nobody_came
from tiktok.publishing.visibility import note_ids

log = logging.getLogger(__name__)


def poll(publication: Publication, lease: Lease) -> None:
    """Ask TikTok once what became of the publication, and act on the answer."""
    attempt = _asked_about(publication.ledger)
    if attempt is None or attempt.publish_id is None:
        _give_up(publication, lease)
        return
    if publication.cancel_asked_at is not None and publication.is_being_fetched:
        ask_to_stop(publication, lease, attempt)
    publish_id = attempt.publish_id
    try:
        status = as_creator(publication.channel, lambda client: client.post_status(publish_id))
    except errors.UnknownPublishId as error:
        if publication.state != State.PROCESSING:
            lease.finish()
        elif not give_up_fetch(publication, lease):
            publication.unconfirm(lease, failure=failure_of(error))
    except errors.TikTokError as error:
        log.warning("asking for the status failed: %s", error)
        _ask_later(publication, lease, attempt, at_least=_pause_after(error))
    else:
        act_on_status(publication, lease, attempt, status)


def _asked_about(ledger: list[Attempt]) -> Attempt | None:
    """The open attempt, or else the first that is out, or the last one that TikTok knows."""
    is_open = (each for each in ledger[::-1] if each.is_open)
    is_out = (each for each in ledger if each.verdict == Verdict.PUBLISHED)
    is_known = (each for each in ledger[::-1] if each.publish_id is not None)
    return next(is_open, None) or next(is_out, None) or next(is_known, None)


def act_on_status(
    publication: Publication, lease: Lease, attempt: Attempt, status: PostStatus
) -> None:
    """Turn TikTok's word into a verb."""
    with lease.still_ours():
        attempt.polls += 1
        attempt.last_status = status.status[:60]  # a word that we know is shorter
        attempt.last_answer = _remembered(status)
        arrived = status.uploaded_bytes
        if attempt.source == Source.PULL:
            arrived = status.downloaded_bytes
        if arrived is not None:
            attempt.confirmed_bytes = max(attempt.confirmed_bytes, min(arrived, attempt.size))
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
    if _is_another_copy(publication, attempt):
        _settle_other_copy(publication, lease, attempt, status)
        return
    match status.status:
        case "PUBLISH_COMPLETE":
            _published(publication, lease, attempt, status)
        case "SEND_TO_USER_INBOX" if publication.state not in MACHINE_MAY_STATES:
            publication.deliver(
                lease,
                settle=(attempt, Verdict.DELIVERED),
                next_step_at=next_poll(timezone.now(), plans().draft),
            )
        case "FAILED" if publication.by_word_of_id is not None:
            _contradict(lease, attempt, status)
        case "FAILED" if publication.state != State.PUBLISHED:
            reason = failure_from_reason(status.fail_reason)
            settle_failed(publication, lease, attempt, reason, status.log_id)
        case _ if publication.state == State.SENDING:
            publication.await_processing(lease, timezone.now() + FIRST_POLL)
        case _:
            tell_if_nobody_came(publication, lease, attempt)
            _ask_later(publication, lease, attempt)


def _is_another_copy(publication: Publication, attempt: Attempt) -> bool:
    """TikTok has published it by another attempt, while this one was on its way as well."""
    return (
        publication.state == State.PUBLISHED
        and publication.by_word_of_id is None
        and attempt.is_open
        and publication.attempts.filter(verdict=Verdict.PUBLISHED).exists()
    )


def _settle_other_copy(
    publication: Publication, lease: Lease, attempt: Attempt, status: PostStatus
) -> None:
    """It changes nothing about the first one, whose link stays."""
    if status.status not in {"PUBLISH_COMPLETE", "FAILED"}:
        _ask_later(publication, lease, attempt)
        return
    with lease.fenced() as row:
        if status.status == "PUBLISH_COMPLETE":
            attempt.settle(Verdict.PUBLISHED)
            tell_of_second_copy(row, attempt, status)
        else:
            attempt.settle(Verdict.FAILED)
            row.note(f"{attempt} came to nothing: there is one copy", details=_remembered(status))
    if publication.platform_post_id or not waits_for_link(publication):
        lease.finish()
    else:
        _ask_later(publication, lease, attempt)


def _published(
    publication: Publication, lease: Lease, attempt: Attempt, status: PostStatus
) -> None:
    ids = public_ids(attempt, status)
    link = find_link(publication, attempt, ids)
    waits = not link and waits_for_link(publication)
    if publication.state == State.PUBLISHED:
        _confirm(lease, attempt, link)
        if waits:
            _ask_later(publication, lease, attempt)
        else:
            lease.finish()
    else:
        publication.publish(
            lease,
            settle=(attempt, Verdict.PUBLISHED),
            next_step_at=next_poll(timezone.now(), plans().link) if waits else None,
            **link,
        )
    if also := ids[1:]:
        note_ids(publication, also)


def _confirm(lease: Lease, attempt: Attempt, link: Link) -> None:
    """It counted as published already: TikTok confirms a person's word, or tells the link."""
    with lease.fenced() as row:
        if row.by_word_of_id is not None:
            attempt.settle(Verdict.PUBLISHED)
            row.by_word_of = None
            row.save(update_fields=["by_word_of"])
            row.note("TikTok confirms that it is live")
        if link:
            for name, value in link.items():
                setattr(row, name, value)
            row.save(update_fields=list(link))
            shown = {name: link[name] for name in ("platform_post_id", "permalink")}
            row.note("TikTok says where it can be seen", details=shown)


def _contradict(lease: Lease, attempt: Attempt, status: PostStatus) -> None:
    """A person's word stands until they take it back; but they are told."""
    reason = failure_from_reason(status.fail_reason)
    with lease.fenced() as row:
        attempt.settle(Verdict.FAILED)
        row.note(f"TikTok says otherwise: {reason.for_people}", details=_remembered(status))
    lease.finish()


def _ask_later(
    publication: Publication,
    lease: Lease,
    attempt: Attempt,
    *,
    at_least: timedelta = timedelta(0),
) -> None:
    has_ended = publication.state == State.PUBLISHED
    plan = plans(publish_id=None if has_ended else attempt.publish_id)
    since, pauses = {
        State.PUBLISHED: (publication.published_at, plan.link),
        State.DELIVERED: (publication.delivered_at, plan.draft),
    }.get(State(publication.state), (attempt.sent_at or publication.moved_at, plan.verdict))
    following = next_poll(since or timezone.now(), pauses)
    if following is None:
        _give_up(publication, lease)
    else:
        lease.wait_until(max(following, timezone.now() + at_least))


def _give_up(publication: Publication, lease: Lease) -> None:
    """Nobody answers any more. Only what is still processing is in doubt by that."""
    if publication.state != State.PROCESSING:
        lease.finish()
        return
    if give_up_fetch(publication, lease):
        return
    publication.unconfirm(
        lease,
        failure=trouble(
            "no_answer",
            "TikTok has not said within 24 hours what became of this post.",
            "Look at the account in TikTok, then say here whether the post is live.",
        ),
    )


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
        "downloaded_bytes": status.downloaded_bytes,
        "public_ids": list(status.public_ids),
        "log_id": status.log_id,
    }
