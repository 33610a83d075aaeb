"""The bodies of the two video inits, as TikTok wants them (Protocol 5.1, 5.2, 6)."""

from dataclasses import dataclass
from typing import Any

from tiktok.chunks import ChunkPlan
from tiktok.errors import RefusedHere
from tiktok.limits import VIDEO_CAPTION_UNITS, utf16_length

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
        if not self.privacy_level:
            raise RefusedHere(
                "Nobody has chosen who may see this post.",
                what_to_do="Choose who may see it, then schedule it again.",
            )
        if self.brand_content_toggle and self.privacy_level == SELF_ONLY:
            # No code is documented for it, but the guidelines forbid it (Protocol 13, point 22).
            raise RefusedHere(
                "Branded content visibility cannot be set to private.",
                what_to_do="Choose another audience, or take back the branded content label.",
            )
        excess = utf16_length(self.title) - VIDEO_CAPTION_UNITS
        if excess > 0:
            raise RefusedHere(
                f"The caption is {excess} too long for TikTok, which takes {VIDEO_CAPTION_UNITS:,} "
                "(most emoji count two).",
                what_to_do="Shorten the caption, then schedule the post again.",
            )
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


def direct_video(post: PostInfo, chunks: ChunkPlan) -> dict[str, Any]:
    """The body of /v2/post/publish/video/init/ for a file that we upload."""
    return {"post_info": post.as_json(), "source_info": _file_upload(chunks)}


def inbox_video(chunks: ChunkPlan) -> dict[str, Any]:
    """The body of /v2/post/publish/inbox/video/init/: everything else is chosen inside TikTok."""
    return {"source_info": _file_upload(chunks)}


def _file_upload(chunks: ChunkPlan) -> dict[str, Any]:
    return {
        "source": "FILE_UPLOAD",
        "video_size": chunks.size,
        "chunk_size": chunks.chunk_size,
        "total_chunk_count": chunks.count,
    }
