"""What the stories about connecting share."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Channel


@pytest.fixture
def creator(sandbox, settings, tmp_path):
    """Somebody with an account at TikTok, which nobody has connected yet."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return sandbox.make_creator("alice.films", display_name="Alice Films")


@pytest.fixture
def tired(channel) -> Channel:
    """Alice's account with five minutes left on its access token."""
    channel.access_expires_at = timezone.now() + timedelta(minutes=5)
    channel.save()
    return channel
