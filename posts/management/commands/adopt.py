"""An operator's word that this database is the one and only copy."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from posts.management.commands.restore import NEXT, in_words
from posts.models import Installation
from posts.models.installation import why_publishing_is_off
from posts.restoring import take_over

WARNING = """\
This database was set up by another installation, or moved. If the other one still runs on a copy
of it, both would publish the same posts: each of them would appear twice.

Adopt it only if the other installation is gone for good, or its PUBLISHING is off.
"""
HELD = """\
Since nobody knows what the other one has published after this copy was made, everything that is
planned will wait for a person. Only if the other one was stopped before this copy was made:
`manage.py adopt --moved` lets everything go on as planned.
"""


class Command(BaseCommand):
    help = "Let this installation publish from a database that another one has set up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="I have read the warning.")
        parser.add_argument(
            "--moved",
            action="store_true",
            help="The other installation was stopped before this copy was made: hold nothing.",
        )

    def handle(self, *, yes: bool, moved: bool, **options: Any) -> None:
        if not Installation.is_foreign():
            self.stdout.write("This database belongs to this installation already.")
            return
        self.stdout.write(self.style.WARNING(WARNING if moved else WARNING + HELD))
        if not yes and input("Type “adopt” to go on: ").strip() != "adopt":
            raise CommandError("Nothing was changed.")
        if moved:
            Installation.adopt()
            self.stdout.write(self.style.SUCCESS("Adopted; everything goes on as planned."))
        else:
            self.stdout.write(self.style.SUCCESS(f"Adopted: {in_words(take_over())}"))
            self.stdout.write(NEXT)
        if why := why_publishing_is_off():
            self.stdout.write(why)
