"""What every test may ask for: Alice with her workspace, Bob who must not see it, a TikTok that
answers on a socket, and a post of hers."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import settings

from accounts.models import Channel, User, Workspace
from posts.media.sample import make_sample_photo, make_sample_video
from posts.models import Media, Publication
from scheduler.tests.house import wait_for
from tiktok import budgets
from tiktok.sandbox import Sandbox
from tiktok.tests import stage
from tiktok.tests.story import order, tune

pytest_plugins = ["posts.tests.s3"]

# `pytest tiktok/tests/model --hypothesis-profile=long`: a night of random lives.
settings.register_profile("long", max_examples=5_000, derandomize=False, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-faults", action="store_true", help="Write what was found into docs/faults.md."
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """End what is still connected, or the database can not be dropped.

    The server notices late that a killed process is gone, and a connection that Django made in
    another context of this thread is closed by nobody.
    """
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            wait_for(lambda: end_other_sessions() == 0, what="the end of all other sessions")


def end_other_sessions() -> int:
    """How many others were connected to the test database; they are not any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.rowcount


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def make_person(db) -> Callable[..., User]:
    return stage.person


@pytest.fixture
def alice(make_person) -> User:
    return make_person("alice", time_zone="Europe/Berlin")


@pytest.fixture
def bob(make_person) -> User:
    """A member of another workspace, who must never see Alice's things."""
    return make_person("bob")


@pytest.fixture
def workspace(alice) -> Workspace:
    return Workspace.personal_for(alice)


@pytest.fixture(scope="session")
def sandbox_server(tmp_path_factory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as server:
        yield server


@pytest.fixture
def sandbox(sandbox_server, settings, monkeypatch) -> Sandbox:
    """A fresh TikTok, as quick as it can be, that the app takes for the real one."""
    order(sandbox_server, "reset")
    tune(sandbox_server, processing_seconds=0, moderation_seconds=0)
    for minute in ("MINUTE", "INIT_WINDOW"):  # of our own budgets: stories do not wait for them
        monkeypatch.setattr(budgets, minute, timedelta(0))
    monkeypatch.setattr(budgets, "STRETCH", (0, 0))
    settings.TIKTOK_API_URL = sandbox_server.url
    settings.TIKTOK_AUTHORIZE_URL = f"{sandbox_server.url}/v2/auth/authorize/"
    settings.TIKTOK_SITE_URL = sandbox_server.url
    return sandbox_server


@pytest.fixture
def connect(sandbox) -> Callable[..., Channel]:
    return stage.connected_channel


@pytest.fixture
def channel(connect, workspace) -> Channel:
    return connect(workspace, "alice.films")


@pytest.fixture(scope="session")
def video_file(tmp_path_factory) -> Path:
    """A real H.264 MP4 with sound, one second long."""
    path = tmp_path_factory.mktemp("videos") / "sunrise.mp4"
    make_sample_video(path, seconds=1, width=360, height=640)
    return path


@pytest.fixture
def make_medium(db, settings, tmp_path) -> Callable[..., Media]:
    settings.MEDIA_ROOT = tmp_path / "media"
    return stage.stored_medium


@pytest.fixture
def medium(make_medium, workspace, video_file) -> Media:
    return make_medium(workspace, video_file)


@pytest.fixture
def make_photo(make_medium, workspace, tmp_path) -> Callable[..., Media]:
    """A photo of Alice's that passed its check; each `variation` has other colours."""

    def make(variation: int = 0, *, width: int = 270, height: int = 360, **wishes) -> Media:
        path = tmp_path / f"photo-{variation}.jpg"
        make_sample_photo(path, width=width, height=height, variation=variation, **wishes)
        return stage.stored_photo(workspace, path)

    return make


@pytest.fixture
def photo(make_photo) -> Media:
    return make_photo()


@pytest.fixture
def draft(alice, channel, medium) -> Callable[..., Publication]:
    """Compose a post of Alice's that nobody has approved yet."""

    def compose(*, media=None, to=None, **content) -> Publication:
        return stage.composed(alice, to or channel, media or [medium], **content)

    return compose


@pytest.fixture
def plan(draft, alice) -> Callable[..., Publication]:
    """Compose and approve; `minutes` from now, and now by default."""

    def schedule(*, minutes: float = 0, **content) -> Publication:
        publication = draft(**content)
        publication.schedule(timezone.now() + timedelta(minutes=minutes), by=alice)
        return publication

    return schedule
