"""Where the parts of an upload lie until all of them have arrived.

In a folder of this machine they are written into one file, each at its place. An S3 store keeps
them by itself. `parts_of` knows which.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.core.files.storage import FileSystemStorage, Storage

from posts.media.receiving import DISK_RESERVE, DiskFull, incoming_folder
from posts.media.storing import keep_file
from posts.models import Upload

PART_SIZE = 16 * 1024 * 1024  # bytes; S3 takes none below 5 MiB but the last, and 10,000 of them


class NoAddress(Exception):
    for_people = "Files are kept on this server: send the part itself with PUT."


class Parts(Protocol):
    def begin(self, upload: Upload) -> None:
        """Make room. Raises DiskFull and StoringFailed."""

    def write(self, upload: Upload, number: int, blocks: Iterator[bytes]) -> None:
        """Keep the bytes of one part, in place of what it held before. Raises as above."""

    def address(self, upload: Upload, number: int) -> str:
        """Where to send a part to, past us, for a quarter of an hour. Raises NoAddress."""

    def received(self, upload: Upload) -> set[int]:
        """The numbers of those that are there whole."""

    def join(self, upload: Upload, key: str) -> None:
        """Let them be one file under `key`. May be repeated. Raises StoringFailed."""

    def discard(self, upload: Upload) -> None:
        """Forget them all. Never raises because there are none."""


def parts_of(storage: Storage) -> Parts:
    if isinstance(storage, FileSystemStorage):
        return LocalParts(storage)
    # Imported where there is such a store: it costs each process 10 MB.
    from posts.media.s3_parts import S3Parts  # noqa: PLC0415

    return S3Parts(storage)


class LocalParts:
    def __init__(self, storage: FileSystemStorage) -> None:
        self.storage = storage

    def begin(self, upload: Upload) -> None:
        path = self._path(upload)
        path.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(path.parent).free - upload.size < DISK_RESERVE:
            raise DiskFull
        path.touch()

    def write(self, upload: Upload, number: int, blocks: Iterator[bytes]) -> None:
        try:
            with self._path(upload).open("r+b") as file:
                file.seek(upload.first_byte(number))
                for block in blocks:
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            raise
        except OSError as error:
            raise DiskFull from error

    def address(self, upload: Upload, number: int) -> str:
        raise NoAddress(NoAddress.for_people)

    def received(self, upload: Upload) -> set[int]:
        return {int(number) for number in upload.parts}

    def join(self, upload: Upload, key: str) -> None:
        path = self._path(upload)
        if not path.exists() and self.storage.exists(key):
            return  # whoever did it died before saying so
        keep_file(path, self.storage, key, content_type="application/octet-stream")

    def discard(self, upload: Upload) -> None:
        self._path(upload).unlink(missing_ok=True)

    def _path(self, upload: Upload) -> Path:
        return incoming_folder() / f"{upload.pk}.parts"
