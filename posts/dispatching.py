"""The dispatcher: sleeps until something is due, and then sees that a drain is awake.

It gives hints and nothing else: a task in Django-Q's queue that says "there is work". A hint that
is lost, doubled or late changes nothing, since the truth is in the publications' rows. Any number
of dispatchers may run; they see one another's hints.
"""

import logging
import math
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_q.tasks import async_task

from posts.chores import TIDY_EVERY
from posts.draining import FRESH
from posts.models import Heartbeat
from posts.models.heartbeat import Kind
from posts.models.installation import why_publishing_is_off
from posts.patience import pauses
from posts.queues import QUEUE_AWAY
from posts.stopping import StopSignal
from posts.workload import count_due, count_in_hand, next_chore, next_moment

log = logging.getLogger(__name__)

LOOK_AHEAD = timedelta(seconds=2)  # so that the drain is awake at the due moment itself
LONGEST_SLEEP = 0.3  # seconds
SHORTEST_SLEEP = 0.05  # seconds
HINT_TIME = timedelta(seconds=5)  # after which a hint that no drain followed counts as lost
HINT_TIME_ALONE = timedelta(minutes=10)  # the same while no worker is there to follow it
WORKER_FRESH = timedelta(seconds=30)
BEAT_EVERY = timedelta(seconds=3)
SWEEP_EVERY = timedelta(hours=1)
FORGET_AFTER = timedelta(days=1)


class Dispatcher:
    def __init__(self) -> None:
        self._pauses = pauses()
        self._beat_at = self._sweep_at = timezone.now()

    def run(self, stop: StopSignal) -> None:
        """Work until `stop`. A database or queue that is away is waited for."""
        pause = 0.0
        while not stop.wait(pause):
            try:
                self._live()
                self.look()
                pause = self._seconds_to_sleep()
            except QUEUE_AWAY as error:
                pause = next(self._pauses)
                log.warning("database or queue away (%s); next look in %.1f s", error, pause)
                connection.close()
            else:
                self._pauses = pauses()

    def look(self) -> int:
        """Give as many hints as are needed now, and return their number."""
        workers = Heartbeat.objects.alive(Kind.WORKER, within=WORKER_FRESH).count()
        missing = drains_wanted(workers=workers) - drains_coming(workers=workers)
        for _ in range(missing):
            give_hint()
        return max(missing, 0)

    def _live(self) -> None:
        now = timezone.now()
        if now >= self._beat_at:
            Heartbeat.beat(Kind.DISPATCHER)
            self._beat_at = now + BEAT_EVERY
        if now >= self._sweep_at:
            Heartbeat.sweep(older_than=FORGET_AFTER)
            self._sweep_at = now + SWEEP_EVERY

    def _seconds_to_sleep(self) -> float:
        moment = next_moment(publishing=not why_publishing_is_off())
        if moment is None:
            return LONGEST_SLEEP
        seconds = (moment - LOOK_AHEAD - timezone.now()).total_seconds()
        # What should have been looked after already is being looked after: no need to hurry.
        return LONGEST_SLEEP if seconds <= 0 else min(max(seconds, SHORTEST_SLEEP), LONGEST_SLEEP)


def drains_wanted(*, workers: int, at: datetime | None = None) -> int:
    """How many drains what is due needs, with `workers` heartbeats of `work` to share them."""
    at = at or timezone.now() + LOOK_AHEAD
    most = settings.PUBLISH_PROCESSES * max(workers, 1)
    threads = settings.PUBLISH_THREADS
    publishing = not why_publishing_is_off()
    due = count_due(most=most * threads, at=at) if publishing else 0
    if due:
        return min(math.ceil((due + count_in_hand()) / threads), most)
    chore = next_chore(publishing=publishing)
    chores = (chore and chore <= at) or Heartbeat.turn_is_due(Kind.TIDY, every=TIDY_EVERY)
    return 1 if chores else 0


def drains_coming(*, workers: int) -> int:
    """How many drains run, or have been asked for just now."""
    hint_time = HINT_TIME if workers else HINT_TIME_ALONE
    running = Heartbeat.objects.alive(Kind.DRAIN, within=FRESH).count()
    return running + Heartbeat.objects.alive(Kind.HINT, within=hint_time).count()


def give_hint() -> None:
    """Outside of any transaction: the drain that follows it must see what is due."""
    hint = secrets.token_hex(8)
    Heartbeat.beat(Kind.HINT, hint)
    async_task("posts.tasks.drain", hint, task_name=f"drain after {hint}")
