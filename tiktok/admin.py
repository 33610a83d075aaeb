"""What TikTok adds to the operator's desk. `posts` knows no platform, so this one comes to it."""

from django.contrib import admin
from django.utils import timezone

from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from posts.admin.publications import PublicationAdmin
from tiktok.models import TikTokOptions, WebhookEvent, WebhookRefusal


class OptionsInline(ReadOnlyInline):
    model = TikTokOptions
    fields = [
        "mode",
        "privacy_level",
        "allow_comment",
        "allow_duet",
        "allow_stitch",
        "brand_organic",
        "brand_content",
        "is_aigc",
        "cover_timestamp_ms",
    ]


PublicationAdmin.inlines = [OptionsInline, *PublicationAdmin.inlines]


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyAdmin):
    """What TikTok has told by itself, and what it led to."""

    list_display = ["moment", "event", "publish_id", "outcome"]
    list_filter = ["event", "received_at"]
    search_fields = ["publish_id", "external_id"]
    fields = [
        "received_at",
        "event",
        "happened_at",
        "external_id",
        "publish_id",
        "content",
        "applied_at",
        "outcome",
        "body",
        "body_digest",
    ]

    @admin.display(description="received", ordering="received_at")
    def moment(self, event: WebhookEvent) -> str:
        return f"{timezone.localtime(event.received_at):%Y-%m-%d %H:%M:%S}"


@admin.register(WebhookRefusal)
class WebhookRefusalAdmin(ReadOnlyAdmin):
    """How many webhooks were not believed: a wrong secret, a wrong clock, or a stranger."""

    list_display = ["day", "reason", "count", "last_at"]
    fields = ["day", "reason", "count", "last_at"]
