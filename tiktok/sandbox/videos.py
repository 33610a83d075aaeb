"""What is on a creator's profile. A row may wait there for its moment: `live_ms`."""

import secrets
import sqlite3
from typing import Any

from tiktok.sandbox.creators import PUBLIC

PATH = "/@{handle}/{kind}/{id}"

_SELECT = """
SELECT videos.*, videos.live_ms / 1000 AS create_time, creators.handle, creators.display_name,
    creators.private, publications.mode, publications.cover_ms, publications.brand_content,
    publications.brand_organic, publications.is_aigc, publications.client_key,
    publications.is_photos, publications.title, publications.auto_add_music,
    publications.photo_cover_index,
    uploads.upload_id, uploads.size, uploads.container, uploads.width, uploads.height,
    uploads.duration,
    videos.privacy = 'PUBLIC_TO_EVERYONE' AND NOT creators.private
        AND videos.moderated_at <= :now AS is_public
FROM videos
JOIN creators ON creators.id = videos.creator_id
JOIN publications USING (publish_id)
JOIN uploads USING (publish_id)
WHERE videos.live_ms <= :now * 1000
"""


def put_live(
    db: sqlite3.Connection,
    publication: sqlite3.Row,
    *,
    at: float,
    moderated_at: float,
    **values: Any,
) -> int:
    """Put a video on the profile from `at` on. Returns its id of 19 digits.

    `values`: caption, privacy, disable_comment, disable_duet, disable_stitch.
    """
    live_ms = int(at * 1000)
    # Two videos of one creator never share a millisecond, so that a cursor can tell them apart.
    while db.execute(
        "SELECT 1 FROM videos WHERE creator_id = ? AND live_ms = ?",
        [publication["creator_id"], live_ms],
    ).fetchone():
        live_ms += 1
    row = values | {
        "id": 7 * 10**18 + secrets.randbelow(10**18),
        "creator_id": publication["creator_id"],
        "publish_id": publication["publish_id"],
        "live_ms": live_ms,
        "moderated_at": moderated_at,
    }
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    db.execute(f"INSERT INTO videos ({names}) VALUES ({marks})", row)  # noqa: S608
    return int(row["id"])


def on_profile(
    db: sqlite3.Connection, creator_id: int, now: float, *, most: int, skip: int = 0
) -> list[sqlite3.Row]:
    """Everything that a creator sees on the own profile, newest first."""
    return db.execute(
        _SELECT
        + " AND videos.creator_id = :creator ORDER BY live_ms DESC LIMIT :most OFFSET :skip",
        {"now": now, "creator": creator_id, "most": most, "skip": skip},
    ).fetchall()


def public_of(
    db: sqlite3.Connection, creator_id: int, now: float, *, before_ms: int, most: int
) -> list[sqlite3.Row]:
    """The public videos older than `before_ms`, newest first (Protocol 12.2)."""
    return db.execute(
        _SELECT + " AND is_public AND videos.creator_id = :creator AND live_ms < :before"
        " ORDER BY live_ms DESC LIMIT :most",
        {"now": now, "creator": creator_id, "before": before_ms, "most": most},
    ).fetchall()


def public_with_ids(
    db: sqlite3.Connection, creator_id: int, ids: list[int], now: float
) -> list[sqlite3.Row]:
    marks = ", ".join(str(number) for number in ids)
    return db.execute(
        _SELECT + f" AND is_public AND videos.creator_id = :creator AND videos.id IN ({marks})"
        " ORDER BY live_ms DESC",
        {"now": now, "creator": creator_id},
    ).fetchall()


def one(db: sqlite3.Connection, handle: str, video_id: int, now: float) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        _SELECT + " AND creators.handle = :handle AND videos.id = :id",
        {"now": now, "handle": handle, "id": video_id},
    ).fetchone()
    return row


def everything_live(db: sqlite3.Connection, now: float) -> list[sqlite3.Row]:
    return db.execute(_SELECT + " ORDER BY live_ms", {"now": now}).fetchall()


def count(db: sqlite3.Connection, creator_id: int, now: float) -> int:
    (number,) = db.execute(
        "SELECT count(*) FROM videos WHERE creator_id = ? AND live_ms <= ?",
        [creator_id, now * 1000],
    ).fetchone()
    return int(number)


def count_of_photos(db: sqlite3.Connection, creator_id: int, now: float) -> int:
    """How many of these are posts of photos."""
    (number,) = db.execute(
        "SELECT count(*) FROM videos JOIN publications USING (publish_id)"
        " WHERE videos.creator_id = ? AND live_ms <= ? AND is_photos",
        [creator_id, now * 1000],
    ).fetchone()
    return int(number)


def public_ids(db: sqlite3.Connection, publish_id: str, now: float) -> list[int]:
    """The ids under which everybody can see what came of one publication (Protocol 10)."""
    rows = db.execute(
        _SELECT + " AND is_public AND videos.publish_id = :publish_id ORDER BY live_ms",
        {"now": now, "publish_id": publish_id},
    ).fetchall()
    return [row["id"] for row in rows]


def posted_from(db: sqlite3.Connection, publish_id: str) -> int:
    """How many times a draft has been posted."""
    (number,) = db.execute(
        "SELECT count(*) FROM videos WHERE publish_id = ?", [publish_id]
    ).fetchone()
    return int(number)


def path(video: sqlite3.Row) -> str:
    kind = "photo" if video["is_photos"] else "video"
    return PATH.format(handle=video["handle"], kind=kind, id=video["id"])


def is_for_everyone(video: sqlite3.Row) -> bool:
    return bool(video["privacy"] == PUBLIC and video["is_public"])
