"""What killed processes leave behind: half-received files, and media that never got their bytes."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from posts.media.receiving import sweep_incoming
from posts.models import Media, MediaState

LEFT_BEHIND = timedelta(hours=6)  # an upload that nobody has written to for so long is dead


def sweep_leftovers() -> int:
    """Clear them away; returns how many there were."""
    swept = sweep_incoming(LEFT_BEHIND)
    dead = Media.objects.filter(
        state=MediaState.UPLOADING, created_at__lt=timezone.now() - LEFT_BEHIND, upload=None
    )
    for medium in dead:
        default_storage.delete(medium.storage_key)
        medium.delete()
        swept += 1
    return swept
