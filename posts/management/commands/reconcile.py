"""Ask TikTok what became of everything that has no final word yet, and mend."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from posts.models import Publication
from posts.reconciling import Found, reconcile, to_reconcile


class Command(BaseCommand):
    help = (
        "Ask the platform about every post that was begun and has no final word yet. Publishes "
        "nothing, so that it may run while PUBLISHING is off."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "publications", nargs="*", type=int, metavar="publication", help="Only these, by id."
        )
        parser.add_argument("--dry-run", action="store_true", help="Ask; change nothing.")

    def handle(self, *, publications: list[int], dry_run: bool, **options: Any) -> None:
        asked = to_reconcile()
        if publications:
            asked = Publication.objects.filter(pk__in=publications).select_related(
                "post__workspace", "channel"
            )
        count = moved = 0
        for found in reconcile(asked, dry_run=dry_run):
            count += 1
            moved += found.has_moved
            self._tell(found)
        changed = "nothing was changed" if dry_run else f"{moved} moved"
        self.stdout.write(self.style.SUCCESS(f"{count} asked about, {changed}."))

    def _tell(self, found: Found) -> None:
        publication = found.publication
        state = publication.get_state_display().lower()
        self.stdout.write(f"{publication.pk}  {publication}: {state}")
        for sentence in found.said:
            self.stdout.write(f"    {sentence}")
