"""The demo as a command."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from requests import RequestException

from tiktok.demo import DemoFailed, log_in, set_up
from tiktok.errors import TikTokError
from tiktok.oauth import ConnectRefused
from tiktok.sandbox import SandboxError


class Command(BaseCommand):
    help = "Make a demo user with a connected account of the sandbox and a video planned for soon."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        if not settings.PRACTICE_MODE:
            raise CommandError("The demo is for practice mode only: this is the real TikTok.")
        user, password = log_in(settings.VAR_DIR / "demo-password")
        try:
            publication = set_up(user)
        except (DemoFailed, ConnectRefused, TikTokError, SandboxError, RequestException) as error:
            raise CommandError(f"The demo could not be set up. {error}") from error
        if verbosity:
            known = f"the password {password}" if password else "the password that you have chosen"
            self.stdout.write(f"Log in as “{user.username}” with {known}")
            if publication.due_at and publication.due_at > timezone.now():
                at = publication.due_at.astimezone(user.zone)
                self.stdout.write(f"Its first video goes out at {at:%H:%M:%S} ({user.time_zone}).")
