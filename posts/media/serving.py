"""Answer a browser that plays a video: whole, or the byte range that it asks for.

Sources: RFC 9110, 13 (conditions), 14 (ranges), 15.5.17 (416); RFC 6266 (Content-Disposition).
"""

import re
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags

from posts.media.names import clean_name
from posts.media.sources import MediaSource

# Kept by the one browser that asked, never by a proxy; an hour, since what an address shows
# never changes, but the right to see it may.
CACHE_CONTROL = "private, max-age=3600"

# Offsets of 19 digits are past the end of any file; Python refuses to read ones of thousands.
ONE_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.IGNORECASE)


class ByteRange(NamedTuple):
    """From offset `first` to offset `last`, both included."""

    first: int
    last: int


class OutOfRange(Exception):
    """No byte of what was asked for exists."""


def range_response(
    request: HttpRequest,
    source: MediaSource,
    *,
    content_type: str,
    filename: str | None = None,
    etag: str,
    cache_control: str = CACHE_CONTROL,
) -> HttpResponseBase:
    """Answer GET and HEAD for one medium: 200, 206, 304 or 416, never more than 1 MiB in memory.

    `etag` is any text that differs when the bytes differ, such as their SHA-256. Several ranges
    in one request, or ranges that make no sense, get the whole (RFC 9110, 14.2). Who may see the
    medium is for the caller to decide. Close the response to stop reading.
    """
    quoted = f'"{etag}"'
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": cache_control,
        "Content-Disposition": _disposition(filename),
        "ETag": quoted,
        "X-Content-Type-Options": "nosniff",
    }
    if _has_it_already(request, quoted):
        return HttpResponse(status=304, headers=headers)
    try:
        part = _wanted(request, quoted, source.size)
    except OutOfRange:
        headers["Content-Range"] = f"bytes */{source.size}"
        return HttpResponse(status=416, headers=headers)
    whole = ByteRange(0, source.size - 1)
    sent = part or whole
    headers["Content-Length"] = str(sent.last - sent.first + 1)
    if part:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{source.size}"
    status = 206 if part else 200
    if request.method == "HEAD" or source.size == 0:
        return HttpResponse(status=status, content_type=content_type, headers=headers)
    return StreamingHttpResponse(
        source.blocks(sent.first, sent.last),
        status=status,
        content_type=content_type,
        headers=headers,
    )


def _disposition(filename: str | None) -> str:
    named = filename and content_disposition_header(False, clean_name(filename))
    return named or "inline"


def _has_it_already(request: HttpRequest, quoted: str) -> bool:
    known = [
        tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))
    ]
    return quoted in known or "*" in known


def _wanted(request: HttpRequest, quoted: str, size: int) -> ByteRange | None:
    """Return the range that was asked for, None for all of it, or raise OutOfRange."""
    match = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if match is None or request.headers.get("If-Range", quoted) != quoted:
        return None
    first, last = match.groups()
    if first:
        if last and int(last) < int(first):
            return None
        if int(first) >= size:
            raise OutOfRange
        return ByteRange(int(first), min(int(last or size), size - 1))
    if not last:
        return None
    if int(last) == 0 or size == 0:
        raise OutOfRange
    return ByteRange(max(0, size - int(last)), size - 1)
