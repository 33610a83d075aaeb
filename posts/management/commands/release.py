"""Give the posts of dead workers to the living now, without waiting for the leases to end."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from posts.releasing import holder_is_gone, in_hand, release


class Command(BaseCommand):
    help = "End the leases of workers that are dead, so that others go on at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="List them; change nothing.")
        parser.add_argument(
            "--all",
            action="store_true",
            dest="living_too",
            help="The leases of living workers too: these stop, and others go on.",
        )

    def handle(self, *, dry_run: bool, living_too: bool, **options: Any) -> None:
        released = 0
        for publication in in_hand().select_related("post", "channel"):
            is_gone = holder_is_gone(publication)
            holder = f"{publication.claimed_by}, {'dead' if is_gone else 'alive'}"
            self.stdout.write(f"{publication.pk}  {publication}: {holder}")
            if not dry_run and (is_gone or living_too):
                released += release(publication)
        if not dry_run:
            self.stdout.write(self.style.SUCCESS(f"{released} released."))
