"""What the accounts pages show of TikTok."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.connectors import Permission
from accounts.models import Channel
from posts.models import Attempt, Verdict
from posts.models.attempt import Mode
from tiktok.oauth.permissions import asked_permissions

USUAL_DAILY_CAP = 15  # direct posts of one creator in 24 hours, all apps together (Protocol 5.5)


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

    def profile_url(self, channel: Channel) -> str:
        return f"{settings.TIKTOK_SITE_URL}/@{channel.username}" if channel.username else ""

    def usage(self, channels: Sequence[Channel]) -> Mapping[int, str]:
        """Only TikTok knows its count; ours leaves out what other apps have posted."""
        counted = dict(
            Attempt.objects.filter(
                publication__channel__in=channels,
                mode=Mode.DIRECT,
                sent_at__gte=timezone.now() - timedelta(hours=24),
            )
            .exclude(verdict__in=[Verdict.FAILED, Verdict.INCOMPLETE])
            .values_list("publication__channel")
            .annotate(Count("pk"))
        )
        return {
            channel.pk: f"{counted.get(channel.pk, 0)} of about {USUAL_DAILY_CAP} direct posts "
            "in the last 24 hours"
            for channel in channels
        }
