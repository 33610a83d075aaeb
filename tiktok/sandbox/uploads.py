"""Taking the bytes: PUT to an upload_url, chunk by chunk (Protocol 8.4, 8.5).

A chunk arrives in a file of its own and joins the video only when it is whole, so what is
accepted always ends where a chunk ends, whatever is cut, killed or sent twice at once.
"""

import re
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tiktok.sandbox import media, mischief, publications
from tiktok.sandbox.messages import BLOCK_BYTES, ConnectionLost, Cut, Request, Response
from tiktok.sandbox.publications import Status
from tiktok.sandbox.recording import PutRecord
from tiktok.sandbox.trouble_queue import Hit
from tiktok.sandbox.world import World

CONTENT_TYPES = ("video/mp4", "video/quicktime", "video/webm")
RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")
LENGTH = re.compile(r"\d{1,15}")


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one PUT says that it brings; `last` is inclusive."""

    first: int
    last: int
    total: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def put(world: World, request: Request) -> Response:
    """Answer one PUT, and keep a record of it however it ends. Raises Cut."""
    upload_id = request.argument("upload_id") or ""
    record = world.recorder.begin_put(request, upload_id)
    response: Response | None = None
    try:
        response = _receive(world, request, upload_id, record)
        return response
    except ConnectionLost:
        raise Cut from None
    finally:
        world.recorder.end_put(record, response, world.now())


def _receive(world: World, request: Request, upload_id: str, record: PutRecord) -> Response:
    request.stream.speed = lambda: world.settings.upload_bytes_per_second
    chunk = _chunk_of(request)
    hit = _trouble_for(world, upload_id, chunk)
    path = world.state.incoming / f"{record.id}.chunk"
    try:
        with path.open("wb") as file:
            if hit:
                record.trouble = hit.trouble.kind
                _read(world, request, record, file, hit.trouble.after_bytes)
                if hit.trouble.kind in ("reset_before", "hold"):
                    mischief.before(hit, oauth=False)
            _read(world, request, record, file, request.stream.left)
        instead = None
        if hit and hit.trouble.kind not in ("reset_before", "hold"):
            instead = mischief.before(hit, oauth=False)
        response = instead or _accept(world, request, upload_id, chunk, path)
    finally:
        path.unlink(missing_ok=True)
    world.sleep(world.settings.latency_ms / 1000)
    return mischief.after(hit, response) if hit else response


def _trouble_for(world: World, upload_id: str, chunk: Chunk | None) -> Hit | None:
    with world.state.reading() as db:
        upload = db.execute(
            "SELECT chunk_size, handle FROM uploads JOIN publications USING (publish_id)"
            " JOIN creators ON creators.id = publications.creator_id WHERE upload_id = ?",
            [upload_id],
        ).fetchone()
    if upload is None:
        return None
    index = chunk.first // upload["chunk_size"] if chunk else None
    return world.troubles.take("upload", creator=upload["handle"], chunk=index)


def _chunk_of(request: Request) -> Chunk | None:
    match = RANGE.fullmatch(request.header("Content-Range"))
    if not match:
        return None
    first, last, total = (int(number) for number in match.groups())
    return Chunk(first, last, total) if first <= last < total else None


def _read(world: World, request: Request, record: PutRecord, file: BinaryIO, count: int) -> None:
    """Move the next `count` bytes of the body, or all that are left, into a file."""
    while count and (block := request.stream.block(count)):
        file.write(block)
        record.received(len(block), world.now())
        count -= len(block)


def _accept(
    world: World, request: Request, upload_id: str, chunk: Chunk | None, path: Path
) -> Response:
    """Judge a chunk that has arrived whole, and join it to the video if it is the next one."""
    with world.upload_locks.of(upload_id):
        with world.state.reading() as db:
            upload = db.execute("SELECT * FROM uploads WHERE upload_id = ?", [upload_id]).fetchone()
            token_fits = upload and upload["token"] == request.argument("upload_token")
            publication = publications.find(db, upload["publish_id"]) if token_fits else None
            if publication is None or _has_failed(world, db, publication):
                return _no_such_task()
        if world.now() >= upload["expires_at"]:
            return Response(403, b"The upload_url has expired.\n")
        complaint = _complaint(request, chunk, upload)
        if complaint or chunk is None:
            return Response(400, complaint.encode())
        if not _is_next(chunk, upload):
            return Response(416, headers=_progress(upload["received"], chunk.total))
        video = world.state.media / upload_id
        try:
            _join(path, video, chunk)
        except FileNotFoundError:  # the sandbox was reset under our feet
            return _no_such_task()
        return _remember(world, upload, publication, chunk, video)


def _remember(
    world: World, upload: sqlite3.Row, publication: sqlite3.Row, chunk: Chunk, video: Path
) -> Response:
    """Write down that the chunk is here; with the last one, the publication goes on."""
    received = chunk.last + 1
    complete = received == upload["size"]
    finding = None
    if complete:
        finding = media.examine(
            video,
            longest=publication["max_duration_sec"],
            require_readable=world.settings.require_readable_media,
        )
    with world.state.transaction() as db:
        fresh = publications.find(db, publication["publish_id"])
        if fresh is None or _has_failed(world, db, fresh):
            return _no_such_task()
        db.execute(
            "UPDATE uploads SET received = ? WHERE upload_id = ?", [received, upload["upload_id"]]
        )
        if finding:
            publications.finish_upload(db, fresh, finding, world.settings, world.now())
    return Response(201 if complete else 206, headers=_progress(received, upload["size"]))


def _has_failed(world: World, db: sqlite3.Connection, publication: sqlite3.Row) -> bool:
    return publications.status(db, publication, world.now()) is Status.FAILED


def _no_such_task() -> Response:
    return Response(404, b"There is no such upload task.\n")


def _complaint(request: Request, chunk: Chunk | None, upload: sqlite3.Row) -> str:
    """Return what is wrong with the headers; empty: nothing."""
    if not request.has_framing or not LENGTH.fullmatch(request.header("Content-Length")):
        return "Content-Length is missing.\n"
    if request.media_type not in CONTENT_TYPES:
        return "Content-Type is not one of a video.\n"
    if chunk is None:
        return "Content-Range is missing or malformed.\n"
    if chunk.total != upload["size"]:
        return "Content-Range names another size than the init did.\n"
    if int(request.header("Content-Length")) != chunk.length:
        return "Content-Length and Content-Range differ.\n"
    return ""


def _is_next(chunk: Chunk, upload: sqlite3.Row) -> bool:
    """Chunks come in order, each as long as the plan says; the last takes the remainder."""
    index, rest = divmod(chunk.first, upload["chunk_size"])
    final = index == upload["chunk_count"] - 1
    last = upload["size"] - 1 if final else chunk.first + upload["chunk_size"] - 1
    return bool(chunk.first == upload["received"] and rest == 0 and chunk.last == last)


def _progress(received: int, size: int) -> dict[str, str]:
    """What is here, as an inclusive range; nothing yet has no such range (RFC 9110, 14.4)."""
    return {"Content-Range": f"bytes 0-{received - 1}/{size}" if received else f"bytes */{size}"}


def _join(chunk_file: Path, video: Path, chunk: Chunk) -> None:
    if chunk.first == 0:
        chunk_file.replace(video)
        return
    with video.open("r+b") as whole, chunk_file.open("rb") as part:
        # A process killed between joining and remembering leaves more than it remembers.
        whole.truncate(chunk.first)
        whole.seek(chunk.first)
        shutil.copyfileobj(part, whole, BLOCK_BYTES)
