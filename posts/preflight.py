"""Checks before trouble: one function for page, API, clock and commands.

`blockers` is its part that stands between a person, or a worker, and the sending.
"""

from typing import TYPE_CHECKING

from django.core.files.storage import default_storage

from posts.media.sources import SourceError, SourceGone, source_for
from posts.platforms import About, Finding, platform_of

if TYPE_CHECKING:
    from posts.models import Media, Publication

NO_MEDIA = "no_media"
MEDIA_NOT_READY = "media_not_ready"
CHANNEL_UNUSABLE = "channel_unusable"


def preflight(
    publication: "Publication", *, media: "list[Media]", ask: bool = False
) -> list[Finding]:
    """Everything that can be said: what blocks, then what to beware of.

    With `ask` the store and the platform are asked too, which takes seconds: never for a page,
    never in a transaction. Raises PlatformAway then.
    """
    platform = platform_of(publication.channel)
    found = blockers(publication, media=media)
    found += platform.warnings(publication, media=media)
    if ask:
        found += _store_findings(media)
        found += platform.ask_ahead(publication, media=media)
    return found


def blockers(publication: "Publication", *, media: "list[Media]") -> list[Finding]:
    """What must be mended before it may go out, by our own checks and the platform's."""
    platform = platform_of(publication.channel)
    found = [*_media_findings(media), *_channel_findings(publication)]
    found += platform.preflight(publication, media=media)
    return [finding for finding in found if finding.blocks]


def _media_findings(media: "list[Media]") -> list[Finding]:
    if not media:
        return [
            Finding(
                NO_MEDIA,
                "There is nothing to post yet: neither a video nor photos.",
                "Upload them first.",
                about=About.MEDIA,
            )
        ]
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


def _store_findings(media: "list[Media]") -> list[Finding]:
    """Whether the bytes are really there."""
    found = []
    for medium in media:
        try:
            is_whole = source_for(default_storage, medium.storage_key).size == medium.size
        except SourceGone:
            is_whole = False
        except SourceError:
            found.append(
                Finding(
                    "store_unreadable",
                    "Our own store of files does not answer.",
                    "Tell the operator if this stays.",
                    blocks=False,
                    about=About.SET_UP,
                    asked=True,
                )
            )
            continue
        if not is_whole:
            found.append(
                Finding(
                    "media_missing",
                    f"“{medium.name}” is not in our store any more.",
                    "Upload it again.",
                    about=About.MEDIA,
                    asked=True,
                )
            )
    return found
