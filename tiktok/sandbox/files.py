"""Serving videos in ranges, so that a player can jump, photos, and the pictures."""

import re

from tiktok.sandbox import media, publications, pulls
from tiktok.sandbox.messages import FileSlice, Request, Response
from tiktok.sandbox.pictures import AVATAR_SIZES, avatar_png, cover_png
from tiktok.sandbox.world import World

RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def video(world: World, request: Request, publish_id: str) -> Response:
    """The bytes of a complete upload, whole or one range of them (RFC 9110, 14)."""
    with world.state.reading() as db:
        publication = publications.find(db, publish_id)
    if publication is None or publication["completed_at"] is None or publication["is_photos"]:
        return Response(404, b"There is no such video.\n")
    path = world.state.media / publication["upload_id"]
    size = publication["size"]
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600",
        # Nothing in an uploaded file may become a page of this site.
        "Content-Security-Policy": "default-src 'none'",
    }
    kind = media.content_type(publication)
    wanted = RANGE.fullmatch(request.header("Range"))
    if not wanted or wanted[0] == "bytes=-":
        return Response(200, content_type=kind, headers=headers, file=FileSlice(path, 0, size))
    first, last = _bounds(wanted[1], wanted[2], size)
    if not 0 <= first <= last:
        return Response(416, headers=headers | {"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    piece = FileSlice(path, first, last - first + 1)
    return Response(206, content_type=kind, headers=headers, file=piece)


def photo(world: World, request: Request, publish_id: str, position: str) -> Response:
    with world.state.reading() as db:
        publication = publications.find(db, publish_id)
        photos = {row["position"]: row for row in pulls.of_publication(db, publish_id)}
    one = photos.get(int(position))
    if publication is None or one is None or publication["completed_at"] is None:
        return Response(404, b"There is no such photo.\n")
    path = pulls.photo_path(world, publication, one["position"])
    headers = {"Cache-Control": "private, max-age=3600"}
    piece = FileSlice(path, 0, one["received"])
    return Response(200, content_type=one["content_type"], headers=headers, file=piece)


def _bounds(start: str, end: str, size: int) -> tuple[int, int]:
    """Return the first and last byte; first > last when nothing of it is there."""
    if not start:  # the last so many bytes
        return (max(0, size - int(end)), size - 1) if int(end) else (size, size - 1)
    last = min(int(end), size - 1) if end else size - 1
    return int(start), last


def avatar(world: World, request: Request, handle: str) -> Response:
    asked = request.argument("size") or ""
    size = int(asked) if asked in map(str, AVATAR_SIZES) else AVATAR_SIZES[0]
    return _picture(world, request, avatar_png(handle, size))


def cover(world: World, request: Request, video_id: str) -> Response:
    return _picture(world, request, cover_png(int(video_id)))


def _picture(world: World, request: Request, png: bytes) -> Response:
    """A picture, unless its address has an end and that has passed (Protocol 4, 12.4)."""
    expires = request.argument("x-expires")
    if expires is not None and not (expires.isdecimal() and int(expires) > world.now()):
        return Response(403, b"This address has expired.\n")
    return Response(200, png, "image/png", {"Cache-Control": "private, max-age=300"})
