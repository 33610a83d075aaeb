"""An operator's word that this database is the one and only copy."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from posts.models import Installation
from posts.models.installation import why_publishing_is_off

WARNING = """\
This database was set up by another installation, or moved. If the other one still runs on a copy
of it, both would publish the same posts: each of them would appear twice.

Adopt it only if the other installation is gone for good, or its PUBLISHING is off.
"""


class Command(BaseCommand):
    help = "Let this installation publish from a database that another one has set up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="I have read the warning.")

    def handle(self, *, yes: bool, **options: Any) -> None:
        if not Installation.is_foreign():
            self.stdout.write("This database belongs to this installation already.")
            return
        self.stdout.write(self.style.WARNING(WARNING))
        if not yes and input("Type “adopt” to go on: ").strip() != "adopt":
            raise CommandError("Nothing was changed.")
        Installation.adopt()
        self.stdout.write(self.style.SUCCESS("Adopted."))
        if why := why_publishing_is_off():
            self.stdout.write(why)
