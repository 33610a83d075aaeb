"""What TikTok adds to the operator's desk. `posts` knows no platform, so this one comes to it."""

from accounts.read_only import ReadOnlyInline
from posts.admin.publications import PublicationAdmin
from tiktok.models import TikTokOptions


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
