"""The queues that a cluster listens to: the one of all clusters, and one of its own.

Hints go to the queue of all, where any free worker takes them. A canary must go through the very
cluster it is to vouch for, so each cluster has a queue of its own beside it.
"""

import logging
from collections.abc import Callable
from time import sleep
from typing import Any

from django.db import connection
from django.utils import timezone
from django_q.brokers import Broker, get_broker
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ

from posts.patience import DATABASE_AWAY, pauses

log = logging.getLogger(__name__)


def _errors_of_absence() -> tuple[type[Exception], ...]:
    if not Conf.REDIS:
        return DATABASE_AWAY
    # Imported where there is one: it costs each process 6 MB.
    from redis import RedisError  # noqa: PLC0415

    return (*DATABASE_AWAY, RedisError)


QUEUE_AWAY = _errors_of_absence()
LONGEST_PAUSE = 3.0  # seconds; well under the patience for a canary
NAME_LENGTH = 100  # characters, as the table of the queue has it

Tasks = list[tuple[Any, Any]] | None  # of an acknowledgement's id and a signed package


def broker_for(own_queue: str) -> Broker:
    """What the cluster that owns `own_queue` takes its tasks from."""
    if not Conf.REDIS:
        return BothFromDatabase(own_queue)
    from posts.queue_in_redis import BothFromRedis  # noqa: PLC0415  # as above

    return BothFromRedis(own_queue)


def forget_queue(own_queue: str) -> None:
    """Throw away what waits for a cluster that is gone."""
    get_broker(own_queue).delete_queue()


class Patient:
    """Waits for a queue that is away. Django-Q's own processes would die of it, one by one."""

    def set_stat(self, key: str, value: str, timeout: int) -> None:
        """Not kept: nobody reads it, and it would be two writes to the database each second."""

    def _dequeue(self, take: Callable[[], Tasks]) -> Tasks:
        try:
            return take()
        except QUEUE_AWAY as error:
            log.warning("the queue does not answer: %s", error)
            connection.close()
            sleep(LONGEST_PAUSE)
            return None

    def _acknowledge(self, write: Callable[[], None]) -> None:
        for pause in pauses(longest=LONGEST_PAUSE):
            try:
                return write()
            except QUEUE_AWAY as error:
                log.warning("the queue does not answer: %s", error)
                connection.close()
                sleep(pause)
        return None


class BothFromDatabase(Patient, ORM):
    def __init__(self, own_queue: str) -> None:
        super().__init__()
        self._keys = [own_queue, self.list_key]

    def dequeue(self) -> Tasks:
        return self._dequeue(self._take_one)

    def _take_one(self) -> Tasks:
        waiting = (
            self.get_connection()
            .filter(key__in=self._keys, lock__lte=timezone.now())
            .order_by("pk")
            .first()
        )
        if waiting is None:
            sleep(Conf.POLL)
            return None
        untaken = OrmQ.objects.using(Conf.ORM).filter(pk=waiting.pk, lock=waiting.lock)
        if not untaken.update(lock=self.timeout(waiting)):
            return None  # another cluster was faster
        return [(waiting.pk, waiting.payload)]

    def delete(self, task_id: Any) -> None:
        self._acknowledge(lambda: super(BothFromDatabase, self).delete(task_id))
