"""The worker process."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from posts.stopping import StopSignal
from posts.supervising import Supervisor


class Command(BaseCommand):
    help = "Publish what is due. Any number may run, on any number of machines."
    requires_system_checks: list[str] = []  # `prepare` makes them; they cost 6 MB

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--grace",
            type=float,
            default=20.0,
            help="Seconds, when stopping, for uploads to hand over (default: 20).",
        )
        parser.add_argument(
            "--canary-seconds",
            type=float,
            default=20.0,
            help="Start the task queue again when nothing gets through for so long (default: 20).",
        )

    def handle(self, *, grace: float, canary_seconds: float, **options: Any) -> None:
        Supervisor(StopSignal(), patience=canary_seconds, grace=grace).run()
