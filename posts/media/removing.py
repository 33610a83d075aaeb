"""Deleting a medium, with its bytes."""

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError

from posts.models import Media


class MediaInUse(Exception):
    for_people = "A post needs this file. Take it out of the post first, or remove the post."


def remove_medium(medium: Media) -> None:
    """The row goes first: what a row does not name is nobody's. Raises MediaInUse."""
    keys = [medium.storage_key, medium.poster_key, medium.preview_key]
    try:
        with transaction.atomic():
            medium.delete()
    except ProtectedError as error:
        raise MediaInUse(MediaInUse.for_people) from error
    for key in filter(None, keys):
        default_storage.delete(key)
