"""What the stories about accounts and events share."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Channel
from posts.models import Media
from tiktok.answers import PostStatus
from tiktok.client import TikTokClient
from tiktok.tests.scripted_server import ScriptedServer
from tiktok.tests.story import tune


@pytest.fixture
def tiktok() -> Iterator[ScriptedServer]:
    """A TikTok that answers what a story says, and nothing of its own."""
    with ScriptedServer() as server:
        yield server


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


@pytest.fixture
def says(monkeypatch) -> Callable[..., list[str]]:
    """Decide what TikTok's status says from now on; returns the ids that it is asked for."""

    def answer(status: str, **details) -> list[str]:
        asked: list[str] = []

        def post_status(client, publish_id):
            asked.append(publish_id)
            return PostStatus(status, **details)

        monkeypatch.setattr(TikTokClient, "post_status", post_status)
        return asked

    return answer


@pytest.fixture
def site(live_server, settings, sandbox) -> str:
    """The address of this installation, where TikTok fetches at once: each init waits for it."""
    settings.MEDIA_PUBLIC_URL = live_server.url
    tune(sandbox, pull_before_answering=True)
    return live_server.url


@pytest.fixture
def slow_site(site: str, sandbox) -> str:
    """There TikTok answers first, and fetches when it is let."""
    tune(sandbox, pull_before_answering=False)
    return site


@pytest.fixture
def photos(make_photo) -> list[Media]:
    return [make_photo(variation) for variation in range(3)]
