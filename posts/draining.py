"""A drain: what one worker process does while there is something to publish.

It looks for the next moment at which something is due, calls as many threads as there are
publications, and ends when nothing will be due for some seconds. The dispatcher starts another in
time. Before Django-Q's timeout, whose alarm would kill all threads in mid-block, it retires: it
claims nothing more, and what is still in hand is handed over to the drain that follows it.
"""

import logging
import os
import threading
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from posts.chores import Chores
from posts.crew import Crew
from posts.leases import clock
from posts.models import Heartbeat
from posts.models.heartbeat import Kind
from posts.models.installation import why_publishing_is_off
from posts.patience import DATABASE_AWAY, pauses
from posts.workload import count_due, next_moment

log = logging.getLogger(__name__)

LOOK_EVERY = 0.25  # seconds, at the most
LINGER = timedelta(seconds=5)  # stay awake for what is due within
BEAT_EVERY = 1.0  # seconds
FRESH = timedelta(seconds=5)  # a drain that has not beaten for longer counts as dead
LAST_REQUEST = 60.0  # seconds before the timeout, for a request that is still under way


class Drain:
    """`stop` says that the process goes away. `timeout`, in seconds, is the longest it may live."""

    def __init__(
        self,
        *,
        stop: threading.Event,
        threads: int | None = None,
        timeout: float | None = None,
        linger: timedelta = LINGER,
    ) -> None:
        lifetime = timeout or settings.DRAIN_SECONDS
        born = clock()
        self._threads = threads or settings.PUBLISH_THREADS
        self._stop = stop
        self._linger = linger
        self._retires_at = born + lifetime / 2
        self._hands_over_at = born + lifetime - min(LAST_REQUEST, lifetime * 0.3)
        self._ends_at = born + lifetime - min(LAST_REQUEST / 10, lifetime * 0.1)
        self._hand_over = threading.Event()
        self._crew = Crew(self._threads, hand_over=self._hand_over)
        self._chores = Chores()
        self._pauses = pauses()
        self._beat_at = 0.0

    def run(self) -> None:
        """Work until nothing is due, the time is over, or the process goes away."""
        try:
            while clock() < self._retires_at and not self._stop.is_set():
                pause = self._look_patiently()
                if pause is None:
                    break
                self._stop.wait(pause)
        finally:
            self._retire()

    def _look_patiently(self) -> float | None:
        try:
            pause = self._look()
        except DATABASE_AWAY as error:
            pause = next(self._pauses)
            log.warning("the database does not answer (%s); next look in %.1f s", error, pause)
            connection.close()
            return pause
        self._pauses = pauses()
        return pause

    def _look(self) -> float | None:
        """Call whom it needs. Returns seconds until the next look, or None to end."""
        publishing = not why_publishing_is_off()
        self._crew.tidy()
        self._crew.call(count_due(most=self._threads) if publishing else 0)
        if self._crew.has_room:
            self._chores.start_due(publishing=publishing)
        self._beat()
        return self._pause_until(next_moment(publishing=publishing))

    def _pause_until(self, moment: datetime | None) -> float | None:
        remaining = moment - timezone.now() if moment else None
        if remaining is None or remaining > self._linger:
            busy = self._crew.at_work or self._chores.are_running
            return LOOK_EVERY if busy else None
        seconds = remaining.total_seconds()
        return min(seconds, LOOK_EVERY) if seconds > 0 else LOOK_EVERY

    def _beat(self) -> None:
        if clock() >= self._beat_at:
            Heartbeat.beat(Kind.DRAIN)
            self._beat_at = clock() + BEAT_EVERY

    def _retire(self) -> None:
        """Let the dispatcher start another, finish or hand over what is in hand, and end."""
        self._crew.dismiss()
        with suppress(DatabaseError):
            Heartbeat.end(Kind.DRAIN)
        while not self._crew.is_gone(within=LOOK_EVERY) or self._chores.are_running:
            if self._stop.is_set() or clock() >= self._hands_over_at:
                self._hand_over.set()
                with suppress(*DATABASE_AWAY):
                    self._chores.give_back()
                if self._crew.is_gone(within=LOOK_EVERY):
                    return
            if clock() >= self._ends_at:
                log.error("a thread does not let go; its lease will end by itself")
                return
            self._stop.wait(LOOK_EVERY)


def forget_dead_drains() -> None:
    """Take back the signs of life of drains of this machine whose process is gone."""
    host = Heartbeat.own_name().rpartition(":")[0]
    for drain in Heartbeat.objects.filter(kind=Kind.DRAIN, name__startswith=f"{host}:"):
        try:
            os.kill(int(drain.name.rpartition(":")[2]), 0)
        except ProcessLookupError:
            drain.delete()
        except PermissionError:
            pass  # it lives, and belongs to somebody else
