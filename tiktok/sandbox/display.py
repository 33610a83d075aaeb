"""The Display API: who the creator is, and the public videos (Protocol 12)."""

import html
import re
import sqlite3
from typing import Any

from tiktok.sandbox import creators, statistics, tokens, videos
from tiktok.sandbox.api import Call
from tiktok.sandbox.fields import INT32, INT64
from tiktok.sandbox.pictures import AVATAR_SIZES, avatar_address, cover_address
from tiktok.sandbox.refusals import Refusal, invalid

SHOWN_TEXT = 150  # characters of a caption that come back
MOST_VIDEOS = 20
DEFAULT_VIDEOS = 10

SCOPE_OF_FIELD = {
    "open_id": "user.info.basic",
    "union_id": "user.info.basic",
    "avatar_url": "user.info.basic",
    "avatar_url_100": "user.info.basic",
    "avatar_large_url": "user.info.basic",
    "display_name": "user.info.basic",
    "bio_description": "user.info.profile",
    "profile_deep_link": "user.info.profile",
    "username": "user.info.profile",
    "is_verified": "user.info.profile",
    "follower_count": "user.info.stats",
    "following_count": "user.info.stats",
    "likes_count": "user.info.stats",
    "video_count": "user.info.stats",
}
VIDEO_FIELDS = (
    "id",
    "create_time",
    "cover_image_url",
    "share_url",
    "video_description",
    "title",
    "duration",
    "height",
    "width",
    "embed_html",
    "embed_link",
    "like_count",
    "comment_count",
    "share_count",
    "view_count",
    "is_aigc",
)


def user_info(call: Call) -> dict[str, Any]:
    """The fields asked for; one without its scope fails the whole call."""
    wanted = _fields(call, tuple(SCOPE_OF_FIELD))
    missing = {SCOPE_OF_FIELD[name] for name in wanted} - set(call.scopes)
    if missing:
        raise Refusal(
            "scope_permission_missed", f"The fields need {', '.join(sorted(missing))} as well."
        )
    with call.world.state.reading() as db:
        creator = creators.by_id(db, call.creator_id)
        user = _user(db, call, creator)
        if any(SCOPE_OF_FIELD[name] == "user.info.stats" for name in wanted):
            public = videos.public_of(db, creator["id"], call.now, before_ms=INT64, most=INT32)
            user |= statistics.of_creator(creator, public, call.now)
    return {"user": {name: user[name] for name in wanted}}


def _user(db: sqlite3.Connection, call: Call, creator: sqlite3.Row) -> dict[str, Any]:
    base = call.request.base_url
    small, large = (avatar_address(base, creator, call.now, size) for size in AVATAR_SIZES)
    return {
        "open_id": tokens.open_id(db, creator["id"], call.token["client_key"]),
        "union_id": creator["union_id"],
        "avatar_url": small,
        "avatar_url_100": small,
        "avatar_large_url": large,
        "display_name": creator["display_name"],
        "bio_description": creator["bio"],
        "profile_deep_link": f"{base}/@{creator['handle']}",
        "username": creator["handle"],
        "is_verified": False,
    }


def video_list(call: Call) -> dict[str, Any]:
    """Public videos older than the cursor, newest first."""
    wanted = _fields(call, VIDEO_FIELDS)
    now_ms = int(call.now * 1000) + 1
    cursor = call.body.integer("cursor", now_ms)
    most = call.body.integer("max_count", DEFAULT_VIDEOS, most=INT32)
    if not 1 <= most <= MOST_VIDEOS:
        raise invalid(f"max_count is between 1 and {MOST_VIDEOS}")
    with call.world.state.reading() as db:
        found = videos.public_of(db, call.creator_id, call.now, before_ms=cursor, most=most + 1)
    shown = found[:most]
    return {
        "videos": [_video(call, row, wanted) for row in shown],
        "cursor": shown[-1]["live_ms"] if shown else cursor,
        "has_more": len(found) > most,
    }


def video_query(call: Call) -> dict[str, Any]:
    """Figures of named videos; ids that are not public or not the creator's are left out."""
    wanted = _fields(call, VIDEO_FIELDS)
    ids = call.body.object("filters").texts("video_ids")
    if not 1 <= len(ids) <= MOST_VIDEOS:
        raise invalid(f"video_ids holds 1 to {MOST_VIDEOS} ids")
    numbers = [int(text) for text in ids if re.fullmatch(r"[0-9]{1,18}|[1-8][0-9]{18}", text)]
    with call.world.state.reading() as db:
        found = videos.public_with_ids(db, call.creator_id, numbers, call.now)
    return {"videos": [_video(call, row, wanted) for row in found]}


def _fields(call: Call, known: tuple[str, ...]) -> list[str]:
    """The names in the query parameter `fields`, which is required (Protocol 1)."""
    names = (call.request.argument("fields") or "").split(",")
    unknown = [name for name in names if name not in known]
    if unknown:
        raise invalid(f"fields is missing, or holds what is unknown: {', '.join(unknown)}")
    return names


def _video(call: Call, row: sqlite3.Row, wanted: list[str]) -> dict[str, Any]:
    base = call.request.base_url
    link = base + videos.path(row)
    text = row["caption"][:SHOWN_TEXT]
    video: dict[str, Any] = {
        "id": str(row["id"]),
        "create_time": row["create_time"],
        "cover_image_url": cover_address(base, row, call.now),
        "share_url": f"{link}?utm_campaign=tt4d_open_api&utm_source={call.token['client_key']}",
        "video_description": text,
        "title": text,
        "duration": int(row["duration"] or 0),
        "height": row["height"] or 0,
        "width": row["width"] or 0,
        "embed_html": f'<blockquote cite="{html.escape(link)}"><a href="{html.escape(link)}">'
        f"{html.escape(text)}</a></blockquote>",
        "embed_link": link,
        "is_aigc": bool(row["is_aigc"]),
    }
    video |= statistics.of_video(row, call.now)
    return {name: video[name] for name in wanted}
