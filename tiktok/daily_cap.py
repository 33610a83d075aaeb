"""TikTok's limits for a day, as far as we can count (Protocol 5.5).

About 15 direct posts for each creator in 24 hours, all apps together: TikTok alone knows its
count. What we count warns before, and proposes a time after it has said no.
"""

from datetime import UTC, datetime, timedelta

from django.db.models.query import QuerySet
from django.utils import timezone

from posts.models import Attempt, Publication, Verdict
from posts.models.attempt import Mode
from posts.states import HeldReason, State
from tiktok.models import PostMode

DAY = timedelta(hours=24)
MARGIN = timedelta(minutes=1)  # TikTok's clock is not ours
SOONEST = timedelta(hours=1)  # a limit that was just met is not asked again at once
GOES_OUT = (State.SCHEDULED, State.SENDING, State.PROCESSING)


def direct_posts(*, since: datetime) -> QuerySet[Attempt]:
    """What counts at TikTok: each upload that it took and did not fail."""
    over = [Verdict.FAILED, Verdict.INCOMPLETE]
    return Attempt.objects.filter(mode=Mode.DIRECT, sent_at__gte=since).exclude(verdict__in=over)


def direct_posts_before(publication: Publication, moment: datetime) -> int:
    """How many other direct posts of its account go, or went, out in the 24 hours before."""
    channel = publication.channel
    sent = direct_posts(since=moment - DAY).filter(publication__channel=channel)
    planned = _planned_before(moment).filter(channel=channel)
    others = sent.exclude(publication=publication).values("publication").distinct().count()
    return others + planned.exclude(pk=publication.pk).count()


def accounts_posting(*, before: datetime) -> set[int]:
    """The channels with a direct post in the 24 hours before."""
    sent = direct_posts(since=before - DAY).values_list("publication__channel", flat=True)
    return {*sent, *_planned_before(before).values_list("channel", flat=True)}


def next_free_time(publication: Publication) -> datetime:
    """When it could go, after TikTok has refused it for a daily limit.

    The oldest of our posts of the last 24 hours makes room when it is a day old, the next oldest
    for the next that waits. Where ours are not what filled it: the same time tomorrow.
    """
    now = timezone.now()
    channel = publication.channel
    sent = direct_posts(since=now - DAY).filter(publication__channel=channel)
    room = [
        at + DAY + MARGIN
        for at in sent.order_by("sent_at").values_list("sent_at", flat=True)
        if at and at + DAY + MARGIN >= now + SOONEST
    ]
    waiting = Publication.objects.filter(
        channel=channel, state=State.HELD, held_reason=HeldReason.CAP, proposed_at__gt=now
    ).exclude(pk=publication.pk)
    before = waiting.count()
    return room[before] if before < len(room) else _same_time_tomorrow(publication)


def _same_time_tomorrow(publication: Publication) -> datetime:
    """By the clock on the wall of whoever planned it."""
    now = timezone.now()
    author = publication.post.author
    zone = publication.channel.zone or (author.zone if author else UTC)
    wall = (publication.due_at or now).astimezone(zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, wall.timetz()).astimezone(UTC)


def _planned_before(moment: datetime) -> QuerySet[Publication]:
    """Direct posts that are planned for the 24 hours before, and have not been sent yet."""
    return Publication.objects.filter(
        tiktok__mode=PostMode.DIRECT,
        state__in=GOES_OUT,
        due_at__gt=moment - DAY,
        due_at__lte=moment,
    ).exclude(attempts__sent_at__isnull=False)
