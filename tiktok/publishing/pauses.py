"""When TikTok is asked next: often while something is new, seldom later (Protocol 10).

While events arrive by themselves the pauses are longer, and polling is the safety net that it is
meant to be; when they stop for an hour, polling does all the work again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from tiktok.models import WebhookEvent
from tiktok.webhooks import COMPLETE, FAILED

# (until this age, ask again after).
Plan = tuple[tuple[timedelta, timedelta], ...]

FIRST_POLL = timedelta(seconds=5)  # after the last byte, whoever tells what
GIVE_UP = timedelta(hours=24)
STATUS_LAGS = timedelta(minutes=10)  # behind an event, at the most
ARRIVING = timedelta(hours=1)  # since the last event that told us something


@dataclass(frozen=True, slots=True)
class Plans:
    verdict: Plan  # counted from the last byte
    link: Plan  # of what is published: it comes after moderation, in seconds or hours
    draft: Plan  # may be posted days later, or never


ALONE = Plans(
    verdict=(
        (timedelta(seconds=20), timedelta(seconds=5)),
        (timedelta(minutes=1), timedelta(seconds=10)),
        (timedelta(minutes=2), timedelta(seconds=20)),
        (timedelta(minutes=5), timedelta(seconds=30)),
        (timedelta(minutes=30), timedelta(minutes=1)),
        (GIVE_UP, timedelta(minutes=15)),
    ),
    link=(
        (timedelta(minutes=1), timedelta(seconds=5)),
        (timedelta(minutes=5), timedelta(minutes=1)),
        (timedelta(minutes=15), timedelta(minutes=5)),
        (timedelta(hours=1), timedelta(minutes=15)),
        (GIVE_UP, timedelta(hours=3)),
    ),
    draft=(
        (timedelta(hours=1), timedelta(minutes=1)),
        (timedelta(hours=24), timedelta(minutes=15)),
        (timedelta(days=7), timedelta(hours=3)),
    ),
)
BESIDE_EVENTS = Plans(
    verdict=(
        (timedelta(minutes=2), timedelta(seconds=30)),
        (timedelta(minutes=30), timedelta(minutes=5)),
        (GIVE_UP, timedelta(minutes=30)),
    ),
    link=(
        (timedelta(minutes=5), timedelta(minutes=2)),
        (timedelta(hours=1), timedelta(minutes=30)),
        (GIVE_UP, timedelta(hours=6)),
    ),
    draft=(
        (timedelta(hours=24), timedelta(hours=1)),
        (timedelta(days=7), timedelta(hours=12)),
    ),
)


def plans(*, publish_id: str | None = None) -> Plans:
    """How to ask. `publish_id`: of what has not ended yet, as far as its status says.

    Where an event has just said that it has, the status lags behind, and is asked often.
    """
    if not events_arrive() or (publish_id and _is_told_to_have_ended(publish_id)):
        return ALONE
    return BESIDE_EVENTS


def events_arrive() -> bool:
    since = timezone.now() - ARRIVING
    return WebhookEvent.objects.filter(applied_at__gt=since).exists()


def _is_told_to_have_ended(publish_id: str) -> bool:
    since = timezone.now() - STATUS_LAGS
    return WebhookEvent.objects.filter(
        publish_id=publish_id, event__in=[COMPLETE, FAILED], received_at__gt=since
    ).exists()


def next_poll(since: datetime, plan: Plan) -> datetime | None:
    """When to ask next for what has been waiting since then; None when no longer."""
    now = timezone.now()
    for until, pause in plan:
        if now - since < until:
            return now + pause
    return None
