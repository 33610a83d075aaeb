"""What the composer of the small real platform sends when everything is filled in."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Channel, Workspace
from posts.tests.plain_platform import a_medium


def everything(workspace: Workspace, channel: Channel) -> dict[str, str]:
    tomorrow = timezone.now() + timedelta(days=1)
    return {
        "caption": "Sunrise",
        "medium": str(a_medium(workspace).pk),
        "channel": str(channel.pk),
        "options_for": str(channel.pk),
        "mood": "wild",
        "date": f"{tomorrow:%Y-%m-%d}",
        "time": "12:00",
    }
