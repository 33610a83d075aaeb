"""Delete a person, and what is theirs alone."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from posts.deleting import CanNotDelete, delete_user, workspaces_of
from posts.management.commands.delete_workspace import in_words


class Command(BaseCommand):
    help = (
        "Delete a person and the workspaces that are theirs alone, after an export. What they "
        "wrote for others stays, by a former member."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="An operator.")
        parser.add_argument("--export", type=Path, required=True, metavar="FOLDER")
        parser.add_argument("--dry-run", action="store_true", help="Say it; change nothing.")

    def handle(
        self, *, username: str, by: str, export: Path, dry_run: bool, **options: Any
    ) -> None:
        doomed = User.objects.filter(username=username).first()
        person = User.objects.filter(username=by).first()
        if doomed is None or person is None:
            raise CommandError("There is no such person.")
        try:
            alone, shared = workspaces_of(doomed)
            for workspace in alone:
                self.stdout.write(f"“{workspace}” is theirs alone and goes with them.")
            for workspace in shared:
                self.stdout.write(f"“{workspace}” stays.")
            if dry_run:
                return
            done = delete_user(doomed, by=person, export_to=export)
        except (CanNotDelete, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"{username} is deleted."))
        for sentence in (sentence for each in done for sentence in in_words(each)):
            self.stdout.write(sentence)
