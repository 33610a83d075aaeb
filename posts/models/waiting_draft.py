"""A draft that was delivered waits for its person, who is reminded of it, twice and by day."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from django.db.models import Min
from django.utils import timezone

from posts.models.heartbeat import Heartbeat, Kind
from posts.models.telling import tell_of_draft
from posts.states import HeldReason, State

if TYPE_CHECKING:
    from posts.models.publication import Publication

# After the delivery. Some say that TikTok drops a draft after a day (Protocol 6).
REMINDERS = (timedelta(hours=3), timedelta(hours=20))
MORNING, EVENING = 8, 22  # o'clock: between these nobody is woken


def by_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """`moment`, or the next morning in `zone` when it falls into the night there."""
    local = moment.astimezone(zone)
    if MORNING <= local.hour < EVENING:
        return moment
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if local.hour < MORNING else morning + timedelta(days=1)


class WaitingDraft:
    """The part of a Publication that knows of the draft in the creator's inbox."""

    def reminder_after(self, moment: datetime, *, delivered_at: datetime) -> datetime | None:
        """When to remind of it next; None after the last."""
        author = cast("Publication", self).post.author
        zone = author.zone if author else ZoneInfo("UTC")
        times = (by_day(delivered_at + span, zone) for span in REMINDERS)
        return next((at for at in times if at > moment), None)

    @classmethod
    def next_reminder(cls) -> datetime | None:
        """When the next of all publications is to be reminded of."""
        rows = cast("type[Publication]", cls).objects.filter(remind_at__isnull=False)
        moment: datetime | None = rows.aggregate(at=Min("remind_at"))["at"]
        return moment

    def remind(self) -> None:
        """Tell its people once more. Only under the lock, and while it is due."""
        publication, now = cast("Publication", self), timezone.now()
        if publication.remind_at is None or publication.delivered_at is None:
            return
        if publication.state != State.DELIVERED or publication.remind_at > now:
            return
        key = f"reminder-{publication.pk}-{publication.remind_at.timestamp()}"
        tell_of_draft(publication, key=key, again=True)
        publication.remind_at = self.reminder_after(now, delivered_at=publication.delivered_at)
        publication.save(update_fields=["remind_at"])

    def free_its_place(self) -> None:
        """It waits no more: see at once whether another waits for its place in the inbox."""
        publication = cast("Publication", self)
        waiting = type(publication).objects.filter(
            channel=publication.channel_id, state=State.HELD, held_reason=HeldReason.CAP
        )
        if waiting.exists():
            Heartbeat.hurry_turn(Kind.TIDY)
