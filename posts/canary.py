"""A small task that goes through one cluster's queue again and again, to show that it works.

Killing an idle worker can freeze the whole cluster of Django-Q without an error in any log.
"""

import secrets

from django_q.tasks import async_task

from posts.leases import clock
from posts.models import Heartbeat
from posts.models.heartbeat import Kind


class Canary:
    """`patience` is how many seconds may pass with none coming through."""

    def __init__(self, queue: str, *, patience: float) -> None:
        self._queue = queue
        self._patience = patience
        self._under_way = ""
        self._sent_at = 0.0
        self._last_seen = clock()
        self.came_through = False  # any, so far

    @property
    def is_lost(self) -> bool:
        return clock() - self._last_seen > self._patience

    def look(self) -> None:
        """See whether it has come through, and send the next when it is time."""
        if self._under_way:
            name = self._under_way
            if Heartbeat.objects.filter(kind=Kind.CANARY, name=name).exists():
                return
            self._under_way, self._last_seen, self.came_through = "", clock(), True
        if clock() - self._sent_at >= self._patience / 6:
            name = f"{self._queue} {secrets.token_hex(4)}"
            Heartbeat.beat(Kind.CANARY, name)
            async_task("posts.tasks.canary", name, task_name="canary", cluster=self._queue)
            self._under_way, self._sent_at = name, clock()

    def forgive(self) -> None:
        """Database or queue are away; the cluster is not to blame for that."""
        self._last_seen = clock()

    def forget(self) -> None:
        """Its cluster is gone, and it with it."""
        Heartbeat.end(Kind.CANARY, self._under_way)
