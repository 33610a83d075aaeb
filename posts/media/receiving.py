"""Take in a file that a browser sends, straight to disk, while it is still being sent.

    with receiving(request):
        received = request.FILES["video"]  # a ReceivedFile

The file lies in a folder of its own under a name of ours, and is removed at the end unless
`posts.media.storing.keep` has taken it. Set this up before anything reads `request.POST`. Django's
check against cross-site requests reads it too, so the view is `csrf_exempt` and calls one that is
`csrf_protect`ed inside the block.
"""

import hashlib
import shutil
import uuid
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import time
from typing import IO, ClassVar

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from posts.media.names import clean_name

SIZE_LIMIT = 4_000_000_000  # bytes; what TikTok takes at the most
DISK_RESERVE = 500_000_000  # bytes that stay free for the database and everybody else
FORM_OVERHEAD = 100_000  # bytes of a request beside its file: boundaries and the other fields
DISK_CHECK = 64_000_000  # bytes between two looks at the free space


class UploadRefused(Exception):
    """The upload is not taken. `code` is for programs, `for_people` says what to do."""

    code: ClassVar[str]

    def __init__(self, for_people: str) -> None:
        super().__init__(for_people)
        self.for_people = for_people


class TooLarge(UploadRefused):
    code = "too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"This file is larger than {limit / 1e9:g} GB, the most that can be uploaded. "
            "Please export a smaller one."
        )


class DiskFull(UploadRefused):
    code = "disk_full"

    def __init__(self) -> None:
        super().__init__(
            "There is not enough room on the server for this file. "
            "Please tell the person who runs it, or delete media that are no longer needed."
        )


class ReceivedFile(UploadedFile):  # type: ignore[type-arg]  # not generic at run time
    """A file that has arrived, or is arriving, in the folder for incoming ones.

    `name` is the client's, cleaned, to be shown; `path` has nothing of it. `length` (bytes) and
    `sha256` (hex) are counted here. `content_type` is what the client claims: do not trust it.
    Closing it, or forgetting it, removes the file and its poster, unless `release` was called.
    """

    def __init__(self, folder: Path, *, name: str, content_type: str | None = None) -> None:
        self.path = folder / f"{uuid.uuid4().hex}.upload"
        self.poster_path = self.path.with_suffix(".jpg")  # for whoever makes one
        self.length = 0
        self._digest = hashlib.sha256()
        file = self.path.open("x+b")
        self._remove = weakref.finalize(self, close_and_remove, file, self.path, self.poster_path)
        super().__init__(file, clean_name(name), content_type, size=0)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def add(self, chunk: bytes) -> None:
        self.write(chunk)
        self._digest.update(chunk)
        self.length += len(chunk)

    def finish(self) -> None:
        """Say that all of it has arrived."""
        self.seek(0)  # writes out what is still in memory
        self.size = self.length

    def release(self) -> None:
        """Leave the file where it is: somebody else owns it from now on."""
        self._remove.detach()
        super().close()

    def close(self) -> None:
        self._remove()


def close_and_remove(file: IO[bytes], *paths: Path) -> None:
    file.close()
    remove(*paths)


def remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


class StreamToDisk(FileUploadHandler):
    """Writes each chunk to disk as it comes, counts and hashes it, and refuses what is too much.

    Raises TooLarge and DiskFull out of `request.POST` and `request.FILES`: before the first byte
    is read when the request tells its length, else with the first byte too many.
    """

    chunk_size = 256 * 1024  # bytes

    def __init__(
        self,
        request: HttpRequest | None = None,
        *,
        folder: Path | None = None,
        limit: int = SIZE_LIMIT,
        reserve: int = DISK_RESERVE,
    ) -> None:
        super().__init__(request)
        self.folder = folder or incoming_folder()
        self.limit, self.reserve = limit, reserve
        self.files: list[ReceivedFile] = []
        self._look_again_at = 0

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if content_length > self.limit + FORM_OVERHEAD:
            raise TooLarge(self.limit)
        self._need_room(for_bytes=content_length)

    def new_file(  # noqa: PLR0917 - Django decides
        self,
        field_name: str,
        file_name: str,
        content_type: str,
        content_length: int | None,
        charset: str | None = None,
        content_type_extra: dict[str, bytes] | None = None,
    ) -> None:
        super().new_file(
            field_name, file_name, content_type, content_length, charset, content_type_extra
        )
        self.files.append(ReceivedFile(self.folder, name=file_name, content_type=content_type))
        self._look_again_at = DISK_CHECK

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        arriving = self.files[-1]
        if arriving.length + len(raw_data) > self.limit:
            self.discard()
            raise TooLarge(self.limit)
        try:
            arriving.add(raw_data)
        except OSError as error:
            self.discard()
            raise DiskFull from error
        if arriving.length >= self._look_again_at:
            self._look_again_at += DISK_CHECK
            self._need_room(for_bytes=0)

    def file_complete(self, file_size: int) -> ReceivedFile:
        self.files[-1].finish()
        return self.files[-1]

    def upload_interrupted(self) -> None:
        self.discard()

    def discard(self) -> None:
        """Remove every file of this request that nobody has kept."""
        for file in self.files:
            file.close()

    def _need_room(self, *, for_bytes: int) -> None:
        if shutil.disk_usage(self.folder).free - for_bytes < self.reserve:
            self.discard()
            raise DiskFull


@contextmanager
def receiving(
    request: HttpRequest,
    *,
    folder: Path | None = None,
    limit: int = SIZE_LIMIT,
    reserve: int = DISK_RESERVE,
) -> Iterator[StreamToDisk]:
    """Stream the files of this request to disk, and remove them after the block unless kept.

    Also when it ends with an error, such as a connection that was cut. Whatever reads the
    request inside may raise UploadRefused. `limit` and `reserve` are in bytes.
    """
    handler = StreamToDisk(request, folder=folder, limit=limit, reserve=reserve)
    request.upload_handlers = [handler]
    try:
        yield handler
    finally:
        handler.discard()


def incoming_folder() -> Path:
    """Beside the stored media, so that keeping a file there needs no second copy of it."""
    return Path(settings.MEDIA_ROOT) / "incoming"


def sweep_incoming(older_than: timedelta, *, folder: Path | None = None) -> int:
    """Remove what killed processes left behind, and return how many files that were.

    Only files that nobody has written to for so long: an upload that still runs is younger.
    """
    deadline = time() - older_than.total_seconds()
    removed = 0
    for path in (folder or incoming_folder()).glob("*.*"):
        if path.suffix not in {".upload", ".jpg"}:
            continue
        try:
            if path.stat().st_mtime < deadline:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue  # its own process was quicker
    return removed
