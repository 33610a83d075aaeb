"""Reading the body of a video's init (Protocol 5.1, 5.2)."""

from dataclasses import dataclass

from tiktok.sandbox import addresses
from tiktok.sandbox.chunk_rules import ChunkPlan, check
from tiktok.sandbox.creators import ONLY_ME
from tiktok.sandbox.fields import INT32, Fields, utf16_length
from tiktok.sandbox.refusals import invalid

# UTF-16 code units: of a video's caption, of photos' title and description (Protocol 5.1, 7).
CAPTION_LIMIT = 2_200
TITLE_LIMIT, DESCRIPTION_LIMIT = 90, 4_000


@dataclass(frozen=True, slots=True)
class PostInfo:
    """What a direct post says about itself (Protocol 5.1)."""

    caption: str
    privacy: str
    disable_comment: bool
    disable_duet: bool
    disable_stitch: bool
    cover_ms: int
    brand_content: bool
    brand_organic: bool
    is_aigc: bool


def post_info(fields: Fields) -> PostInfo:
    caption = fields.text("title", "")
    if utf16_length(caption) > CAPTION_LIMIT:
        raise invalid(f"title is longer than {CAPTION_LIMIT} UTF-16 code units")
    post = PostInfo(
        caption=caption,
        privacy=fields.text("privacy_level", ""),
        disable_comment=fields.boolean("disable_comment"),
        disable_duet=fields.boolean("disable_duet"),
        disable_stitch=fields.boolean("disable_stitch"),
        cover_ms=fields.integer("video_cover_timestamp_ms", 0, most=INT32),
        brand_content=fields.boolean("brand_content_toggle"),
        brand_organic=fields.boolean("brand_organic_toggle"),
        is_aigc=fields.boolean("is_aigc"),
    )
    if post.brand_content and post.privacy == ONLY_ME:
        # No code is documented for what the guidelines forbid (Protocol 5.1): this one is ours.
        raise invalid("branded content can not be visible to the creator alone")
    return post


def source_info(fields: Fields, properties: tuple[str, ...]) -> ChunkPlan | str:
    """How the bytes come: in chunks, or from an address under one of the verified `properties`."""
    source = fields.text("source", "")
    if source == "PULL_FROM_URL":
        address = fields.text("video_url")
        addresses.check(address, properties)
        return address
    if source != "FILE_UPLOAD":
        raise invalid("source info is empty or incorrect")
    if "video_url" in fields:
        raise invalid("source info is empty or incorrect: an upload has no video_url")
    plan = ChunkPlan(
        size=fields.integer("video_size"),
        chunk_size=fields.integer("chunk_size"),
        count=fields.integer("total_chunk_count"),
    )
    check(plan)
    return plan
