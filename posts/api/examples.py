"""What the examples of posts and media answer, and what several of them send."""

from typing import Any

from accounts.api.examples import CHANNEL, MEDIUM, POST, PUBLICATION, UPLOAD, USER
from accounts.api.schemas import some_time_ahead

SOON = some_time_ahead()
ALICE = {"id": USER, "username": "alice"}
# As TikTok has them: an example wants a platform.
CHOSEN = {"privacy_level": "PUBLIC_TO_EVERYONE", "allow_comment": True}
OPTIONS = {
    "mode": "direct",
    "privacy_level": "PUBLIC_TO_EVERYONE",
    "allow_comment": True,
    "allow_duet": False,
    "allow_stitch": False,
    "brand_organic": False,
    "brand_content": False,
    "is_aigc": False,
    "cover_timestamp_ms": None,
    "photo_cover_index": 0,
    "auto_add_music": False,
}
PUBLICATION_SHOWN: dict[str, Any] = {
    "id": PUBLICATION,
    "platform": "tiktok",
    "channel_id": CHANNEL,
    "state": "scheduled",
    "held_reason": None,
    "scheduled_at": SOON,
    "options": OPTIONS,
    "publish_id": None,
    "post_id": None,
    "permalink": None,
    "published_at": None,
    "delivered_at": None,
    "lateness_ms": None,
    "failure": None,
}
POST_SHOWN: dict[str, Any] = {
    "id": POST,
    "caption": "Sunrise over the harbour #morning",
    "title": "",
    "kind": "video",
    "media": [MEDIUM],
    "author": ALICE,
    "state": "scheduled",
    "created_at": "2026-11-22T08:14:03.120000Z",
    "updated_at": "2026-11-22T08:14:03.120000Z",
    "publications": [PUBLICATION_SHOWN],
}
MEDIUM_SHOWN: dict[str, Any] = {
    "id": MEDIUM,
    "kind": "video",
    "name": "sunrise.mp4",
    "state": "ready",
    "size": 40_000_000,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "content_type": "video/mp4",
    "width": 1080,
    "height": 1920,
    "duration": 24.5,
    "frame_rate": 30.0,
    "problems": [],
    "created_at": "2026-11-22T08:13:51.004000Z",
}
UNCHECKED_SHOWN = MEDIUM_SHOWN | {"state": "checking", "content_type": ""}
UNCHECKED_SHOWN |= dict.fromkeys(("width", "height", "duration", "frame_rate"))
UPLOAD_SHOWN: dict[str, Any] = {
    "id": UPLOAD,
    "media_id": MEDIUM,
    "size": 40_000_000,
    "part_size": 8_000_000,
    "part_count": 5,
    "received": [],
    "sha256": {},
    "has_addresses": False,
    "expires_at": "2026-11-23T08:13:20.730000Z",
}


def in_state(state: str, **rest: Any) -> dict[str, Any]:
    """The publication, as it is shown then."""
    return PUBLICATION_SHOWN | {"state": state} | rest


def post_in(state: str, **rest: Any) -> dict[str, Any]:
    """The post, with its publication as it is then."""
    return POST_SHOWN | {"state": state, "publications": [in_state(state)]} | rest
