"""What the control endpoint tells: everything that the sandbox remembers, as JSON."""

import hashlib
import sqlite3

from tiktok.sandbox import creators, publications, pulls, videos
from tiktok.sandbox.control_orders import BadOrder, Json
from tiktok.sandbox.world import World

PUBLISHED_FLAGS = (
    "disable_comment",
    "disable_duet",
    "disable_stitch",
    "brand_content",
    "brand_organic",
    "is_aigc",
)


def state(world: World, body: Json) -> Json:
    now = world.now()
    with world.state.reading() as db:
        everyone = creators.everyone(db)
        published = [_publication(db, row, world) for row in publications.everything(db)]
    return {
        "now": now,
        "settings": world.settings.as_json(),
        "creators": [creators.as_json(row) for row in everyone],
        "publications": published,
        "troubles": world.troubles.as_json(),
    }


def _publication(db: sqlite3.Connection, row: sqlite3.Row, world: World) -> Json:
    plain = ("publish_id", "mode", "caption", "privacy", "cover_ms", "size", "chunk_size")
    times = ("created_at", "expires_at", "completed_at", "ready_at", "dropped_at")
    return (
        {"creator": row["handle"]}
        | publications.as_data(db, row, world.settings, world.now())
        | {name: row[name] for name in plain + times}
        | {name: bool(row[name]) for name in PUBLISHED_FLAGS}
    )


def uploads(world: World, body: Json) -> Json:
    """Every upload with its PUTs; complete ones with size and SHA-256 of what is stored."""
    with world.state.reading() as db:
        rows = publications.everything(db)
    plain = ("publish_id", "upload_id", "size", "chunk_size", "chunk_count", "received")
    return {
        "uploads": [
            {name: row[name] for name in (*plain, "expires_at", "completed_at")}
            | {
                "creator": row["handle"],
                "sha256": _sha256(world, row),
                "puts": world.recorder.puts(row["upload_id"]),
            }
            for row in rows
            if body.get("publish_id") in (None, row["publish_id"])
        ]
    }


def _sha256(world: World, row: sqlite3.Row) -> str | None:
    if row["completed_at"] is None or row["is_photos"]:
        return None
    if row["sha256"] is None:
        with (world.state.media / row["upload_id"]).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        with world.state.transaction() as db:
            db.execute(
                "UPDATE uploads SET sha256 = ? WHERE upload_id = ?", [digest, row["upload_id"]]
            )
        return digest
    return str(row["sha256"])


def fetches(world: World, body: Json) -> Json:
    """Everything that was to be fetched, in the order of the inits and of their photos."""
    with world.state.reading() as db:
        rows = [
            pull
            for publication in publications.everything(db)
            if body.get("publish_id") in (None, publication["publish_id"])
            for pull in pulls.of_publication(db, publication["publish_id"])
        ]
    return {"pulls": [dict(row) for row in rows]}


def live_videos(world: World, body: Json) -> Json:
    """Everything on a profile now, oldest first."""
    now = world.now()
    with world.state.reading() as db:
        rows = videos.everything_live(db, now)
        uploaded = {row["publish_id"]: row for row in publications.everything(db)}
        photos = {name: _photos(db, row) for name, row in uploaded.items()}
    plain = ("publish_id", "mode", "caption", "privacy", "cover_ms", "size", "container")
    figures = ("width", "height", "duration", "title", "photo_cover_index")
    return {
        "videos": [
            {"id": str(row["id"]), "creator": row["handle"], "live_at": row["live_ms"] / 1000}
            | {name: row[name] for name in plain + figures}
            | {name: bool(row[name]) for name in PUBLISHED_FLAGS}
            | {
                "sha256": _sha256(world, uploaded[row["publish_id"]]),
                "photos": photos[row["publish_id"]],
                "auto_add_music": bool(row["auto_add_music"]),
                "public": videos.is_for_everyone(row),
                "path": videos.path(row),
            }
            for row in rows
        ]
    }


def _photos(db: sqlite3.Connection, publication: sqlite3.Row) -> list[str]:
    """The SHA-256 of each photo, in their order; nothing of a video."""
    if not publication["is_photos"]:
        return []
    return [pull["sha256"] for pull in pulls.of_publication(db, publication["publish_id"])]


def requests(world: World, body: Json) -> Json:
    """Calls of the API in their order; `after` and `endpoint` narrow them down."""
    after = str(body.get("after", 0))
    if not after.isdecimal():
        raise BadOrder("after is the id of a request")
    found = world.recorder.requests(after=int(after), endpoint=body.get("endpoint"))
    return {"requests": found}


def webhooks(world: World, body: Json) -> Json:
    """What the app is told by itself, in the order in which it happened to be noted."""
    with world.state.reading() as db:
        rows = db.execute("SELECT * FROM webhooks ORDER BY id").fetchall()
    plain = ("id", "event", "body", "made_at", "next_try_at", "tries", "told_at", "answer")
    return {"webhooks": [{name: row[name] for name in plain} for row in rows]}
