"""Figures of a pretend audience: they grow with a video's age and never shrink."""

import hashlib
import math
import sqlite3

HALF_LIFE = 8 * 3600  # seconds in which a video earns half of what it will ever get
LARGEST = 20_000


def of_video(video: sqlite3.Row, now: float) -> dict[str, int]:
    """Lifetime totals as of `now` (Protocol 12.4)."""
    digest = hashlib.sha256(str(video["id"]).encode()).digest()
    potential = LARGEST * (digest[0] + 1) / 256
    age = max(0.0, now - video["live_ms"] / 1000)
    views = int(potential * (1 - math.exp2(-age / HALF_LIFE)))
    return {
        "view_count": views,
        "like_count": views * (digest[1] % 12 + 2) // 100,
        "comment_count": 0 if video["disable_comment"] else views * (digest[2] % 5) // 1_000,
        "share_count": views * (digest[3] % 8) // 1_000,
    }


def of_creator(creator: sqlite3.Row, public: list[sqlite3.Row], now: float) -> dict[str, int]:
    digest = hashlib.sha256(creator["handle"].encode()).digest()
    return {
        "follower_count": int.from_bytes(digest[:2], "big"),
        "following_count": digest[2],
        "likes_count": sum(of_video(video, now)["like_count"] for video in public),
        "video_count": len(public),
    }
