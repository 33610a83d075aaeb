"""What reached the sandbox and what it answered: for tests, and for people who wonder."""

import sqlite3
import threading
from dataclasses import dataclass
from typing import Any

from tiktok.sandbox.messages import Request, Response
from tiktok.sandbox.state import State

KEEP_REQUESTS = 50_000
PRUNE_EVERY = 1_000
BODY_CHARACTERS = 20_000


@dataclass(slots=True)
class PutRecord:
    """One PUT while it runs. Its progress is only in memory until the end."""

    id: int
    bytes_received: int = 0
    last_byte_at: float | None = None
    trouble: str | None = None

    def received(self, count: int, at: float) -> None:
        self.bytes_received += count
        self.last_byte_at = at


class Recorder:
    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._running: dict[int, PutRecord] = {}

    def begin_request(self, request: Request, endpoint: str, creator: str | None) -> int:
        with self._state.transaction() as db:
            row_id = _insert(
                db,
                "requests",
                at=request.at,
                endpoint=endpoint,
                method=request.method,
                path=request.path,
                query=request.raw_query,
                content_type=request.header("Content-Type"),
                body=request.body.decode("utf-8", "replace")[:BODY_CHARACTERS],
                creator=creator,
            )
            if row_id % PRUNE_EVERY == 0:
                db.execute("DELETE FROM requests WHERE id <= ?", [row_id - KEEP_REQUESTS])
                db.execute("DELETE FROM puts WHERE at < (SELECT min(at) FROM requests)")
        return row_id

    def end_request(
        self, row_id: int, response: Response | None, trouble: str | None, now: float
    ) -> None:
        """Note the answer; `response` is None when the connection was cut instead."""
        sent = response if response and response.cut != "reset" else None
        with self._state.transaction() as db:
            db.execute(
                "UPDATE requests SET status = ?, code = ?, trouble = ?, ended_at = ? WHERE id = ?",
                [sent and sent.status, sent and sent.code, trouble, now, row_id],
            )

    def begin_put(self, request: Request, upload_id: str) -> PutRecord:
        with self._state.transaction() as db:
            row_id = _insert(
                db,
                "puts",
                at=request.at,
                upload_id=upload_id,
                content_range=request.header("Content-Range"),
                content_length=request.header("Content-Length"),
                content_type=request.header("Content-Type"),
                has_authorization=bool(request.header("Authorization")),
            )
        record = PutRecord(row_id)
        with self._lock:
            self._running[row_id] = record
        return record

    def end_put(self, record: PutRecord, response: Response | None, now: float) -> None:
        sent = response if response and not response.cut else None
        with self._state.transaction() as db:
            db.execute(
                "UPDATE puts SET status = ?, answer_range = ?, trouble = ?, bytes_received = ?,"
                " last_byte_at = ?, ended_at = ?, publish_id ="
                " (SELECT publish_id FROM uploads WHERE uploads.upload_id = puts.upload_id)"
                " WHERE id = ?",
                [
                    sent and sent.status,
                    sent and sent.headers.get("Content-Range"),
                    record.trouble,
                    record.bytes_received,
                    record.last_byte_at,
                    now,
                    record.id,
                ],
            )
        with self._lock:
            self._running.pop(record.id, None)

    def requests(self, *, after: int = 0, endpoint: str | None = None) -> list[dict[str, Any]]:
        with self._state.reading() as db:
            rows = db.execute(
                "SELECT * FROM requests WHERE id > ? AND (? IS NULL OR endpoint = ?) ORDER BY id",
                [after, endpoint, endpoint],
            ).fetchall()
        return [dict(row) for row in rows]

    def puts(self, upload_id: str) -> list[dict[str, Any]]:
        """Every PUT to one upload, those that are still running with their progress so far."""
        with self._state.reading() as db:
            rows = db.execute(
                "SELECT * FROM puts WHERE upload_id = ? ORDER BY id", [upload_id]
            ).fetchall()
        with self._lock:
            running = dict(self._running)
        return [self._put_as_json(dict(row), running) for row in rows]

    def _put_as_json(self, row: dict[str, Any], running: dict[int, PutRecord]) -> dict[str, Any]:
        live = running.get(row["id"])
        if live:
            row["bytes_received"] = live.bytes_received
            row["last_byte_at"] = live.last_byte_at
            row["trouble"] = live.trouble
        row["has_authorization"] = bool(row["has_authorization"])
        row["running"] = live is not None
        return row


def _insert(db: sqlite3.Connection, table: str, **values: Any) -> int:
    names = ", ".join(values)
    marks = ", ".join("?" * len(values))
    cursor = db.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608 (names of our own)
        list(values.values()),
    )
    return int(cursor.lastrowid or 0)
