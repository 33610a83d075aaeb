"""Connections that end soon, because TikTok's refresh token does (Protocol 2.6, 16)."""

from accounts.models import Channel
from posts.models import Notification, NotificationKind
from posts.notifications import tell


def warn_of_ending_connections() -> int:
    """Tell people 14 days ahead, once for each connection; returns how many were told."""
    told = 0
    ending = Channel.objects.ending_soon().filter(platform="tiktok")
    for channel in ending.select_related("workspace"):
        key = f"ending-{channel.pk}-{channel.refresh_expires_at:%Y-%m-%d}"
        if not Notification.objects.filter(key=key).exists():
            told += tell(
                channel.workspace,
                NotificationKind.TOKEN_ENDING,
                key=key,
                subject=f"The connection of {channel} ends soon",
                text=f"On {channel.refresh_expires_at:%d %B %Y} TikTok ends our access to "
                f"{channel}. Reconnect it before: its posts stay planned, and nothing is missed.",
                channel=channel,
            )
    return told
