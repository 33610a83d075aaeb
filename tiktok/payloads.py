"""The bodies of the inits, as TikTok wants them (Protocol 5.1, 5.2, 6, 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tiktok.chunks import ChunkPlan
from tiktok.errors import RefusedHere
from tiktok.limits import (
    PHOTO_DESCRIPTION_UNITS,
    PHOTO_TITLE_UNITS,
    PHOTOS_MAX_COUNT,
    VIDEO_CAPTION_UNITS,
    utf16_length,
)

SELF_ONLY = "SELF_ONLY"
_MAX_INT32 = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PostInfo:
    """What a direct post of a video says about itself.

    Raises RefusedHere for what must never be sent. The page has *allow* boxes and TikTok *disable*
    flags that default to allowed, so the flags have no default here and are always sent.
    """

    privacy_level: str  # one of what creator_info offers now
    title: str  # the caption
    disable_comment: bool
    disable_duet: bool
    disable_stitch: bool
    brand_content_toggle: bool  # paid partnership for a third party
    brand_organic_toggle: bool  # promotes the creator's own business
    is_aigc: bool = False  # TikTok labels it as made by AI
    video_cover_timestamp_ms: int | None = None  # into the video; None: the first frame

    def __post_init__(self) -> None:
        _expect_audience(self.privacy_level, is_branded=self.brand_content_toggle)
        _expect_length("caption", self.title, VIDEO_CAPTION_UNITS)
        cover = self.video_cover_timestamp_ms
        if cover is not None and not 0 <= cover <= _MAX_INT32:
            raise RefusedHere(
                f"The cover can not be taken at {cover} ms.", what_to_do="Choose the cover again."
            )

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "privacy_level": self.privacy_level,
            "title": self.title,
            "disable_comment": self.disable_comment,
            "disable_duet": self.disable_duet,
            "disable_stitch": self.disable_stitch,
            "brand_content_toggle": self.brand_content_toggle,
            "brand_organic_toggle": self.brand_organic_toggle,
            "is_aigc": self.is_aigc,
        }
        if self.video_cover_timestamp_ms is not None:
            body["video_cover_timestamp_ms"] = self.video_cover_timestamp_ms
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoWords:
    """What a post of photos says: all that a draft of one can say. Raises RefusedHere."""

    title: str
    description: str  # the caption, with its tags and mentions

    def __post_init__(self) -> None:
        _expect_length("title", self.title, PHOTO_TITLE_UNITS)
        _expect_length("caption", self.description, PHOTO_DESCRIPTION_UNITS)

    def as_json(self) -> dict[str, Any]:
        return {"title": self.title, "description": self.description}


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoInfo(PhotoWords):
    """What a direct post of photos says about itself. Raises RefusedHere."""

    privacy_level: str  # one of what creator_info offers now
    disable_comment: bool
    auto_add_music: bool  # TikTok adds music, which the creator may change later
    brand_content_toggle: bool
    brand_organic_toggle: bool
    is_aigc: bool = False

    def __post_init__(self) -> None:
        PhotoWords.__post_init__(self)
        _expect_audience(self.privacy_level, is_branded=self.brand_content_toggle)

    def as_json(self) -> dict[str, Any]:
        return PhotoWords.as_json(self) | {
            "privacy_level": self.privacy_level,
            "disable_comment": self.disable_comment,
            "auto_add_music": self.auto_add_music,
            "brand_content_toggle": self.brand_content_toggle,
            "brand_organic_toggle": self.brand_organic_toggle,
        }


def direct_video(post: PostInfo, source: ChunkPlan | str) -> dict[str, Any]:
    """The body of /v2/post/publish/video/init/; `source` as in `inbox_video`."""
    return {"post_info": post.as_json(), "source_info": _video_source(source)}


def inbox_video(source: ChunkPlan | str) -> dict[str, Any]:
    """The body of /v2/post/publish/inbox/video/init/: everything else is chosen inside TikTok.

    `source`: the plan of what we upload, or the address from which TikTok fetches.
    """
    return {"source_info": _video_source(source)}


def photos(post: PhotoWords, addresses: Sequence[str], *, cover: int) -> dict[str, Any]:
    """The body of /v2/post/publish/content/init/: a direct post for a PhotoInfo, else a draft.

    `addresses`: where TikTok fetches the photos, in the order in which they are shown; `cover`:
    which of them stands for all, 0 for the first.
    """
    if not 1 <= len(addresses) <= PHOTOS_MAX_COUNT:
        raise RefusedHere(
            f"A post of photos has 1 to {PHOTOS_MAX_COUNT}, and this one has {len(addresses)}.",
            what_to_do="Choose the photos again, then schedule the post again.",
        )
    if not 0 <= cover < len(addresses):
        raise RefusedHere(
            "The photo that was chosen as the cover is not in this post any more.",
            what_to_do="Choose the cover again, then schedule the post again.",
        )
    body: dict[str, Any] = {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST" if isinstance(post, PhotoInfo) else "MEDIA_UPLOAD",
        "post_info": post.as_json(),
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": list(addresses),
            "photo_cover_index": cover,
        },
    }
    if isinstance(post, PhotoInfo):
        body["is_aigc"] = post.is_aigc  # beside post_info, unlike a video's (Protocol 7)
    return body


def _video_source(source: ChunkPlan | str) -> dict[str, Any]:
    if isinstance(source, str):
        return {"source": "PULL_FROM_URL", "video_url": source}
    return {
        "source": "FILE_UPLOAD",
        "video_size": source.size,
        "chunk_size": source.chunk_size,
        "total_chunk_count": source.count,
    }


def _expect_audience(privacy_level: str, *, is_branded: bool) -> None:
    if not privacy_level:
        raise RefusedHere(
            "Nobody has chosen who may see this post.",
            what_to_do="Choose who may see it, then schedule it again.",
        )
    if is_branded and privacy_level == SELF_ONLY:
        # No code is documented for it, but the guidelines forbid it (Protocol 13, point 22).
        raise RefusedHere(
            "Branded content visibility cannot be set to private.",
            what_to_do="Choose another audience, or take back the branded content label.",
        )


def _expect_length(what: str, words: str, limit: int) -> None:
    excess = utf16_length(words) - limit
    if excess > 0:
        raise RefusedHere(
            f"The {what} is {excess} too long for TikTok, which takes {limit:,} "
            "(most emoji count two).",
            what_to_do=f"Shorten the {what}, then schedule the post again.",
        )
