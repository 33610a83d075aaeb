"""What the composer sends, and how its page is read."""

import html
from datetime import timedelta

from django.utils import timezone

from accounts.models import Channel
from posts.models import Media


def everything(channel: Channel, medium: Media) -> dict[str, str]:
    """What is sent when everything is filled in, for tomorrow at noon."""
    tomorrow = timezone.now() + timedelta(days=1)
    return {
        "caption": "Sunrise",
        "medium": str(medium.pk),
        "channel": str(channel.pk),
        "options_for": str(channel.pk),
        "tiktok-mode": "direct",
        "tiktok-privacy_level": "PUBLIC_TO_EVERYONE",
        "date": f"{tomorrow:%Y-%m-%d}",
        "time": "12:00",
        "press": "schedule",
    }


def read(response):
    return html.unescape(response.content.decode())


def is_off(page):
    """Whether both buttons that publish are switched off."""
    return page.content.decode().count("disabled data-publish") == 2
