"""What TikTok fetches by itself once an init was answered: a thread for each publication.

What was going on when the sandbox ended goes on when it is started again.
"""

import sqlite3
import time
from pathlib import Path
from typing import Any

from tiktok.sandbox import media, photo_files, publications
from tiktok.sandbox.fetching import Fetched, NotFetched, Wanted, fetch
from tiktok.sandbox.media import Finding
from tiktok.sandbox.photo_files import NoPhoto
from tiktok.sandbox.publications import Status
from tiktok.sandbox.world import World

VIDEO_TYPES = ("video/mp4", "video/quicktime", "video/webm")
PHOTO_TYPES = ("image/jpeg", "image/webp")
VIDEO_BYTES, PHOTO_BYTES = 4_000_000_000, 20_000_000
LOOK_SECONDS = 0.1  # how often a fetch looks whether it was cancelled, at the most


class Stopped(Exception):
    """The publication has ended meanwhile, or the sandbox does."""


def await_fetch(
    db: sqlite3.Connection, publish_id: str, addresses: list[str], *, until: float, upload_id: str
) -> None:
    """Write down what is to be fetched, in the transaction of the init."""
    db.execute(
        "INSERT INTO uploads (upload_id, token, publish_id, size, chunk_size, chunk_count,"
        " expires_at) VALUES (?, '', ?, 0, 0, 0, ?)",
        [upload_id, publish_id, until],
    )
    db.executemany(
        "INSERT INTO pulls (publish_id, position, url) VALUES (?, ?, ?)",
        [(publish_id, position, url) for position, url in enumerate(addresses)],
    )


def begin(world: World, publish_id: str) -> None:
    """Fetch beside everything else; or here and now, if the settings say so."""
    if world.settings.pull_before_answering:
        _run(world, publish_id)
    else:
        world.beside(_run, world, publish_id)


def go_on(world: World) -> None:
    """Begin anew what a former sandbox was fetching."""
    with world.state.reading() as db:
        unfinished = [row["publish_id"] for row in publications.being_fetched(db)]
    for publish_id in unfinished:
        world.beside(_run, world, publish_id)


def of_publication(db: sqlite3.Connection, publish_id: str) -> list[sqlite3.Row]:
    return db.execute(
        "SELECT * FROM pulls WHERE publish_id = ? ORDER BY position", [publish_id]
    ).fetchall()


def photo_path(world: World, publication: sqlite3.Row, position: int) -> Path:
    return world.state.media / f"{publication['upload_id']}.{position}"


def _run(world: World, publish_id: str) -> None:
    world.sleep(world.settings.pull_delay_seconds)
    with world.state.reading() as db:
        publication = publications.find(db, publish_id)
        waiting = of_publication(db, publish_id)
    if publication is None:
        return
    reason = "photo_pull_failed" if publication["is_photos"] else "video_pull_failed"
    try:
        finding = _fetch_all(world, publication, waiting)
    except Stopped:
        return
    except NotFetched:
        with world.state.transaction() as db:
            if _goes_on(world, db, publish_id):
                publications.fail(db, publish_id, reason, world.now())
        return
    with world.state.transaction() as db:
        fresh = publications.find(db, publish_id)
        if fresh is not None and _goes_on(world, db, publish_id):
            publications.finish_upload(db, fresh, finding, world.settings, world.now())


def _fetch_all(world: World, publication: sqlite3.Row, waiting: list[sqlite3.Row]) -> Finding:
    """Fetch everything, and look at what it is. Raises NotFetched and Stopped."""
    failure = None
    for pull in waiting:
        path = _path(world, publication, pull)
        for _ in range(world.settings.pull_times):
            found = _fetch_one(world, publication, pull, path)
        if publication["is_photos"]:
            failure = _look_at_photo(world, pull, found, path) or failure
    if publication["is_photos"]:
        return Finding("photos", failure=failure)
    return media.examine(
        path,
        longest=publication["max_duration_sec"],
        require_readable=world.settings.require_readable_media,
    )


def _path(world: World, publication: sqlite3.Row, pull: sqlite3.Row) -> Path:
    if publication["is_photos"]:
        return photo_path(world, publication, pull["position"])
    return world.state.media / str(publication["upload_id"])


def _fetch_one(world: World, publication: sqlite3.Row, pull: sqlite3.Row, path: Path) -> Fetched:
    """Fetch one file and write down what came of it. Raises NotFetched and Stopped."""
    is_photo = publication["is_photos"]
    wanted = Wanted(
        pull["url"],
        PHOTO_TYPES if is_photo else VIDEO_TYPES,
        PHOTO_BYTES if is_photo else VIDEO_BYTES,
    )
    watch = _Watch(world, publication, pull)
    try:
        watch.begin()
        found = fetch(wanted, path, world.settings, watch.progress)
    except NotFetched as error:
        _note(world, pull, complaint=str(error), ended_at=world.now())
        raise
    finally:
        watch.write()
    ended = {"ended_at": world.now(), "content_type": found.content_type, "sha256": found.sha256}
    _note(world, pull, **ended)
    return found


def _look_at_photo(world: World, pull: sqlite3.Row, found: Fetched, path: Path) -> str | None:
    try:
        width, height = photo_files.pixels(path)
    except NoPhoto:
        return "file_format_check_failed"
    _note(world, pull, width=width, height=height)
    return photo_files.failure(width, height)


class _Watch:
    """Counts what comes, and stops the fetch when the publication has ended."""

    def __init__(self, world: World, publication: sqlite3.Row, pull: sqlite3.Row) -> None:
        self._world, self._publication, self._pull = world, publication, pull
        self._received = self._written = 0
        self._look_at = 0.0
        self._hit = world.troubles.take(
            "pull", creator=publication["handle"], chunk=pull["position"]
        )

    def begin(self) -> None:
        with self._world.state.transaction() as db:
            db.execute(
                "UPDATE pulls SET requests = requests + 1, received = 0,"
                " began_at = coalesce(began_at, ?) WHERE id = ?",
                [self._world.now(), self._pull["id"]],
            )
            db.execute(
                "UPDATE uploads SET received = (SELECT sum(received) FROM pulls"
                " WHERE pulls.publish_id = uploads.publish_id) WHERE publish_id = ?",
                [self._pull["publish_id"]],
            )
        self.progress(0)

    def progress(self, count: int) -> None:
        self._received += count
        if self._hit and self._received >= self._hit.trouble.after_bytes:
            hit, self._hit = self._hit, None
            self.write()
            if hit.trouble.kind == "hold":
                hit.hold()
            else:
                hit.strike()
                raise NotFetched("the sandbox was asked to give it up")
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_SECONDS
            self.write()
            self._stop_if_over()

    def write(self) -> None:
        """Let the status tell how far it is."""
        fresh, self._written = self._received - self._written, self._received
        with self._world.state.transaction() as db:
            for table, column, value in (
                ("pulls", "id", self._pull["id"]),
                ("uploads", "publish_id", self._pull["publish_id"]),
            ):
                db.execute(
                    f"UPDATE {table} SET received = received + ? WHERE {column} = ?",  # noqa: S608
                    [fresh, value],
                )

    def _stop_if_over(self) -> None:
        with self._world.state.reading() as db:
            if not _goes_on(self._world, db, self._pull["publish_id"]):
                raise Stopped
        if self._world.now() >= self._publication["expires_at"]:
            raise NotFetched("it took too long")


def _goes_on(world: World, db: sqlite3.Connection, publish_id: str) -> bool:
    publication = publications.find(db, publish_id)
    if publication is None or world.stopping.is_set():
        return False
    return publications.status(db, publication, world.now()) is Status.PROCESSING_DOWNLOAD


def _note(world: World, pull: sqlite3.Row, **values: Any) -> None:
    changes = ", ".join(f"{name} = :{name}" for name in values)
    with world.state.transaction() as db:
        db.execute(
            f"UPDATE pulls SET {changes} WHERE id = :id",  # noqa: S608 (names of our own)
            values | {"id": pull["id"]},
        )
