"""A request as the sandbox's parts see it, and the answer that they give."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from io import BufferedReader
from pathlib import Path
from typing import Any, Literal

BLOCK_BYTES = 256 * 1024

Speed = Callable[[], int | None]


class ConnectionLost(Exception):
    """The other side went away in the middle of its body."""


class Cut(Exception):
    """We break the connection without an answer, because a trouble asks for it."""


class Body:
    """What the client still has to send of one request. Never held in memory as a whole."""

    def __init__(self, reader: BufferedReader, length: int) -> None:
        self._reader = reader
        self.left = length
        self.speed: Speed = lambda: None  # bytes per second, asked again for each block

    def block(self, most: int = BLOCK_BYTES) -> bytes:
        """Return the next bytes, at most `most`; empty at the end. Raises ConnectionLost."""
        wanted = min(most, self.left, BLOCK_BYTES)
        if not wanted:
            return b""
        speed = self.speed()
        if speed is not None:
            # Ten blocks a second at most, so that slow lines are slow evenly.
            wanted = min(wanted, max(speed // 10, 1))
        began = time.monotonic()
        try:
            data = self._reader.read1(wanted)
        except (OSError, ValueError) as error:
            raise ConnectionLost from error
        if not data:
            raise ConnectionLost
        self.left -= len(data)
        if speed is not None:
            time.sleep(max(0.0, len(data) / speed - (time.monotonic() - began)))
        return data

    def rest(self) -> bytes:
        parts = []
        while block := self.block():
            parts.append(block)
        return b"".join(parts)

    def discard(self) -> None:
        while self.block():
            pass


@dataclass(slots=True)
class Request:
    method: str
    path: str  # decoded, without the query
    query: dict[str, list[str]]
    raw_query: str
    headers: Message
    stream: Body
    has_framing: bool  # False: a body without a length, or with two of them
    base_url: str  # this server, under the name that the client uses
    at: float  # when its head had arrived
    body: bytes = b""  # read beforehand, except for uploads

    def header(self, name: str) -> str:
        value: str | None = self.headers.get(name)
        return value or ""

    @property
    def media_type(self) -> str:
        return self.header("Content-Type").partition(";")[0].strip().lower()

    def argument(self, name: str) -> str | None:
        """The one value of a query parameter; None when it is missing or there are two."""
        values = self.query.get(name, [])
        return values[0] if len(values) == 1 else None

    @property
    def bearer(self) -> str:
        kind, _, token = self.header("Authorization").partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""


@dataclass(frozen=True, slots=True)
class FileSlice:
    path: Path
    first: int
    length: int


@dataclass(slots=True)
class Response:
    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    file: FileSlice | None = None
    # How the answer is lost on its way: not at all, wholly, or after half of its body.
    cut: Literal["", "reset", "half"] = ""
    seconds_for_a_byte: float = 0  # 0: all at once
    code: str | None = None  # for the record of requests


def json_response(status: int, value: Any, code: str | None = None) -> Response:
    body = json.dumps(value, separators=(",", ":")).encode()
    return Response(status, body, "application/json; charset=utf-8", code=code)


def redirect(location: str) -> Response:
    return Response(303, headers={"Location": location, "Cache-Control": "no-store"})
