"""The cluster at the end of `work`'s lifeline."""

import os
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django_q.cluster import Cluster
from django_q.signals import post_spawn

from posts import lifeline, seats
from posts.queues import broker_for

HEAD_START = 1.0  # seconds that the main process has before its workers kill the group themselves


class Command(BaseCommand):
    help = "Run Django-Q's cluster as `work` starts it: it ends when `work` does. Not for people."
    requires_system_checks: list[str] = []  # `prepare` makes them; they cost 6 MB

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--queue", required=True, help="The cluster's own queue.")
        parser.add_argument("--lifeline", type=int, required=True, help="An open pipe's number.")
        parser.add_argument("--grace", type=float, required=True, help="Seconds.")

    def handle(self, *, queue: str, grace: float, **options: Any) -> None:
        reader = options["lifeline"]

        def follow_in_worker(**signal_arguments: Any) -> None:
            lifeline.follow(reader, lifeline.going_away.set, grace=grace + HEAD_START)

        post_spawn.connect(follow_in_worker, weak=False)
        # One more than may drain at once: one that retires has a while to finish.
        seats.provide(settings.PUBLISH_PROCESSES + 1)
        cluster = Cluster(broker=broker_for(queue))
        has_started = threading.Event()

        def stop() -> None:
            """To this process alone: it lets the others finish what they are at."""
            if has_started.wait(grace):  # before that, Django-Q can not stop
                os.kill(os.getpid(), signal.SIGTERM)

        lifeline.follow(reader, stop, grace=grace)
        cluster.start()
        has_started.set()
        cluster.sentinel.join()
