"""Delete a workspace with everything in it, after it was exported."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User, Workspace
from posts.deleting import CanNotDelete, Deleted, delete_workspace, refuse_in_flight


class Command(BaseCommand):
    help = (
        "Cancel what waits, give back the access to its accounts, export, and delete a workspace. "
        "What was published stays where it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", type=int, help="Its id, as /admin/ shows it.")
        parser.add_argument(
            "--by", required=True, metavar="USERNAME", help="An owner, or operator."
        )
        parser.add_argument("--export", type=Path, required=True, metavar="FILE", help="A new zip.")
        parser.add_argument("--dry-run", action="store_true", help="Say it; change nothing.")

    def handle(
        self, *, workspace: int, by: str, export: Path, dry_run: bool, **options: Any
    ) -> None:
        doomed = Workspace.objects.filter(pk=workspace).first()
        person = User.objects.filter(username=by).first()
        if doomed is None or person is None:
            raise CommandError("There is no such workspace, or no such person.")
        try:
            refuse_in_flight(doomed)
            said = f"“{doomed}”: {doomed.posts.count()} posts, {doomed.channels.count()} accounts"
            if dry_run:
                self.stdout.write(f"{said} would be deleted.")
                return
            done = delete_workspace(doomed, by=person, export_to=export)
        except (CanNotDelete, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"{said} deleted; they are in {export}."))
        for sentence in in_words(done):
            self.stdout.write(sentence)


def in_words(done: Deleted) -> list[str]:
    said = [f"{done.canceled} canceled that had waited."] if done.canceled else []
    said += [
        f"{account}: TikTok did not confirm that our access ended. Its creator can remove this app "
        "in TikTok, under Settings, Security, Apps."
        for account in done.not_revoked
    ]
    return said + [f"{name}: could not be read for the export." for name in done.lost_media]
