"""The life of a publication, read off its time stamps: nothing has to run for it to go on.

    bytes missing ──► processing ──► PUBLISH_COMPLETE               (direct)
         │                │     └──► SEND_TO_USER_INBOX ──► PUBLISH_COMPLETE   (inbox)
         └── cancelled ───┴────────► FAILED

Until processing ends, the word is PROCESSING_UPLOAD, or PROCESSING_DOWNLOAD of what is fetched
(Protocol 10).
"""

import secrets
import sqlite3
from enum import StrEnum
from typing import Any

from tiktok.sandbox import videos
from tiktok.sandbox.media import Finding
from tiktok.sandbox.scenarios import Scenario
from tiktok.sandbox.settings import Settings


class Status(StrEnum):
    PROCESSING_UPLOAD = "PROCESSING_UPLOAD"
    PROCESSING_DOWNLOAD = "PROCESSING_DOWNLOAD"
    SEND_TO_USER_INBOX = "SEND_TO_USER_INBOX"
    PUBLISH_COMPLETE = "PUBLISH_COMPLETE"
    FAILED = "FAILED"


# Shapes seen in the wild (Protocol 5.3). The digits are not the post's id.
PUBLISH_ID = {"direct": "v_pub_file~v2-1.{}", "inbox": "v_inbox_file~v2.{}"}
PULLED_ID = {"direct": "v_pub_url~v2-1.{}", "inbox": "v_inbox_url~v2.{}"}
PHOTOS_ID = {"direct": "p_pub_url~v2.{}", "inbox": "p_inbox_url~v2.{}"}
UNFINISHED = (Status.PROCESSING_UPLOAD, Status.PROCESSING_DOWNLOAD)

_SELECT = """
SELECT publications.*, creators.handle, uploads.upload_id, uploads.size, uploads.chunk_size,
    uploads.chunk_count, uploads.received, uploads.expires_at, uploads.completed_at,
    uploads.sha256, uploads.container, uploads.width, uploads.height, uploads.duration
FROM publications
JOIN creators ON creators.id = publications.creator_id
JOIN uploads USING (publish_id)
"""


def create(db: sqlite3.Connection, mode: str, scenario: Scenario, **values: Any) -> str:
    """Write down a publication that waits for its bytes. Returns its publish_id.

    `values`: the columns that come from the init's body, the creator and the clock.
    """
    number = 7 * 10**18 + secrets.randbelow(10**18)
    shapes = PUBLISH_ID
    if values.get("pulled"):
        shapes = PHOTOS_ID if values.get("is_photos") else PULLED_ID
    row = values | {
        "publish_id": shapes[mode].format(number),
        "mode": mode,
        "slow_seconds": scenario.slow_seconds,
        "stuck": scenario.stuck,
        "planned_failure": scenario.fail_reason,
    }
    names = ", ".join(row)
    marks = ", ".join(f":{name}" for name in row)
    db.execute(f"INSERT INTO publications ({names}) VALUES ({marks})", row)  # noqa: S608
    return str(row["publish_id"])


def find(db: sqlite3.Connection, publish_id: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(_SELECT + " WHERE publish_id = ?", [publish_id]).fetchone()
    return row


def everything(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return db.execute(_SELECT + " ORDER BY publications.created_at, publish_id").fetchall()


def drafts_of(db: sqlite3.Connection, creator_id: int, now: float) -> list[sqlite3.Row]:
    """The drafts in a creator's inbox, newest first: posted ones stay until dropped."""
    return db.execute(
        _SELECT + " WHERE publications.creator_id = ? AND mode = 'inbox' AND dropped_at IS NULL"
        " AND failed_at IS NULL AND ready_at <= ? AND planned_failure IS NULL"
        " ORDER BY ready_at DESC",
        [creator_id, now],
    ).fetchall()


def on_their_way(db: sqlite3.Connection, creator_id: int, now: float) -> list[sqlite3.Row]:
    """What has begun and is neither published, in the inbox, failed nor given up."""
    return db.execute(
        _SELECT + " WHERE publications.creator_id = :creator AND failed_at IS NULL"
        " AND (ready_at IS NULL OR ready_at > :now)"
        " AND (completed_at IS NOT NULL OR expires_at > :now) ORDER BY publications.created_at",
        {"creator": creator_id, "now": now},
    ).fetchall()


def being_fetched(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return db.execute(
        _SELECT + " WHERE pulled AND completed_at IS NULL AND failed_at IS NULL"
    ).fetchall()


def status(db: sqlite3.Connection, publication: sqlite3.Row, now: float) -> Status:
    if publication["failed_at"] is not None:
        return Status.FAILED
    if publication["ready_at"] is None or publication["ready_at"] > now:
        pulled = publication["pulled"]
        return Status.PROCESSING_DOWNLOAD if pulled else Status.PROCESSING_UPLOAD
    if publication["planned_failure"]:
        return Status.FAILED
    if publication["mode"] == "direct" or videos.posted_from(db, publication["publish_id"]):
        return Status.PUBLISH_COMPLETE
    return Status.SEND_TO_USER_INBOX


def finish_upload(
    db: sqlite3.Connection,
    publication: sqlite3.Row,
    finding: Finding,
    settings: Settings,
    now: float,
) -> None:
    """The last byte is here: from now on the publication goes on by itself."""
    figures = finding.figures
    db.execute(
        "UPDATE uploads SET completed_at = ?, container = ?, width = ?, height = ?, duration = ?,"
        " size = received WHERE publish_id = ?",
        [
            now,
            finding.container,
            figures and figures.width,
            figures and figures.height,
            figures and figures.duration,
            publication["publish_id"],
        ],
    )
    slow = publication["slow_seconds"]
    ready_at = now + (settings.processing_seconds if slow is None else slow)
    failure = publication["planned_failure"] or finding.failure
    stuck = publication["stuck"]
    db.execute(
        "UPDATE publications SET ready_at = ?, planned_failure = ? WHERE publish_id = ?",
        [None if stuck else ready_at, failure, publication["publish_id"]],
    )
    if publication["mode"] == "direct" and not failure and not stuck:
        copied = ("caption", "privacy", "disable_comment", "disable_duet", "disable_stitch")
        moderated_at = ready_at + settings.moderation_seconds
        as_announced = {name: publication[name] for name in copied}
        videos.put_live(db, publication, at=ready_at, moderated_at=moderated_at, **as_announced)


def fail(db: sqlite3.Connection, publish_id: str, reason: str, now: float) -> None:
    """End a publication that has not become anything yet."""
    db.execute(
        "UPDATE publications SET failed_at = ?, planned_failure = ? WHERE publish_id = ?",
        [now, reason, publish_id],
    )
    db.execute("DELETE FROM videos WHERE publish_id = ?", [publish_id])


def fail_unfinished(
    db: sqlite3.Connection, creator_id: int, client_key: str, reason: str, now: float
) -> None:
    """End everything of one creator and app that still uploads or processes."""
    rows = db.execute(
        "SELECT publish_id FROM publications WHERE creator_id = ? AND client_key = ?"
        " AND failed_at IS NULL AND (ready_at IS NULL OR ready_at > ?)",
        [creator_id, client_key, now],
    ).fetchall()
    for row in rows:
        fail(db, row["publish_id"], reason, now)


def as_data(
    db: sqlite3.Connection, publication: sqlite3.Row, settings: Settings, now: float
) -> dict[str, Any]:
    """What status/fetch tells (Protocol 10)."""
    word = status(db, publication, now)
    ids: list[int] = []
    if word is Status.PUBLISH_COMPLETE and not settings.withhold_public_ids:
        ids = videos.public_ids(db, publication["publish_id"], now)
    counted = "downloaded_bytes" if publication["pulled"] else "uploaded_bytes"
    return {
        "status": word,
        "fail_reason": publication["planned_failure"] if word is Status.FAILED else "",
        "publicaly_available_post_id": ids,
        counted: publication["received"],
    }
