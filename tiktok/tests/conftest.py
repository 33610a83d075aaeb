"""What the stories about connecting share."""

import pytest


@pytest.fixture
def creator(sandbox, settings, tmp_path):
    """Somebody with an account at TikTok, which nobody has connected yet."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return sandbox.make_creator("alice.films", display_name="Alice Films")
