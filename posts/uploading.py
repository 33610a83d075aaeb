"""A large file in parts, which may come in any order, be sent again, and go on after a pause.

    begin ──► take_part, as often as it needs ──► complete ──► a medium that is checked
                                              └─► abort

Where the parts lie is the store's matter (posts/media/parts.py). Once an upload is complete or
given up, all of them raise Upload.DoesNotExist.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.models import User, Workspace
from posts.media.names import clean_name
from posts.media.parts import parts_of
from posts.media.receiving import DiskFull, TooLarge, UploadRefused, incoming_folder
from posts.media.storing import StoringFailed
from posts.models import Media, MediaInUse, MediaKind, MediaState, Upload
from posts.models.upload import LASTS

BLOCK = 256 * 1024  # bytes


class WrongPart(Exception):
    """The part is not one of this upload, or not as long as it must be. Says which, and how."""


class PartsMissing(Exception):
    def __init__(self, missing: list[int]) -> None:
        some = ", ".join(map(str, missing[:10]))
        super().__init__(f"These parts are missing: {some}{' …' if len(missing) > 10 else ''}.")
        self.missing = missing


def begin(*, by: User, workspace: Workspace, name: str, size: int, kind: MediaKind) -> Upload:
    """Raises TooLarge, DiskFull and StoringFailed."""
    if size > settings.MEDIA_SIZE_LIMIT:
        raise TooLarge(settings.MEDIA_SIZE_LIMIT)
    medium = Media(
        workspace=workspace,
        uploaded_by=by,
        name=clean_name(name),
        kind=kind,
        size=size,
        state=MediaState.UPLOADING,
        check_at=None,
    )
    medium.storage_key = f"media/{medium.pk}"
    upload = Upload(
        workspace=workspace,
        started_by=by,
        media=medium,
        size=size,
        part_size=settings.UPLOAD_PART_SIZE,
        expires_at=timezone.now() + LASTS,
    )
    with transaction.atomic():  # before the bytes, so that none ever lie there without a row
        medium.save()
        upload.save()
    try:
        parts_of(default_storage).begin(upload)
    except (UploadRefused, StoringFailed):
        medium.delete()
        raise
    upload.save(update_fields=["store_upload_id"])
    return upload


def take_part(upload: Upload, number: int, read: Callable[[int], bytes]) -> str:
    """Store one part; its SHA-256, in hex. `read` gives its next bytes, and nothing at its end.

    It is stored once it is here whole. The same part may come again, also at the same time.
    Raises WrongPart, OtherBytes, DiskFull and StoringFailed; then all is as it was.
    """
    _check_number(upload, number)
    incoming_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=incoming_folder()) as file:
        digest = hashlib.sha256()
        for block in _exactly(upload.size_of(number), read):
            digest.update(block)
            _append(file, block)
        file.seek(0)
        parts_of(default_storage).write(upload, number, file, digest.hexdigest())
    return digest.hexdigest()


def address_of(upload: Upload, number: int, *, digest: str = "") -> str:
    """Where to send a part past us; `digest` is the SHA-256 that it will have, if that is known.

    Raises WrongPart, OtherBytes and NoAddress.
    """
    _check_number(upload, number)
    return parts_of(default_storage).address(upload, number, digest)


def received(upload: Upload) -> dict[int, str]:
    """The parts that are there, with their SHA-256 where it is known. Raises StoringFailed."""
    there = parts_of(default_storage).received(upload)
    return {number: upload.parts.get(str(number), "") for number in sorted(there)}


def complete(upload: Upload) -> Media:
    """All parts become one file, which is checked next. Raises PartsMissing and StoringFailed."""
    parts = parts_of(default_storage)
    with transaction.atomic():
        upload = Upload.objects.locked(upload)
        medium = upload.media
        there = parts.received(upload)
        missing = [number for number in range(1, upload.part_count + 1) if number not in there]
        if missing and not default_storage.exists(medium.storage_key):
            raise PartsMissing(missing)
        parts.join(upload, medium.storage_key)
        medium.state, medium.check_at = MediaState.CHECKING, timezone.now()
        medium.save(update_fields=["state", "check_at"])
        upload.delete()
    return medium


def abort(upload: Upload) -> None:
    """Raises MediaInUse, and StoringFailed; then it is as it was."""
    with transaction.atomic():
        upload.media.forget()  # and the upload with it
        parts_of(default_storage).discard(upload)


def sweep_expired() -> int:
    """Forget what nobody went on with; returns how many there were."""
    swept = 0
    for upload in Upload.objects.filter(expires_at__lt=timezone.now()).select_related("media"):
        try:
            abort(upload)
        except (MediaInUse, StoringFailed):
            continue  # its turn comes again
        swept += 1
    with suppress(StoringFailed):  # as above
        swept += parts_of(default_storage).sweep()
    return swept


def _check_number(upload: Upload, number: int) -> None:
    if not 1 <= number <= upload.part_count:
        raise WrongPart(f"This upload has the parts 1 to {upload.part_count}.")


def _exactly(size: int, read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The blocks of a part that must have `size` bytes. Raises WrongPart."""
    left = size
    while block := read(BLOCK):
        left -= len(block)
        if left < 0:
            raise WrongPart(f"This part has more than the {size} bytes that it must have.")
        yield block
    if left:
        raise WrongPart(f"This part has {size - left} bytes, and must have {size}.")


def _append(file: IO[bytes], block: bytes) -> None:
    try:
        file.write(block)
        file.flush()
    except OSError as error:
        raise DiskFull from error
