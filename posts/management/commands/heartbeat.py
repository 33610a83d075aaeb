"""Whether a worker or dispatcher of this machine is alive: for containers and monitors."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from posts.models import Heartbeat
from posts.models.heartbeat import Kind

OLDEST = timedelta(seconds=60)


class Command(BaseCommand):
    help = "Fail unless a process of this machine has given a sign of life within a minute."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=[Kind.WORKER.value, Kind.DISPATCHER.value])

    def handle(self, *, kind: str, **options: Any) -> None:
        here = Heartbeat.own_name().rpartition(":")[0]
        alive = Heartbeat.objects.alive(Kind(kind), within=OLDEST)
        if not alive.filter(name__startswith=f"{here}:").exists():
            raise CommandError(f"No {kind} of {here} has given a sign of life for a minute.")
        self.stdout.write("alive")
