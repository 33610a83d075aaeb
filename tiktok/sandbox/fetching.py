"""Fetching one file from an app's own address, as strictly as TikTok does (Protocol 8.7).

Without a redirect, a login, a cookie or a User-Agent; a HEAD first, then the whole or in ranges.
"""

import hashlib
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from tiktok.sandbox.messages import BLOCK_BYTES
from tiktok.sandbox.settings import Settings

Progress = Callable[[int], None]  # bytes that have just come; raises to stop the fetching


class NotFetched(Exception):
    """The address did not give what it should; the text says what it did instead."""


@dataclass(frozen=True, slots=True)
class Fetched:
    size: int
    sha256: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is fetched, and what TikTok takes of it."""

    url: str
    content_types: tuple[str, ...]
    most_bytes: int


def fetch(wanted: Wanted, path: Path, settings: Settings, progress: Progress) -> Fetched:
    """Fetch into `path`. Raises NotFetched, and whatever `progress` raises."""
    length: int | None = None
    if settings.pull_asks_first:
        length = _head(wanted, settings)
    step = settings.pull_range_bytes
    digest = hashlib.sha256()
    received, content_type = 0, ""
    with path.open("wb") as file:
        while length is None or received < length:
            span = f"bytes={received}-{received + step - 1}" if step else None
            with _Answer(wanted.url, "GET", settings, span) as answer:
                content_type, length = _judge(answer.response, wanted, received, step)
                for block in answer.blocks():
                    file.write(block)
                    digest.update(block)
                    received += len(block)
                    progress(len(block))
    if received != length:
        raise NotFetched(f"{received} bytes came, and {length} were announced")
    return Fetched(received, digest.hexdigest(), content_type)


def _head(wanted: Wanted, settings: Settings) -> int:
    with _Answer(wanted.url, "HEAD", settings) as answer:
        _, length = _judge(answer.response, wanted, 0, None)
        return length


def _judge(
    response: HTTPResponse, wanted: Wanted, position: int, step: int | None
) -> tuple[str, int]:
    """The type and the whole length of what the answer brings, or NotFetched."""
    expected = 206 if step else 200
    if response.status != expected:
        raise NotFetched(f"the address answered {response.status}")
    content_type = response.headers.get_content_type()
    if content_type not in wanted.content_types:
        raise NotFetched(f"the address gave {content_type}")
    declared = response.headers.get("Content-Length", "")
    if not declared.isdecimal():
        raise NotFetched("the address gave no Content-Length")
    length = int(declared)
    if step:
        said = response.headers.get("Content-Range", "")
        prefix = f"bytes {position}-{position + length - 1}/"
        if not said.startswith(prefix) or not said.removeprefix(prefix).isdecimal():
            raise NotFetched(f"the address gave the range {said!r}")
        length = int(said.removeprefix(prefix))
    if not 0 < length <= wanted.most_bytes:
        raise NotFetched(f"the address gave {length} bytes")
    return content_type, length


class _Answer:
    """One request and its answer, on a connection of its own."""

    def __init__(self, url: str, method: str, settings: Settings, span: str | None = None) -> None:
        parts = urlsplit(url)
        host, timeout = parts.hostname or "", settings.pull_timeout_seconds
        self._connection: HTTPConnection = (
            HTTPSConnection(host, parts.port, timeout=timeout, context=ssl.create_default_context())
            if parts.scheme == "https"
            else HTTPConnection(host, parts.port, timeout=timeout)
        )
        self._method, self._span = method, span
        self._target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        self._speed = settings.pull_bytes_per_second

    def __enter__(self) -> "_Answer":
        headers = {"Range": self._span} if self._span else {}
        try:
            self._connection.request(self._method, self._target, headers=headers)
            self.response = self._connection.getresponse()
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise NotFetched(f"no answer: {type(error).__name__}") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def blocks(self) -> Iterator[bytes]:
        # Ten blocks a second at most, so that slow lines are slow evenly.
        most = min(BLOCK_BYTES, max(self._speed // 10, 1)) if self._speed else BLOCK_BYTES
        while True:
            began = time.monotonic()
            try:
                block = self.response.read(most)
            except (OSError, HTTPException) as error:
                raise NotFetched(f"broken off: {type(error).__name__}") from error
            if not block:
                return
            yield block
            if self._speed:
                time.sleep(max(0.0, len(block) / self._speed - (time.monotonic() - began)))
