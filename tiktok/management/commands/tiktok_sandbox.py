"""The pretend TikTok as a process of the development set-up."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiktok.sandbox import SandboxError
from tiktok.sandbox.serve import serve


class Command(BaseCommand):
    help = "Run a pretend TikTok on 127.0.0.1, for practice and development."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=settings.SANDBOX_PORT, help="0: any free one"
        )
        parser.add_argument(
            "--state",
            type=Path,
            default=Path(settings.SANDBOX_STATE),
            help="The folder in which it remembers.",
        )
        parser.add_argument(
            "--webhooks",
            nargs="?",
            default="",
            const=f"{settings.SITE_URL}/webhooks/tiktok/",
            metavar="ADDRESS",
            help="Tell this address what happens; without one, this installation's own.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serve(
                options["port"],
                options["state"],
                say=self._say,
                webhook_url=options["webhooks"],
            )
        except SandboxError as error:
            raise CommandError(str(error)) from error

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
