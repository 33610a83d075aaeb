"""Where the parts of an upload lie until all of them have arrived.

In a folder of this machine they are written into one file, each at its place. An S3 store keeps
them by itself. `parts_of` knows which.

A part that was noted never changes (Upload.note), so whoever sends it again, or goes on in another
browser, can not make a file that nobody has.
"""

import os
import shutil
from pathlib import Path
from typing import IO, Protocol

from django.core.files.storage import FileSystemStorage, Storage
from django.db import transaction

from posts.media.receiving import DISK_RESERVE, DiskFull, incoming_folder
from posts.media.storing import keep_file
from posts.models import Upload

SUFFIX = ".parts"


class NoAddress(Exception):
    for_people = "Files are kept on this server: send the part itself with PUT."


class Parts(Protocol):
    has_addresses: bool  # whether parts may go past us

    def begin(self, upload: Upload) -> None:
        """Make room. Raises DiskFull and StoringFailed."""

    def write(self, upload: Upload, number: int, part: IO[bytes], digest: str) -> None:
        """Keep one part, whose SHA-256 is `digest`, whole or not at all.

        Raises as above, and OtherBytes.
        """

    def address(self, upload: Upload, number: int, digest: str) -> str:
        """Where to send a part to, past us, for a quarter of an hour; `digest` may be empty.

        Raises NoAddress and OtherBytes.
        """

    def received(self, upload: Upload) -> set[int]:
        """The numbers of those that are there whole."""

    def join(self, upload: Upload, key: str) -> None:
        """Let them be one file under `key`. May be repeated. Raises StoringFailed."""

    def discard(self, upload: Upload) -> None:
        """Forget them all. Never raises because there are none."""

    def sweep(self) -> int:
        """Forget what no upload knows of, and return how many there were. Raises StoringFailed."""


def parts_of(storage: Storage) -> Parts:
    if isinstance(storage, FileSystemStorage):
        return LocalParts(storage)
    # Imported where there is such a store: it costs each process 10 MB.
    from posts.media.s3_parts import S3Parts  # noqa: PLC0415

    return S3Parts(storage)


class LocalParts:
    has_addresses = False

    def __init__(self, storage: FileSystemStorage) -> None:
        self.storage = storage

    def begin(self, upload: Upload) -> None:
        path = self._path(upload)
        path.parent.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(path.parent).free - upload.size < DISK_RESERVE:
            raise DiskFull
        path.touch()

    def write(self, upload: Upload, number: int, part: IO[bytes], digest: str) -> None:
        """The row stays locked until the bytes are on the disk: nobody completes the file, or gives
        it up, while they are being written."""
        with transaction.atomic():
            upload = Upload.objects.locked(upload)
            is_there = str(number) in upload.parts
            upload.note(number, digest)
            if not is_there:
                self._place(part, upload, upload.first_byte(number))

    def _place(self, part: IO[bytes], upload: Upload, first_byte: int) -> None:
        try:
            with self._path(upload).open("r+b") as file:
                file.seek(first_byte)
                shutil.copyfileobj(part, file, 1024 * 1024)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise DiskFull from error

    def address(self, upload: Upload, number: int, digest: str) -> str:
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

    def sweep(self) -> int:
        """A workspace that is deleted takes its rows along, and leaves the bytes."""
        lying = list(incoming_folder().glob(f"*{SUFFIX}"))  # first: each had its row by then
        known = {str(pk) for pk in Upload.objects.values_list("pk", flat=True)}
        forgotten = [path for path in lying if path.stem not in known]
        for path in forgotten:
            path.unlink(missing_ok=True)
        return len(forgotten)

    def _path(self, upload: Upload) -> Path:
        return incoming_folder() / f"{upload.pk}{SUFFIX}"
