"""A file that has arrived becomes a medium."""

from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User, Workspace
from posts.media.receiving import ReceivedFile
from posts.media.signatures import HEAD_LENGTH, photo_formats
from posts.media.storing import StoringFailed, keep
from posts.models import Media, MediaKind, MediaState


def keep_medium(received: ReceivedFile, *, by: User, workspace: Workspace) -> Media:
    """Keep the bytes, and ask for the check. Raises StoringFailed; then nothing is left of it."""
    medium = Media(workspace=workspace, uploaded_by=by, name=received.name or "file")
    medium.kind = _kind_of(received)
    medium.storage_key = f"media/{medium.pk}"
    medium.size, medium.sha256 = received.length, received.sha256
    medium.state, medium.check_at = MediaState.UPLOADING, None
    medium.save()  # before the bytes, so that no file ever lies there without a row
    try:
        keep(received, default_storage, medium.storage_key, content_type="application/octet-stream")
    except (StoringFailed, FileExistsError) as error:
        medium.delete()
        raise StoringFailed(str(error)) from error
    medium.state, medium.check_at = MediaState.CHECKING, timezone.now()
    medium.save(update_fields=["state", "check_at"])
    return medium


def _kind_of(received: ReceivedFile) -> MediaKind:
    """What it seems to be: the composer makes room for it. The check has the last word."""
    received.seek(0)
    seems_photo = photo_formats(received.read(HEAD_LENGTH)) or (
        received.content_type or ""
    ).startswith("image/")
    return MediaKind.PHOTO if seems_photo else MediaKind.VIDEO
