"""A large file in parts, which may come in any order, be sent again, and go on after a pause.

    begin ──► take_part, as often as it needs ──► complete ──► a medium that is checked
                                              └─► abort

Where the parts lie is the store's matter (posts/media/parts.py).
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.models import User, Workspace
from posts.media.names import clean_name
from posts.media.parts import PART_SIZE, parts_of
from posts.media.receiving import TooLarge, UploadRefused
from posts.media.storing import StoringFailed
from posts.models import Media, MediaInUse, MediaKind, MediaState, Upload

LASTS = timedelta(days=1)
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
        part_size=PART_SIZE,
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

    Raises WrongPart, DiskFull and StoringFailed; then the part counts as missing.
    """
    if not 1 <= number <= upload.part_count:
        raise WrongPart(f"This upload has the parts 1 to {upload.part_count}.")
    _note(upload, number, None)
    digest = hashlib.sha256()
    blocks = _exactly(upload.size_of(number), read, digest.update)
    parts_of(default_storage).write(upload, number, blocks)
    _note(upload, number, digest.hexdigest())
    return digest.hexdigest()


def complete(upload: Upload) -> Media:
    """All parts become one file, which is checked next. Raises PartsMissing and StoringFailed."""
    parts = parts_of(default_storage)
    with transaction.atomic():
        upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
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
    return swept


def _exactly(
    size: int, read: Callable[[int], bytes], tell: Callable[[bytes], object]
) -> Iterator[bytes]:
    """The blocks of a part that must have `size` bytes, told on their way. Raises WrongPart."""
    left = size
    while block := read(BLOCK):
        left -= len(block)
        if left < 0:
            raise WrongPart(f"This part has more than the {size} bytes that it must have.")
        tell(block)
        yield block
    if left:
        raise WrongPart(f"This part has {size - left} bytes, and must have {size}.")


def _note(upload: Upload, number: int, digest: str | None) -> None:
    with transaction.atomic():
        row = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        row.parts.pop(str(number), None)
        if digest is not None:
            row.parts[str(number)] = digest
        row.save(update_fields=["parts"])
    upload.parts = row.parts
