"""What an error or a refusal of TikTok's means for a publication: one verb for each kind.

Retried is only what a machine may repeat and what a repeat can help; everything else ends in a
state and a sentence that a person can act on (Protocol 3, 10.1).
"""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from posts.leases import Lease
from posts.models import Attempt, Publication, Source, Verdict
from posts.parking import hold_for_account, too_late_failure
from posts.pausing import pause_after_failures, pause_for_refusal
from posts.platforms import About
from posts.states import HeldReason, State
from tiktok import errors
from tiktok.daily_cap import next_free_time
from tiktok.fail_reasons import FailKind, FailReason
from tiktok.limits import RATE_LIMIT_PAUSE_SECONDS
from tiktok.upload_errors import SourceChanged

# Seconds before the next try, by the number of tries made; the last goes on for the rest.
PAUSES = (5, 20, 60, 120, 300, 600, 900)
MOST_TRIES = 10
PULL_REPEATS = 2  # of a video that TikTok could not fetch; then we upload it
LATER = "Try again later. If that does not help, tell the operator."

Settlement = tuple[Attempt, Verdict] | None
_HELD_FOR: tuple[tuple[type[errors.TikTokError], HeldReason], ...] = (
    (errors.NeedsReconnect, HeldReason.RECONNECT),
    (errors.TokenInvalid, HeldReason.RECONNECT),
    (errors.NeedsChoice, HeldReason.CHOICE),
    (errors.DraftsPending, HeldReason.CAP),
    (errors.NeedsCreator, HeldReason.CONFIGURATION),
    (errors.CapReached, HeldReason.CAP),
    (errors.Configuration, HeldReason.CONFIGURATION),
    (SourceChanged, HeldReason.MEDIA),
)

# What says nothing about the account: its other posts may do well.
_ONLY_THIS_POST = (errors.FileRejected, errors.RefusedHere, SourceChanged)
_ONLY_THIS_POST_KINDS = (FailKind.MEDIA, FailKind.TEXT, FailKind.CANCELLED, FailKind.PULL)
HELD_FOR_FINDING = {
    About.POST: HeldReason.CHOICE,
    About.MEDIA: HeldReason.MEDIA,
    About.ACCOUNT: HeldReason.RECONNECT,
    About.SET_UP: HeldReason.CONFIGURATION,
}


def failure_of(error: errors.TikTokError) -> dict[str, Any]:
    return {
        "code": code_of(error),
        "message": error.for_people,
        "what_to_do": error.what_to_do,
        "retryable": error.retryable,
        "log_id": error.log_id,
        "technical": str(error)[:500],
        "only_this_post": isinstance(error, _ONLY_THIS_POST),
    }


def code_of(error: errors.TikTokError) -> str:
    """TikTok's code, or a stable one of ours: `CreatorCapReached` is `creator_cap_reached`."""
    name = type(error).__name__
    own = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
    return error.code or own


def trouble(code: str, message: str, what_to_do: str) -> dict[str, Any]:
    """A failure that we found ourselves, before TikTok had a chance to."""
    return {"code": code, "message": message, "what_to_do": what_to_do, "retryable": False}


def settle_sending(
    publication: Publication,
    lease: Lease,
    error: errors.TikTokError,
    *,
    settle: Settlement = None,
) -> None:
    """End a step of the sending that failed with `error`."""
    failure = failure_of(error)
    if error.retryable:
        try_later(publication, lease, failure, settle=settle, after=error.retry_after, error=error)
        return
    reason = next((reason for kind, reason in _HELD_FOR if isinstance(error, kind)), None)
    if reason is None:
        give_up(publication, lease, failure, settle=settle)
        if isinstance(error, errors.Banned):
            pause_for_refusal(publication, because=error.for_people)
    elif reason is HeldReason.RECONNECT:
        publication.channel.mark_needs_reconnect(error.for_people)
        hold_for_account(publication, lease, reason, failure=failure, settle=settle)
    elif isinstance(error, errors.CapReached):
        _hold_for_the_cap(publication, lease, failure, settle)
    else:
        publication.hold(lease, reason, failure=failure, settle=settle)
        pause_after_failures(publication)


def settle_failed(
    publication: Publication, lease: Lease, attempt: Attempt, reason: FailReason, log_id: str
) -> None:
    """TikTok's status says FAILED: final for this attempt, and safe to begin another."""
    settle = (attempt, Verdict.FAILED)
    failure = {
        "code": reason.reason or "failed",
        "message": reason.for_people,
        "what_to_do": reason.what_to_do,
        "retryable": reason.retryable,
        "log_id": log_id,
        "only_this_post": reason.kind in _ONLY_THIS_POST_KINDS,
    }
    failed_before = _failed_since_scheduled(publication)
    if publication.state == State.DELIVERED:  # it was out: only its creator can want it again
        publication.fail(lease, failure=_given_up(failure), settle=settle)
    elif reason.retryable and failed_before < reason.retries:
        try_later(publication, lease, failure, settle=settle, tries=failed_before + 2)
    elif reason.kind is FailKind.PULL and may_fall_back(publication, and_now=attempt):
        try_later(publication, lease, failure, settle=settle)
    elif reason.kind is FailKind.CAP:
        _hold_for_the_cap(publication, lease, failure, settle)
    elif reason.kind is FailKind.RECONNECT:
        # What was withdrawn while TikTok worked on it may have been given again since.
        if publication.channel.connected_at <= attempt.intended_at:
            publication.channel.mark_needs_reconnect(reason.for_people)
        hold_for_account(publication, lease, HeldReason.RECONNECT, failure=failure, settle=settle)
    elif reason.retryable:
        tried = f"{failure['message']} We tried {failed_before + 1} times."
        give_up(publication, lease, _given_up(failure, tried), settle=settle)
    else:
        give_up(publication, lease, failure, settle=settle)
        if reason.kind is FailKind.BANNED:
            pause_for_refusal(publication, because=reason.for_people)


def give_up(
    publication: Publication,
    lease: Lease,
    failure: dict[str, Any],
    *,
    settle: Settlement = None,
) -> None:
    """It failed; and one failure too many in a row stops its account."""
    publication.fail(lease, failure=failure, settle=settle)
    pause_after_failures(publication)


def _hold_for_the_cap(
    publication: Publication, lease: Lease, failure: dict[str, Any], settle: Settlement
) -> None:
    """Parked until a person takes the time that is proposed, or another."""
    free_at = next_free_time(publication)
    publication.hold(lease, HeldReason.CAP, failure=failure, settle=settle, proposed_at=free_at)


def try_later(
    publication: Publication,
    lease: Lease,
    failure: dict[str, Any],
    *,
    settle: Settlement = None,
    after: float | None = None,
    error: errors.TikTokError | None = None,
    tries: int | None = None,
) -> None:
    """Wait and try again by itself, while there are tries left and it is not too late.

    The pause may not end after the time up to which the post may still go out; an upload that
    was begun may go on within its hour.
    """
    if after is None and isinstance(error, errors.RateLimited):
        after = RATE_LIMIT_PAUSE_SECONDS
    until = timezone.now() + pause_before(tries or publication.tries, at_least=after)
    may_give_up = settle is not None or publication.is_safe
    if may_give_up and publication.tries >= MOST_TRIES:
        tried = f"{failure['message']} We tried {publication.tries} times."
        give_up(publication, lease, _given_up(failure, tried), settle=settle)
    elif may_give_up and _would_be_late(publication, until, settle):
        late = too_late_failure(publication)
        if not publication.is_late:
            late["message"] = "The next try would be too late, so it did not go out."
        late["message"] = f"{failure['message']} {late['message']}"
        publication.hold(lease, HeldReason.LATE, failure=late, settle=settle)
    else:
        # Where TikTok was not even asked, nothing was tried.
        spared = {"tries": publication.tries - 1} if isinstance(error, errors.BudgetUsedUp) else {}
        publication.defer(lease, until, failure=failure, settle=settle, **spared)


def pause_before(tries: int, *, at_least: float | None = None) -> timedelta:
    """Growing, with jitter of a fifth so that a thousand posts do not come back at once."""
    seconds = PAUSES[min(max(tries, 1), len(PAUSES)) - 1]
    # Jitter needs no secrecy.
    jitter = random.uniform(1, 1.2)  # noqa: S311
    return timedelta(seconds=max(seconds, at_least or 0) * jitter)


def _would_be_late(publication: Publication, until: datetime, settle: Settlement) -> bool:
    if publication.due_at is None:
        return False
    if settle is None and any(attempt.is_resumable for attempt in publication.attempts.all()):
        return False
    return until > publication.due_at + publication.late_limit


def failed_pulls(publication: Publication) -> int:
    """How often TikTok could not do with what it fetched, since a person last scheduled it."""
    return _failures_since_scheduled(publication).filter(source=Source.PULL).count()


def may_fall_back(publication: Publication, *, and_now: Attempt | None = None) -> bool:
    """Whether a video that TikTok could not fetch is uploaded instead (Protocol 8.7, 10.1).

    `and_now`: an attempt that is just failing, too.
    """
    if publication.shows_photos:
        return False
    failing = and_now is not None and and_now.source == Source.PULL
    if and_now is not None and not failing:
        return False
    return failed_pulls(publication) + failing > PULL_REPEATS


def _failed_since_scheduled(publication: Publication) -> int:
    """How many attempts TikTok has failed since a person said that it shall go out."""
    return _failures_since_scheduled(publication).count()


def _failures_since_scheduled(publication: Publication) -> QuerySet[Attempt]:
    said = publication.events.filter(after=State.SCHEDULED, by__isnull=False).last()
    failed = publication.attempts.filter(verdict=Verdict.FAILED)
    return failed.filter(intended_at__gte=said.at) if said else failed


def _given_up(failure: dict[str, Any], message: str = "") -> dict[str, Any]:
    """The failure of something that could be repeated, and is not any more."""
    what_to_do = LATER if failure["retryable"] else failure["what_to_do"]
    return failure | {
        "message": message or failure["message"],
        "what_to_do": what_to_do,
        "retryable": False,
    }
