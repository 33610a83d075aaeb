"""What the accounts pages show of TikTok."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.connectors import Permission
from accounts.models import Channel
from tiktok.daily_cap import DAY, direct_posts
from tiktok.inbox import drafts_in_words, waiting_drafts
from tiktok.limits import CREATOR_POSTS_PER_DAY
from tiktok.oauth.permissions import asked_permissions


class TikTokConnector:
    key = "tiktok"
    label = "TikTok"

    def permissions(self) -> Sequence[Permission]:
        return asked_permissions()

    def connect_url(self) -> str:
        return reverse("tiktok:connect")

    def reconnect_url(self, channel: Channel) -> str:
        return reverse("tiktok:reconnect", args=[channel.pk])

    def disconnect_url(self, channel: Channel) -> str:
        return reverse("tiktok:disconnect", args=[channel.pk])

    def pause_url(self, channel: Channel) -> str:
        return reverse("posts:pause_channel", args=[channel.pk])

    def let_go_on_url(self, channel: Channel) -> str:
        return reverse("posts:let_channel_go_on", args=[channel.pk])

    def profile_url(self, channel: Channel) -> str:
        return f"{settings.TIKTOK_SITE_URL}/@{channel.username}" if channel.username else ""

    def usage(self, channels: Sequence[Channel]) -> Mapping[int, str]:
        """Only TikTok knows its count; ours leaves out what other apps have posted."""
        sent = direct_posts(since=timezone.now() - DAY).filter(publication__channel__in=channels)
        counted = dict(sent.values_list("publication__channel").annotate(Count("pk")))
        drafts = waiting_drafts(channels)
        return {
            channel.pk: f"{counted.get(channel.pk, 0)} of about {CREATOR_POSTS_PER_DAY} "
            f"direct posts in the last 24 hours; {drafts_in_words(drafts[channel.pk])}"
            for channel in channels
        }
