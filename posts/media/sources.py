"""Where the bytes of a stored medium come from: any part of them, with constant memory.

MediaSource
├── LocalSource    a file on this machine
└── S3Source       an object in an S3 store, by ranged requests: s3.py

SourceError
├── SourceGone     there is no such file or object
└── SourceBroken   it can not be read, or is not what it was
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Protocol

from django.core.files.storage import FileSystemStorage, Storage

BLOCK = 1024 * 1024  # bytes; the most that is held in memory for one reader


class SourceError(Exception):
    """The bytes can not be had."""


class SourceGone(SourceError):
    """There is no such file or object."""


class SourceBroken(SourceError):
    """It can not be read now, or its size or content changed while it was being read."""


class MediaSource(Protocol):
    """The bytes of one medium. May be read by several threads at once."""

    @property
    def size(self) -> int:
        """Bytes in all."""

    def blocks(self, first: int, last: int) -> Generator[bytes, None, None]:
        """Yield the bytes from offset `first` to offset `last`, both included.

        Blocks have at most 1 MiB. Close the generator to stop early: what it holds open is
        closed with it. Raises SourceGone and SourceBroken, also between two blocks, and
        ValueError at once when the offsets are not inside.
        """


def source_for(storage: Storage, key: str) -> MediaSource:
    """Return the source for what `storage` keeps under `key`, or raise SourceGone."""
    if isinstance(storage, FileSystemStorage):
        return LocalSource(Path(storage.path(key)))
    # Imported where there is such a store: it costs each process 10 MB.
    from posts.media import s3  # noqa: PLC0415

    return s3.source_in(storage, key)


class LocalSource:
    """A file on this machine. Its size is taken once, now. Raises SourceGone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.size = path.stat().st_size
        except FileNotFoundError as error:
            raise SourceGone(str(path)) from error

    def blocks(self, first: int, last: int) -> Generator[bytes, None, None]:
        check_bounds(first, last, self.size)
        return self._read(first, last)

    def _read(self, first: int, last: int) -> Generator[bytes, None, None]:
        try:
            with self.path.open("rb", buffering=0) as file:
                file.seek(first)
                left = last - first + 1
                while left:
                    block = file.read(min(BLOCK, left))
                    if not block:
                        raise SourceBroken(f"{self.path} has become shorter")
                    left -= len(block)
                    yield block
        except FileNotFoundError as error:
            raise SourceGone(str(self.path)) from error
        except OSError as error:
            raise SourceBroken(str(error)) from error


def check_bounds(first: int, last: int, size: int) -> None:
    if not 0 <= first <= last < size:
        raise ValueError(f"bytes {first} to {last} are not inside {size}")
