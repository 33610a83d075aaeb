"""Media in an S3 store. Whoever keeps them in a folder never imports this."""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from boto3.exceptions import S3UploadFailedError
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NoConnection
from django.core.files.storage import Storage
from storages.backends.s3 import S3Storage
from storages.utils import clean_name
from urllib3.exceptions import HTTPError

from posts.media.sources import BLOCK, SourceBroken, SourceError, SourceGone, check_bounds
from posts.media.storing import StoringFailed

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

TRIES = 5  # in a row that bring less than a block, before a store counts as broken
FIRST_PAUSE = 0.2  # seconds before the second try; doubles

# The connection was lost or never made. Whatever else botocore raises does not pass by itself.
DROPPED = (HTTPClientError, NoConnection, IncompleteReadError, HTTPError)

# 4 GB are 250 parts, of which two are on their way at any time.
PART = 16 * 1024 * 1024  # bytes
UPLOAD = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, max_concurrency=2)


def source_in(storage: Storage, key: str) -> S3Source:
    """The source for what the store keeps under `key`. Raises SourceGone."""
    store = _checked(storage)
    return S3Source(store.connection.meta.client, store.bucket_name, s3_name(store, key))


def keep(path: Path, storage: Storage, key: str, content_type: str) -> None:
    """Copy the file at `path` into the store. Raises FileExistsError and StoringFailed."""
    store = _checked(storage)
    name = s3_name(store, key)
    parameters = store.get_object_parameters(name) | {"ContentType": content_type}
    if store.default_acl:
        parameters.setdefault("ACL", store.default_acl)
    try:
        if store.exists(key):
            raise FileExistsError(key)
        store.connection.meta.client.upload_file(
            str(path), store.bucket_name, name, ExtraArgs=parameters, Config=UPLOAD
        )
    except (S3UploadFailedError, BotoCoreError, ClientError) as error:
        raise StoringFailed(str(error)) from error


def _checked(storage: Storage) -> S3Storage:
    if not isinstance(storage, S3Storage):
        raise TypeError(f"media can not be kept in a {type(storage).__name__}")
    return storage


def s3_name(storage: S3Storage, key: str) -> str:
    """Return the object's whole name in the bucket, which may begin with the storage's folder."""
    return storage._normalize_name(clean_name(key))


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
