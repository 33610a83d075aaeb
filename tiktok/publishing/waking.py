"""Which publication an event is about, and whether it is worth a look (Protocol 11).

Everything here is one short transaction, and TikTok is not called.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.models import Channel
from posts.models import Attempt, Mode, Publication, Verdict
from posts.models.attempt import Source
from posts.states import State, Who
from tiktok import webhooks
from tiktok.models import WebhookEvent
from tiktok.publishing.visibility import is_told_already, refresh_visibility

TOLD_THE_SAME = {
    webhooks.FAILED: {Verdict.FAILED},
    webhooks.COMPLETE: {Verdict.PUBLISHED},
    webhooks.DELIVERED: {Verdict.DELIVERED, Verdict.PUBLISHED},
}
# So long after its init TikTok may still tell of a post whose answer we never got.
LOST_ANSWERS_ECHO = timedelta(days=1)
PUBLISH_TYPE = {Mode.DIRECT: "DIRECT_PUBLISH", Mode.INBOX: "INBOX_SHARE"}


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of an event."""

    outcome: str  # in words, for the operator
    is_done: bool = True  # False: it is looked at again, for an hour
    to_ask: Attempt | None = None  # nothing asks about this one by itself


def wake(event: WebhookEvent) -> Heard:
    """Let the publication that `event` is about ask for its status now. Call it in a transaction.

    What a worker holds is left alone: it looks for news when it lets go.
    """
    attempt = Attempt.objects.filter(
        publish_id=event.publish_id,
        publication__channel__platform="tiktok",
        publication__channel__external_id=event.external_id,
    ).first()
    if attempt is None:
        return _adopt(event)
    row = Publication.locked(attempt.publication_id)
    attempt = row.attempts.get(pk=attempt.pk)
    if row.state == State.PUBLISHED and is_told_already(event, row):
        return Heard(refresh_visibility(row, attempt, event))
    if attempt.verdict in TOLD_THE_SAME.get(event.event, set()):
        return Heard("nothing: we knew it")
    if row.attempts.exclude(publish_id=None).last() != attempt:
        return Heard("its status is to be asked", is_done=False, to_ask=attempt)
    if row.lease_until is not None and row.lease_until > timezone.now():
        return Heard("a worker has it in hand", is_done=False)
    return _look_now(row, attempt)


def _look_now(row: Publication, attempt: Attempt) -> Heard:
    now = timezone.now()
    # What is planned for later must not begin by this.
    is_begun = attempt.is_open and row.due_at is not None and row.due_at <= now
    looks_by_itself = {State.SENDING, State.PROCESSING, State.DELIVERED, State.PUBLISHED}
    if row.state in looks_by_itself or (row.state == State.SCHEDULED and is_begun):
        Publication.objects.filter(pk=row.pk).update(next_step_at=now)
        return Heard("its status is asked now")
    if row.state == State.UNCONFIRMED:
        _ask_again(row, "TikTok has told something about it: its status is asked")
        return Heard("its status is asked now")
    return Heard("its status is to be asked", is_done=False, to_ask=attempt)


def _adopt(event: WebhookEvent) -> Heard:
    """Give the event's id to the one publication whose init went unanswered, if it must be that.

    Certain it is only while this creator has one such publication, one id that nobody knows, and
    no other init whose answer may be still to come, or was lost for good. A failure is never
    taken over: if it were another's, this one would be sent a second time.
    """
    unknown = Heard("nothing of ours fits it yet", is_done=False)
    known = Channel.objects.kept().filter(platform="tiktok", external_id=event.external_id)
    channel = known.first()
    if channel is None or not event.publish_id or event.event == webhooks.FAILED:
        return unknown
    nameless = Attempt.objects.filter(publication__channel=channel, publish_id=None)
    waiting = nameless.filter(
        verdict=Verdict.OPEN, source=Source.PULL, publication__state=State.UNCONFIRMED
    )
    attempt = waiting.first()
    began = attempt and attempt.intended_at.replace(microsecond=0)
    if attempt is None or not (event.happened_at and began and began <= event.happened_at):
        return unknown
    since = attempt.intended_at - LOST_ANSWERS_ECHO
    others = nameless.exclude(pk=attempt.pk).filter(intended_at__gte=since)
    ids = _unknown_ids(event, attempt)
    kind = event.content.get("publish_type", "")
    fits = kind in {"", PUBLISH_TYPE[Mode(attempt.mode)]}
    if waiting.count() > 1 or others.exists() or len(ids) > 1 or not fits:
        return unknown
    row = Publication.locked(attempt.publication_id)
    attempt.refresh_from_db(fields=["publish_id"])
    if row.state != State.UNCONFIRMED or attempt.publish_id is not None:
        return unknown
    attempt.publish_id, attempt.answered_at = event.publish_id, timezone.now()
    attempt.save(update_fields=["publish_id", "answered_at"])
    _ask_again(row, "TikTok has told by itself what it calls this post: its status is asked")
    return Heard("its id was missing: now its status is asked")


def _unknown_ids(event: WebhookEvent, attempt: Attempt) -> set[str]:
    """The ids that TikTok has told of this creator since then and that no attempt has."""
    told = WebhookEvent.objects.filter(
        external_id=event.external_id,
        event__in=webhooks.ABOUT_POSTS,
        applied_at=None,
        happened_at__gte=attempt.intended_at.replace(microsecond=0),
    ).exclude(publish_id="")
    ids = set(told.values_list("publish_id", flat=True))
    known = Attempt.objects.filter(publish_id__in=ids).values_list("publish_id", flat=True)
    return {event.publish_id} | ids - set(known)


def _ask_again(row: Publication, because: str) -> None:
    row._move(State.PROCESSING, who=Who.DISPATCHER, because=because, next_step_at=timezone.now())
