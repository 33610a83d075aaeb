"""Checks before trouble: one function for page, API, clock and commands.

`blockers` is its part that stands between a person, or a worker, and the sending.
"""

from typing import TYPE_CHECKING

from posts.platforms import About, Finding, platform_of

if TYPE_CHECKING:
    from posts.models import Media, Publication

NO_MEDIA = "no_media"
MEDIA_NOT_READY = "media_not_ready"
CHANNEL_UNUSABLE = "channel_unusable"


def preflight(publication: "Publication", *, media: "list[Media]") -> list[Finding]:
    """Everything that can be said without asking anybody: what blocks, then what to beware of."""
    warnings = platform_of(publication.channel).warnings(publication, media=media)
    return blockers(publication, media=media) + warnings


def blockers(publication: "Publication", *, media: "list[Media]") -> list[Finding]:
    """What must be mended before it may go out, by our own checks and the platform's."""
    platform = platform_of(publication.channel)
    found = [*_media_findings(media), *_channel_findings(publication)]
    found += platform.preflight(publication, media=media)
    return [finding for finding in found if finding.blocks]


def _media_findings(media: "list[Media]") -> list[Finding]:
    if not media:
        return [Finding(NO_MEDIA, "There is no video yet.", "Upload one first.", about=About.MEDIA)]
    return [
        Finding(
            MEDIA_NOT_READY,
            f"“{medium.name}” is not ready: {medium.get_state_display().lower()}.",
            "Wait for its check, or choose another file.",
            about=About.MEDIA,
        )
        for medium in media
        if not medium.is_ready
    ]


def _channel_findings(publication: "Publication") -> list[Finding]:
    channel = publication.channel
    if channel.is_usable:
        return []
    return [
        Finding(
            CHANNEL_UNUSABLE,
            f"{channel} can not be used now: {channel.get_health_display().lower()}.",
            "Mend the account on the Accounts page.",
            about=About.ACCOUNT,
        )
    ]
