"""What a post may consist of: one video or up to 35 photos, and so many words (Protocol 7, 9)."""

from posts.media.facts import PhotoFacts, VideoFacts
from posts.models import Media, all_photos
from posts.platforms import About, Finding
from tiktok.limits import (
    PHOTO_DESCRIPTION_UNITS,
    PHOTO_TITLE_UNITS,
    PHOTOS_MAX_COUNT,
    VIDEO_CAPTION_UNITS,
    Problem,
    photo_problems,
    utf16_length,
    video_problems,
)
from tiktok.models import PostMode, TikTokOptions


def media_findings(media: list[Media]) -> list[Finding]:
    if finding := _together(media):
        return [finding]
    return [
        Finding(problem.code, problem.message, "Choose another file.", about=About.MEDIA)
        for medium in media
        if medium.is_ready
        for problem in _problems(medium)
    ]


def words_findings(
    *, caption: str, title: str, media: list[Media], options: TikTokOptions
) -> list[Finding]:
    """What is too long. A draft for the inbox takes the words of photos along, not a video's."""
    if all_photos(media):
        limits = [
            ("title_too_long", "title", title, PHOTO_TITLE_UNITS),
            ("caption_too_long", "description", caption, PHOTO_DESCRIPTION_UNITS),
        ]
    elif options.mode == PostMode.DIRECT:
        limits = [("caption_too_long", "caption", caption, VIDEO_CAPTION_UNITS)]
    else:
        limits = []
    return [
        Finding(
            code,
            f"The {name} is {excess} too long; TikTok takes {most:,} characters, and most emoji "
            "count two.",
            "Shorten it.",
        )
        for code, name, text, most in limits
        if (excess := utf16_length(text) - most) > 0
    ]


def cover_findings(media: list[Media], options: TikTokOptions) -> list[Finding]:
    if not all_photos(media) or options.photo_cover_index < len(media):
        return []
    return [
        Finding(
            "cover_gone",
            "The photo that was chosen as the cover is not in this post any more.",
            "Choose the cover again.",
        )
    ]


def _together(media: list[Media]) -> Finding | None:
    """Whether these can be in one post at all."""
    count = len(media)
    if all_photos(media):
        if count <= PHOTOS_MAX_COUNT:
            return None
        return Finding(
            "too_many_photos",
            f"This post has {count} photos; TikTok takes at most {PHOTOS_MAX_COUNT}.",
            f"Remove {count - PHOTOS_MAX_COUNT} of them.",
            about=About.MEDIA,
        )
    if any(medium.is_photo for medium in media):
        return Finding(
            "video_and_photos",
            "A post has either one video or photos, never both.",
            "Remove the video or the photos.",
            about=About.MEDIA,
        )
    if count <= 1:
        return None
    return Finding(
        "more_than_one_video",
        f"This post has {count} videos; TikTok takes one video in a post.",
        "Choose one, and make posts of their own for the others.",
        about=About.MEDIA,
    )


def _problems(medium: Media) -> list[Problem]:
    """By what its check found out: our rules may have changed since."""
    if medium.is_photo:
        return photo_problems(
            PhotoFacts(
                size=medium.size,
                mime_type=medium.content_type,
                width=medium.width or 0,
                height=medium.height or 0,
                original="",
                original_width=0,
                original_height=0,
            )
        )
    if not medium.container:
        return []
    return video_problems(
        VideoFacts(
            size=medium.size,
            container=medium.container,
            mime_type=medium.content_type,
            video_codec=medium.video_codec,
            audio_codec=medium.audio_codec or None,
            width=medium.width or 0,
            height=medium.height or 0,
            rotation=0,
            duration=medium.duration or 0,
            frame_rate=medium.frame_rate or 0,
        )
    )
