"""After a backup was put back: nothing of it goes out before somebody has looked."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from posts.restoring import Restored, count_everything, take_over

WARNING = """\
Everything that is planned, on its way or held will wait for a person: what this database calls
planned may have been published since the backup was made.
"""
NEXT = """\
Next: `manage.py reconcile` asks TikTok what became of what it can still be asked about. The rest is
on the pages, and at /admin/: look at the account, then resume, or cancel what is live already."""


class Command(BaseCommand):
    help = "Hold everything that is not final, after a backup of the database was put back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Count it; change nothing.")
        parser.add_argument("--yes", action="store_true", help="I have read the warning.")

    def handle(self, *, dry_run: bool, yes: bool, **options: Any) -> None:
        if dry_run:
            self.stdout.write(in_words(count_everything(), would=True))
            return
        self.stdout.write(self.style.WARNING(WARNING))
        if not yes and input("Type “restore” to go on: ").strip() != "restore":
            raise CommandError("Nothing was changed.")
        self.stdout.write(self.style.SUCCESS(in_words(take_over())))
        self.stdout.write(NEXT)


def in_words(restored: Restored, *, would: bool = False) -> str:
    be = "would be" if would else "now"
    return (
        f"{restored.held} held, {restored.in_doubt} unconfirmed, {restored.reminded} not planned "
        f"and reminded in their history ({be})."
    )
