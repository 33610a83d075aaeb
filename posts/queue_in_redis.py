"""The queue of all clusters and that of one, when REDIS_URL is set."""

from django_q.brokers import get_broker
from django_q.brokers.redis_broker import Redis

from posts.queues import Patient, Tasks


class BothFromRedis(Patient, Redis):
    def __init__(self, own_queue: str) -> None:
        super().__init__()
        self._keys = [get_broker(own_queue).list_key, self.list_key]

    def dequeue(self) -> Tasks:
        return self._dequeue(self._take_one)

    def _take_one(self) -> Tasks:
        taken = self.connection.blpop(self._keys, 1)
        return [(None, taken[1])] if taken else None
