"""Where the bytes of a stored medium come from: any part of them, with constant memory.

MediaSource
├── LocalSource    a file on this machine
└── S3Source       an object in an S3 store, by ranged requests

SourceError
├── SourceGone     there is no such file or object
└── SourceBroken   it can not be read, or is not what it was
"""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NoConnection
from django.core.files.storage import FileSystemStorage, Storage
from storages.backends.s3 import S3Storage
from storages.utils import clean_name
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

BLOCK = 1024 * 1024  # bytes; the most that is held in memory for one reader

TRIES = 5  # in a row that bring less than a block, before a store counts as broken
FIRST_PAUSE = 0.2  # seconds before the second try; doubles

# The connection was lost or never made. Whatever else botocore raises does not pass by itself.
DROPPED = (HTTPClientError, NoConnection, IncompleteReadError, HTTPError)


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
    if isinstance(storage, S3Storage):
        return S3Source(storage.connection.meta.client, storage.bucket_name, s3_name(storage, key))
    raise TypeError(f"media can not be read in parts from a {type(storage).__name__}")


def s3_name(storage: S3Storage, key: str) -> str:
    """Return the object's whole name in the bucket, which may begin with the storage's folder."""
    return storage._normalize_name(clean_name(key))


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


class S3Source:
    """An object in an S3 store. Its size and ETag are asked once, now.

    Raises SourceGone and SourceBroken.
    """

    def __init__(self, client: S3Client, bucket: str, key: str) -> None:
        self._client, self._bucket, self._key = client, bucket, key
        try:
            head = client.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            raise self._understand(error) from error
        except (BotoCoreError, HTTPError) as error:
            raise SourceBroken(str(error)) from error
        self.size = head["ContentLength"]
        self._etag = head["ETag"]

    def blocks(self, first: int, last: int) -> Generator[bytes, None, None]:
        check_bounds(first, last, self.size)
        return self._read(first, last)

    def _read(self, first: int, last: int) -> Generator[bytes, None, None]:
        """One request, and another from where it broke off, as often as it makes progress."""
        position, tries = first, 0
        while position <= last:
            began_at = position
            try:
                body = self._open(position, last)
                try:
                    while position <= last:
                        block = body.read(min(BLOCK, last + 1 - position))
                        if not block:
                            raise SourceBroken(f"{self._key} ended at {position}")
                        position += len(block)
                        yield block
                finally:
                    body.close()
            except DROPPED as error:
                tries = 1 if position - began_at >= BLOCK else tries + 1
                if tries == TRIES:
                    raise SourceBroken(str(error)) from error
                time.sleep(FIRST_PAUSE * 2 ** (tries - 1))
            except BotoCoreError as error:
                raise SourceBroken(str(error)) from error

    def _open(self, first: int, last: int) -> StreamingBody:
        """Ask for one range. Some stores answer 200 to that: length and range decide, not it."""
        try:
            answer = self._client.get_object(
                Bucket=self._bucket,
                Key=self._key,
                Range=f"bytes={first}-{last}",
                IfMatch=self._etag,
            )
        except ClientError as error:
            raise self._understand(error) from error
        body = answer["Body"]
        expected = f"bytes {first}-{last}/{self.size}", last - first + 1, self._etag
        got = (
            answer.get("ContentRange", expected[0]),
            answer["ContentLength"],
            answer.get("ETag", self._etag),  # some stores do not know IfMatch
        )
        if got != expected:
            body.close()
            raise SourceBroken(f"{self._key}: asked for {expected}, got {got}")
        return body

    def _understand(self, error: ClientError) -> SourceError:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == 404:
            return SourceGone(f"{self._bucket}/{self._key}")
        return SourceBroken(str(error))


def check_bounds(first: int, last: int, size: int) -> None:
    if not 0 <= first <= last < size:
        raise ValueError(f"bytes {first} to {last} are not inside {size}")
