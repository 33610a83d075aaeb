"""A process that was killed in the middle of an upload leaves nothing for ever."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from posts.media.leftovers import sweep_leftovers
from posts.models import Media, MediaState

pytestmark = pytest.mark.django_db


def begun(workspace, *, hours_ago: int) -> Media:
    medium = Media.objects.create(
        workspace=workspace, name="half.mp4", state=MediaState.UPLOADING, check_at=None
    )
    medium.storage_key = default_storage.save(f"media/{medium.pk}", ContentFile(b"half of it"))
    medium.created_at = timezone.now() - timedelta(hours=hours_ago)
    medium.save()
    return medium


def test_only_what_is_long_dead_is_swept(workspace, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    dead, young = begun(workspace, hours_ago=7), begun(workspace, hours_ago=1)

    assert sweep_leftovers() == 1

    assert list(Media.objects.all()) == [young]
    assert default_storage.exists(dead.storage_key) is False
    assert default_storage.exists(young.storage_key) is True
