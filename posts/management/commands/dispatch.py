"""The dispatcher process."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from posts.dispatching import Dispatcher
from posts.patience import wait_for_database
from posts.stopping import StopSignal


class Command(BaseCommand):
    help = "Wake the workers in time for what is due. Any number may run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Look once, say it, and end.")

    def handle(self, *, once: bool, **options: Any) -> None:
        stop = StopSignal()
        if not wait_for_database(sleep=stop.wait):
            return
        if once:
            self.stdout.write(f"Hints given: {Dispatcher().look()}")
        else:
            Dispatcher().run(stop)
