"""What we ask a creator for, and what each permission is for (Protocol 1.1)."""

from django.conf import settings

from accounts.connectors import Permission

PERMISSIONS = (
    Permission(
        scope="user.info.basic",
        label="Name and picture",
        purpose="Shows which account this is.",
    ),
    Permission(
        scope="user.info.profile",
        label="Handle",
        purpose="Shows the @handle, and links published posts to TikTok.",
    ),
    Permission(
        scope="video.upload",
        label="Drafts",
        purpose="Sends videos and photos to the TikTok inbox, to be finished in the app.",
    ),
    Permission(
        scope="video.publish",
        label="Posts",
        purpose="Publishes at the planned time, and asks TikTok what the account may do.",
    ),
)


def asked_permissions() -> list[Permission]:
    """Those that TikTok has approved for the operator's app: one more, and its page fails."""
    return [each for each in PERMISSIONS if each.scope in settings.TIKTOK_SCOPES]


def asked_scopes() -> list[str]:
    return [each.scope for each in asked_permissions()]
