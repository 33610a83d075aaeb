"""A small task that goes through one cluster's queue again and again, to show that it works.

Killing an idle worker can freeze the whole cluster of Django-Q without an error in any log.
"""

import secrets

from django_q.tasks import async_task

from posts.leases import clock
from posts.models import Heartbeat
from posts.models.heartbeat import Kind

START_SECONDS = 60.0  # that a cluster may take to start, on a slow and busy machine


class Canary:
    """`patience` is how many seconds may pass with none coming through, once one has."""

    def __init__(self, queue: str, *, patience: float) -> None:
        self._queue = queue
        self._patience = patience
        self._under_way = ""
        self._sent_at = 0.0
        self._lost_at = clock() + max(patience, START_SECONDS)
        self.came_through = False  # any, so far

    @property
    def is_lost(self) -> bool:
        return clock() > self._lost_at

    def look(self) -> bool:
        """Send one when it is time. True when one has just come through."""
        if self._under_way:
            name = self._under_way
            if Heartbeat.objects.filter(kind=Kind.CANARY, name=name).exists():
                return False
            self._under_way, self.came_through = "", True
            self._lost_at = clock() + self._patience
            return True
        if clock() - self._sent_at >= self._patience / 6:
            name = f"{self._queue} {secrets.token_hex(4)}"
            Heartbeat.beat(Kind.CANARY, name)
            async_task("posts.tasks.canary", name, task_name="canary", cluster=self._queue)
            self._under_way, self._sent_at = name, clock()
        return False

    def forgive(self) -> None:
        """Database or queue are away; the cluster is not to blame for that."""
        self._lost_at = clock() + max(self._patience, START_SECONDS)

    def forget(self) -> None:
        """Its cluster is gone, and it with it."""
        Heartbeat.end(Kind.CANARY, self._under_way)
