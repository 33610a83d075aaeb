"""Deleting a medium, with its bytes."""

from django.core.files.storage import default_storage

from posts.models import Media, Upload
from posts.uploading import abort


def remove_medium(medium: Media) -> None:
    """The row goes first: what a row does not name is nobody's.

    Raises MediaInUse; of what is still on its way StoringFailed, too.
    """
    if upload := Upload.objects.filter(media=medium).select_related("media").first():
        abort(upload)
        return
    keys = [medium.storage_key, medium.poster_key, medium.preview_key]
    medium.forget()
    for key in filter(None, keys):
        default_storage.delete(key)
