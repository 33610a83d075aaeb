"""What has happened and the app has not been told yet, read off the time stamps (Protocol 11).

Nothing notes that something happens: each look compares what is with what was told. `told` names
what a webhook was about, so that each thing is told once.
"""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from tiktok.sandbox.creators import PUBLIC

PUBLISH_TYPE = {"direct": "DIRECT_PUBLISH", "inbox": "INBOX_SHARE"}

_ENDED = """
SELECT publications.*, coalesce(failed_at, ready_at) AS at FROM publications
LEFT JOIN webhooks ON told = 'ended:' || publications.publish_id
WHERE client_key = :app AND told IS NULL AND (failed_at IS NOT NULL OR ready_at <= :now)
"""
_POSTED = """
SELECT publications.*, live_ms / 1000.0 AS at, videos.id AS video_id FROM videos
JOIN publications USING (publish_id)
LEFT JOIN webhooks ON told = 'posted:' || videos.id
WHERE client_key = :app AND mode = 'inbox' AND told IS NULL AND live_ms <= :now * 1000
"""
_SEEN = """
SELECT publications.*, max(live_ms / 1000.0, moderated_at) AS at, videos.id AS video_id,
    told IS NOT NULL AS was_seen
FROM videos
JOIN publications USING (publish_id)
JOIN creators ON creators.id = videos.creator_id
LEFT JOIN webhooks ON told = 'seen:' || videos.id
WHERE client_key = :app AND live_ms <= :now * 1000 AND moderated_at <= :now
    AND (videos.privacy = :public AND NOT private) != (told IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class News:
    event: str
    at: float  # Unix seconds
    creator_id: int
    content: dict[str, Any]
    told: str | None = None  # what it is about; None: it may be told again
    forgets: str | None = None  # what was told before is news once more when it happens again


def all_news(db: sqlite3.Connection, client_key: str, now: float) -> list[News]:
    """What the app does not know yet, in the order in which it happened."""
    asked = {"app": client_key, "now": now, "public": PUBLIC}
    found = [_ended(row) for row in db.execute(_ENDED, asked)]
    found += [_posted(row) for row in db.execute(_POSTED, asked)]
    found += [_seen(row, now) for row in db.execute(_SEEN, asked)]
    return sorted(found, key=lambda news: news.at)


def note(db: sqlite3.Connection, news: News, client_key: str, *, due_at: float | None) -> int:
    """Write down that it is to be told at `due_at`; None: never. Returns the webhook's id."""
    (open_id,) = db.execute(
        "SELECT open_id FROM grants WHERE creator_id = ? AND client_key = ?",
        [news.creator_id, client_key],
    ).fetchone()
    body = {
        "client_key": client_key,
        "event": news.event,
        "create_time": int(news.at),
        "user_openid": open_id,
        "content": json.dumps(news.content, separators=(",", ":")),
    }
    if news.forgets:
        db.execute("UPDATE webhooks SET told = NULL WHERE told = ?", [news.forgets])
    made = db.execute(
        "INSERT INTO webhooks (event, told, body, made_at, next_try_at) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        [
            news.event,
            news.told,
            json.dumps(body, separators=(",", ":")),
            news.at,
            due_at,
        ],
    ).fetchone()
    return int(made["id"])


def access_removed(creator_id: int, reason: int, now: float) -> News:
    return News("authorization.removed", now, creator_id, {"reason": reason})


def _ended(row: sqlite3.Row) -> News:
    told, at = f"ended:{row['publish_id']}", row["at"]
    if row["planned_failure"]:
        failed = "post.publish.failed"
        return News(failed, at, row["creator_id"], _about(row, reason=row["planned_failure"]), told)
    done = "post.publish.inbox_delivered" if row["mode"] == "inbox" else "post.publish.complete"
    return News(done, at, row["creator_id"], _about(row), told)


def _posted(row: sqlite3.Row) -> News:
    told = f"posted:{row['video_id']}"
    return News("post.publish.complete", row["at"], row["creator_id"], _about(row), told)


def _seen(row: sqlite3.Row, now: float) -> News:
    """One that was told to be seen, and is in this list, is not seen any more."""
    post_id = str(row["video_id"])
    content, told = _about(row, post_id=post_id), f"seen:{post_id}"
    if row["was_seen"]:
        hidden = "post.publish.no_longer_publicaly_available"  # TikTok's own spelling
        return News(hidden, now, row["creator_id"], content, forgets=told)
    seen = "post.publish.publicly_available"
    return News(seen, row["at"], row["creator_id"], content, told)


def _about(row: sqlite3.Row, **more: str) -> dict[str, Any]:
    return {"publish_id": row["publish_id"], "publish_type": PUBLISH_TYPE[row["mode"]]} | more
