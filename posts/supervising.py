"""What `manage.py work` does: start Django-Q's cluster, watch it, and start it again.

The cluster counts as well as long as a canary comes through it every now and then. Only then is
the worker's heartbeat written, which `/readyz` and the dispatcher look at.
"""

import logging
from contextlib import suppress

from django.db import connection

from posts.canary import Canary
from posts.cluster import ClusterProcess
from posts.draining import forget_dead_drains
from posts.models import Heartbeat
from posts.models.heartbeat import Kind
from posts.patience import pauses, wait_for_database
from posts.queues import NAME_LENGTH, QUEUE_AWAY, forget_queue
from posts.stopping import StopSignal

log = logging.getLogger(__name__)

LOOK_EVERY = 0.2  # seconds


class Supervisor:
    """`patience` with a canary and `grace` for those who hand over are in seconds."""

    def __init__(self, stop: StopSignal, *, patience: float, grace: float) -> None:
        self._stop = stop
        self._patience = patience
        self._grace = grace
        self._queue = f"work {Heartbeat.own_name()}"[:NAME_LENGTH]

    def run(self) -> None:
        """Keep a cluster alive until `stop`."""
        breaths = pauses()
        while wait_for_database(sleep=self._stop.wait):
            self._tidy()
            canary = Canary(self._queue, patience=self._patience)
            cluster = ClusterProcess(self._queue, grace=self._grace)
            log.info("cluster %d started", cluster.pid)
            self._watch(cluster, canary)
            if self._stop.is_set():
                log.info("stopping: publications in hand are handed over")
                cluster.stop(grace=self._grace)
            else:
                why = "ended" if cluster.has_ended else "lets no canary through"
                log.error("cluster %d %s; starting another", cluster.pid, why)
                cluster.abandon()
            self._tidy(canary)
            if canary.came_through:
                breaths = pauses()
            if self._stop.wait(next(breaths)):
                return

    def _watch(self, cluster: ClusterProcess, canary: Canary) -> None:
        """Return when the cluster has ended or has to."""
        while not (canary.is_lost or cluster.has_ended or self._stop.wait(LOOK_EVERY)):
            try:
                if canary.look():
                    Heartbeat.beat(Kind.WORKER)
            except QUEUE_AWAY as error:
                log.warning("database or queue away: %s", error)
                connection.close()
                canary.forgive()

    def _tidy(self, canary: Canary | None = None) -> None:
        """Clear away what a cluster of ours has left; what stays behind harms nobody."""
        with suppress(*QUEUE_AWAY):
            Heartbeat.end(Kind.WORKER)
            forget_dead_drains()
            forget_queue(self._queue)
            if canary:
                canary.forget()
