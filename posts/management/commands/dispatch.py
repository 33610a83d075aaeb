"""The dispatcher process."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from posts.dispatching import Dispatcher
from posts.models import Publication
from posts.models.installation import why_publishing_is_off
from posts.patience import wait_for_database
from posts.stopping import StopSignal
from posts.workload import count_in_hand, next_moment

SHOWN = 50  # publications


class Command(BaseCommand):
    help = "Wake the workers in time for what is due. Any number may run."
    requires_system_checks: list[str] = []  # `prepare` makes them; they cost 6 MB

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Look once, say it, and end.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what is due; wake nobody, and end."
        )

    def handle(self, *, once: bool, dry_run: bool, **options: Any) -> None:
        stop = StopSignal()
        if not wait_for_database(sleep=stop.wait):
            return
        if once or dry_run:
            self._tell_what_is_due()
        if once and not dry_run:
            self.stdout.write(f"Hints given: {Dispatcher().look()}")
        elif not dry_run:
            Dispatcher().run(stop)

    def _tell_what_is_due(self) -> None:
        """The first of what is due, with what it waits for, and the next moment after it."""
        if off := why_publishing_is_off():
            self.stdout.write(f"Nothing goes out: {off}")
        due = Publication.objects.due().select_related("post", "channel").order_by("next_step_at")
        for publication in due[:SHOWN]:
            state = publication.get_state_display().lower()
            self.stdout.write(f"{publication.pk}  {publication}: {state}")
        self.stdout.write(f"Due: {due.count()}. In a worker's hands: {count_in_hand()}.")
        if moment := next_moment(publishing=not off):
            self.stdout.write(f"Next: {moment:%Y-%m-%d %H:%M:%S %Z}")
