"""Checks before trouble: what TikTok, or its guidelines, would refuse (Protocol 4, 9, 13)."""

from django.conf import settings
from django.utils import timezone

from posts.models import Media, Publication
from posts.models.media import all_photos
from posts.platforms import About, Finding
from tiktok.answers import CreatorInfo
from tiktok.contents import cover_findings, media_findings, words_findings
from tiktok.models import PostMode, TikTokOptions
from tiktok.payloads import SELF_ONLY, PhotoInfo, PhotoWords, PostInfo
from tiktok.pull_rules import why_not_fetched

PERMISSION_MISSING = "permission_missing"
SCOPE_FOR = {PostMode.DIRECT: "video.publish", PostMode.INBOX: "video.upload"}


def local_findings(publication: Publication, media: list[Media]) -> list[Finding]:
    """What TikTok would refuse, as far as can be known without asking it."""
    options = options_of(publication)
    findings = [
        *_permission_findings(publication, options),
        *_token_findings(publication),
        *media_findings(media),
        *words_findings(
            caption=publication.shown_caption,
            title=publication.shown_title,
            media=media,
            options=options,
        ),
        *cover_findings(media, options),
        *_address_findings(media),
    ]
    if options.mode == PostMode.DIRECT:
        findings += _direct_findings(options)
    return findings


def creator_findings(publication: Publication, info: CreatorInfo) -> list[Finding]:
    """What the creator's settings of this moment have against this publication (Protocol 4)."""
    options = options_of(publication)
    findings = []
    if options.privacy_level not in info.privacy_level_options:
        findings.append(
            Finding(
                "privacy_not_offered",
                "TikTok no longer offers the audience that was chosen for this post.",
                "Choose again who may see it, then schedule it again.",
            )
        )
    longest = info.max_video_post_duration_sec
    for medium in publication.shown_media:
        if longest is not None and medium.duration is not None and medium.duration > longest:
            findings.append(too_long_finding(medium, longest))
    return findings


def too_long_finding(medium: Media, longest: int) -> Finding:
    return Finding(
        "too_long_for_account",
        f"The video lasts {in_words(medium.duration or 0)}; this account may post at most "
        f"{in_words(longest)}.",
        "Cut the video, or send it to the inbox and trim it in TikTok.",
    )


def in_words(seconds: float) -> str:
    """
    >>> in_words(61.25)
    '1:01.25 min'
    """
    minutes, rest = divmod(int(seconds), 60)
    fraction = f"{seconds % 1:.2f}"[1:].rstrip("0").rstrip(".")
    return f"{minutes}:{rest:02d}{fraction} min" if minutes else f"{rest}{fraction} s"


def options_of(publication: Publication) -> TikTokOptions:
    """The choices of `publication`; without a row nothing was chosen yet."""
    chosen: TikTokOptions | None = getattr(publication, "tiktok", None)
    return chosen or TikTokOptions(publication_id=publication.pk)


def post_info(
    publication: Publication, options: TikTokOptions, info: CreatorInfo | None = None
) -> PostInfo:
    """What TikTok is told about a direct post; raises RefusedHere.

    What the creator has switched off for the whole account stays off, whatever was chosen.
    """
    return PostInfo(
        privacy_level=options.privacy_level,
        title=publication.caption,
        disable_comment=not options.allow_comment or bool(info and info.comment_disabled),
        disable_duet=not options.allow_duet or bool(info and info.duet_disabled),
        disable_stitch=not options.allow_stitch or bool(info and info.stitch_disabled),
        brand_content_toggle=options.brand_content,
        brand_organic_toggle=options.brand_organic,
        is_aigc=options.is_aigc,
        video_cover_timestamp_ms=options.cover_timestamp_ms,
    )


def photo_words(
    publication: Publication, options: TikTokOptions, info: CreatorInfo | None
) -> PhotoWords:
    """What TikTok is told about a post of photos, or without `info` about a draft of one.

    Raises RefusedHere.
    """
    words = {"title": publication.title, "description": publication.caption}
    if info is None:
        return PhotoWords(**words)
    return PhotoInfo(
        **words,
        privacy_level=options.privacy_level,
        disable_comment=not options.allow_comment or info.comment_disabled,
        auto_add_music=options.auto_add_music,
        brand_content_toggle=options.brand_content,
        brand_organic_toggle=options.brand_organic,
        is_aigc=options.is_aigc,
    )


def switched_off(options: TikTokOptions, info: CreatorInfo | None) -> list[str]:
    """The interactions that were allowed here and that TikTok does not offer any more."""
    if info is None:
        return []
    pairs = (
        ("comments", options.allow_comment, info.comment_disabled),
        ("duets", options.allow_duet, info.duet_disabled),
        ("stitches", options.allow_stitch, info.stitch_disabled),
    )
    return [name for name, allowed, disabled in pairs if allowed and disabled]


def _permission_findings(publication: Publication, options: TikTokOptions) -> list[Finding]:
    scope = SCOPE_FOR[PostMode(options.mode)]
    if scope in publication.channel.scopes:
        return []
    return [
        Finding(
            PERMISSION_MISSING,
            f"{publication.channel} did not give the permission “{scope}”.",
            "Reconnect the account and leave every permission ticked.",
            about=About.ACCOUNT,
        )
    ]


def _token_findings(publication: Publication) -> list[Finding]:
    ended_at = publication.channel.refresh_expires_at
    if ended_at is None or ended_at > timezone.now():
        return []
    return [
        Finding(
            "connection_ended",
            f"The connection to {publication.channel} has ended: it was not used for too long.",
            "Reconnect the account.",
            about=About.ACCOUNT,
        )
    ]


def _address_findings(media: list[Media]) -> list[Finding]:
    """TikTok takes photos only from an address of ours (Protocol 7, 8.7)."""
    if not all_photos(media):
        return []
    why = why_not_fetched(settings.MEDIA_PUBLIC_URL, by=settings.TIKTOK_API_URL)
    if not why:
        return []
    return [
        Finding(
            "photos_can_not_be_fetched",
            f"Photos can not be sent from this installation: {why}.",
            "The operator must set MEDIA_PUBLIC_URL to an https address with a domain name.",
            about=About.SET_UP,
        )
    ]


def _direct_findings(options: TikTokOptions) -> list[Finding]:
    if not options.privacy_level:
        return [
            Finding(
                "no_privacy",
                "Nobody has chosen yet who may see this post.",
                "Choose who may see it.",
            )
        ]
    if options.brand_content and options.privacy_level == SELF_ONLY:
        return [
            Finding(
                "branded_and_private",
                "Branded content visibility cannot be set to private.",
                "Choose another audience, or take the label back.",
            )
        ]
    if not settings.TIKTOK_APP_AUDITED and options.privacy_level != SELF_ONLY:
        return [
            Finding(
                "app_not_audited",
                "TikTok has not audited this app yet: direct posts can be seen by you only.",
                "Choose “Only you”, or send it to your TikTok inbox instead.",
            )
        ]
    return []
