"""What TikTok tells by itself: stored first, then acted on; no event moves a publication by itself.

An event makes us look: it wakes the publication, whose next step asks for the status, and that
decides. So duplicates, a wrong order and late news do no harm, and polling works without them.
"""

import hashlib
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from posts.models import Attempt, Heartbeat, Publication
from posts.models.heartbeat import Kind
from posts.states import State
from tiktok import webhooks
from tiktok.errors import Temporary, TikTokError
from tiktok.models import WebhookEvent, WebhookRefusal
from tiktok.oauth.removed import access_removed
from tiktok.publishing.asking import ask_about
from tiktok.publishing.waking import Heard, wake

log = logging.getLogger(__name__)

TRIED_FOR = timedelta(hours=1)  # an event that fits nothing of ours (Protocol 11)
KEPT_FOR = timedelta(days=14)
REFUSALS_KEPT_FOR = timedelta(days=90)
MOST_AT_ONCE = 500  # events that one tidying tries again


def hear(webhook: webhooks.Webhook, body: bytes) -> None:
    """Store the event, unless it was heard before, and do what is cheap about it."""
    event, is_new = WebhookEvent.objects.get_or_create(
        body_digest=hashlib.sha256(body).hexdigest(),
        defaults={
            "body": body.decode("utf-8", "replace").replace("\x00", ""),
            "event": webhook.event,
            "happened_at": _happened_at(webhook),
            "external_id": webhook.open_id,
            "publish_id": webhook.content.get("publish_id", ""),
            "content": webhook.content,
        },
    )
    log.info("webhook %s %s%s", event.pk, event.event, "" if is_new else ", again")
    if _act_on(event).to_ask:
        Heartbeat.hurry_turn(Kind.TIDY)  # asking TikTok takes too long for who waits here


def hear_again(publication: Publication) -> None:
    """What came while the publication was in hand, or before its `publish_id` was stored."""
    known = [each.publish_id for each in publication.ledger if each.publish_id is not None]
    fits = Q(publish_id__in=known)
    if publication.state == State.UNCONFIRMED:  # perhaps what it is called was told already
        fits |= Q(external_id=publication.channel.external_id)
    for event in _untold().filter(fits):
        if _act_on(event).to_ask:
            Heartbeat.hurry_turn(Kind.TIDY)


def _happened_at(webhook: webhooks.Webhook) -> datetime | None:
    """What is dated further ahead of our clock than a signature may be happened when it arrived:
    it would be the newest word for ever."""
    now = timezone.now()
    latest = now + timedelta(seconds=settings.TIKTOK_WEBHOOK_WINDOW)
    if webhook.happened_at is not None and webhook.happened_at > latest:
        return now
    return webhook.happened_at


def count_refusal(refused: webhooks.Refused) -> None:
    """Of what is not believed only the number is kept."""
    now = timezone.now()
    row, _ = WebhookRefusal.objects.get_or_create(day=now.date(), reason=refused.reason)
    WebhookRefusal.objects.filter(pk=row.pk).update(count=F("count") + 1, last_at=now)


def tidy() -> None:
    """Try again what fitted nothing, ask what must be asked, and forget what is old."""
    for event in _untold()[:MOST_AT_ONCE]:
        heard = _act_on(event)
        if heard.to_ask:
            _ask(event, heard.to_ask)
    now = timezone.now()
    WebhookEvent.objects.filter(received_at__lt=now - KEPT_FOR).delete()
    WebhookRefusal.objects.filter(day__lt=(now - REFUSALS_KEPT_FOR).date()).delete()


def _untold() -> QuerySet[WebhookEvent]:
    """Events that may still find what they are about, oldest first."""
    since = timezone.now() - TRIED_FOR
    return WebhookEvent.objects.filter(applied_at=None, received_at__gt=since).order_by(
        "received_at", "pk"
    )


def _act_on(event: WebhookEvent) -> Heard:
    with transaction.atomic():
        # Locked, so that of two deliveries at once one acts.
        event = WebhookEvent.objects.select_for_update().get(pk=event.pk)
        if event.applied_at is not None:
            return Heard(event.outcome)
        if event.event == webhooks.REMOVED:
            outcome = access_removed(event)
            heard = Heard(outcome or "we may have ended it ourselves", is_done=outcome is not None)
        elif event.event in webhooks.ABOUT_POSTS:
            heard = wake(event)
        else:
            heard = Heard("nothing: not an event that we act on")
        _remember(event, heard.outcome, is_done=heard.is_done)
    return heard


def _ask(event: WebhookEvent, attempt: Attempt) -> None:
    """Ask about an attempt that no step of its publication asks about. Calls TikTok."""
    try:
        outcome = ask_about(attempt)
    except Temporary as error:
        log.warning("asking about attempt %s must wait: %s", attempt.pk, error)
        return
    except TikTokError as error:
        outcome = f"TikTok does not say what became of it: {error.for_people}"
    _remember(event, outcome, is_done=True)


def _remember(event: WebhookEvent, outcome: str, *, is_done: bool) -> None:
    event.outcome = outcome[:200]
    event.applied_at = timezone.now() if is_done else None
    event.save(update_fields=["outcome", "applied_at"])
