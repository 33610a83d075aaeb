"""The init of a post of photos (Protocol 7)."""

from dataclasses import dataclass
from typing import Any

from tiktok.sandbox import addresses, caps, creators, posting, scenarios
from tiktok.sandbox.api import Call
from tiktok.sandbox.creators import ONLY_ME
from tiktok.sandbox.fields import Fields, utf16_length
from tiktok.sandbox.init_body import DESCRIPTION_LIMIT, TITLE_LIMIT
from tiktok.sandbox.refusals import Refusal, invalid

MOST_PHOTOS = 35
MODES = {"DIRECT_POST": "direct", "MEDIA_UPLOAD": "inbox"}
SCOPES = {"direct": "video.publish", "inbox": "video.upload"}


@dataclass(frozen=True, slots=True)
class PhotoPost:
    mode: str  # direct, inbox
    title: str
    description: str
    privacy: str
    disable_comment: bool
    auto_add_music: bool
    brand_content: bool
    brand_organic: bool
    is_aigc: bool
    photos: list[str]  # addresses, in their order
    cover_index: int


def init(call: Call) -> dict[str, Any]:
    """Announce a direct post of photos, or a draft of one."""
    post = _read(call.body, call.settings.url_properties)
    if SCOPES[post.mode] not in call.scopes:
        raise Refusal("scope_not_authorized", "The creator has not granted the scope for this.")
    with call.world.state.transaction() as db:
        scenario = scenarios.play(db, call.creator_id, f"{post.title} {post.description}")
    scenarios.refuse_if_asked(scenario)
    with call.world.state.transaction() as db:
        creator = creators.by_id(db, call.creator_id)
        if post.mode == "direct":
            posting.refuse_direct(db, call, creator, post.privacy)
        else:
            caps.refuse_if_banned(creator)
            caps.refuse_if_inbox_is_full(db, creator, call.settings, call.now)
        disabled = creators.interactions_disabled(creator)
        answer = posting.announce(
            db,
            call,
            post.mode,
            scenario,
            post.photos,
            is_photos=True,
            title=post.title,
            caption=post.description,
            privacy=post.privacy or None,
            disable_comment=post.disable_comment or disabled["comment"],
            disable_duet=True,
            disable_stitch=True,
            cover_ms=0,
            auto_add_music=post.auto_add_music,
            photo_cover_index=post.cover_index,
            brand_content=post.brand_content,
            brand_organic=post.brand_organic,
            is_aigc=post.is_aigc,
            max_duration_sec=0,
        )
    return posting.answered(call, answer)


def _read(body: Fields, properties: tuple[str, ...]) -> PhotoPost:
    mode = MODES.get(body.text("post_mode", ""))
    if body.text("media_type", "") != "PHOTO" or mode is None:
        raise invalid("media type or post mode invalid")
    words, source = body.object("post_info"), body.object("source_info")
    direct = mode == "direct"  # a draft is chosen about in the app: most fields are passed over
    post = PhotoPost(
        mode=mode,
        title=words.text("title", ""),
        description=words.text("description", ""),
        privacy=words.text("privacy_level", "") if direct else "",
        disable_comment=words.boolean("disable_comment") and direct,
        auto_add_music=words.boolean("auto_add_music") and direct,
        brand_content=words.boolean("brand_content_toggle") and direct,
        brand_organic=words.boolean("brand_organic_toggle") and direct,
        is_aigc=body.boolean("is_aigc"),
        photos=source.texts("photo_images"),
        cover_index=source.integer("photo_cover_index"),
    )
    _check(post, source.text("source", ""), properties)
    return post


def _check(post: PhotoPost, source: str, properties: tuple[str, ...]) -> None:
    if source != "PULL_FROM_URL":
        raise invalid("source info is empty or incorrect: photos are fetched")
    if utf16_length(post.title) > TITLE_LIMIT:
        raise invalid(f"title is longer than {TITLE_LIMIT} UTF-16 code units")
    if utf16_length(post.description) > DESCRIPTION_LIMIT:
        raise invalid(f"description is longer than {DESCRIPTION_LIMIT} UTF-16 code units")
    if not 1 <= len(post.photos) <= MOST_PHOTOS:
        raise invalid(f"photo_images holds 1 to {MOST_PHOTOS} addresses")
    if not 0 <= post.cover_index < len(post.photos):
        raise invalid("photo_cover_index is not one of the photos")
    if post.brand_content and post.privacy == ONLY_ME:
        # As with videos: forbidden by the guidelines, without a documented code (Protocol 5.1).
        raise invalid("branded content can not be visible to the creator alone")
    for address in post.photos:
        addresses.check(address, properties)
