"""Random lives of publications, in which the promises must hold. See the package's own words."""

import sys
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from accounts.models import Channel
from posts import leases
from posts.states import MOVES, State
from tiktok import chunks, uploads
from tiktok.oauth import tokens_alive
from tiktok.tests.model.actors import Actor, Stage
from tiktok.tests.model.machine import Life
from tiktok.tests.model.people import World
from tiktok.tests.model.pretend import PretendTikTok
from tiktok.tests.model.serving import served

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]

EXAMPLES = 16  # lives, in every run of the tests; the profile "long" has its own figure
STEPS = 30  # of one life
# Otherwise nothing was tried, and nothing is shown.
MUST_BE_SEEN = {
    (State.SCHEDULED, State.SENDING),
    (State.SENDING, State.PROCESSING),
    (State.PROCESSING, State.PUBLISHED),
}


@pytest.fixture
def stage(monkeypatch, time_machine) -> Stage:
    """Small chunks, no pauses, a clock that only the model moves, and boundaries everywhere."""
    stage = Stage()
    real_enter = transaction.Atomic.__enter__

    def enter(atomic):
        stage.before_transaction()
        return real_enter(atomic)

    def clock() -> float:
        stage.at_the_clock()
        seconds = timezone.now().timestamp()
        stage.at_the_clock()
        return seconds

    monkeypatch.setattr(transaction.Atomic, "__enter__", enter)
    monkeypatch.setattr(leases, "clock", clock)
    monkeypatch.setattr(chunks, "WHOLE_MAX_BYTES", 8)
    monkeypatch.setattr(chunks, "CHUNK_BYTES", 8)
    monkeypatch.setitem(uploads.upload.__kwdefaults__, "pauses", (0.0,))
    monkeypatch.setattr(tokens_alive, "_pauses", lambda: iter((0.0, 0.0)))
    return stage


@pytest.fixture
def tiktok(stage, settings) -> Iterator[PretendTikTok]:
    with served(PretendTikTok(stage.at_tiktok)) as tiktok:
        settings.TIKTOK_API_URL = tiktok.url
        settings.TIKTOK_APP_AUDITED = True
        yield tiktok


@pytest.fixture
def world(alice, workspace, make_medium, tiktok, tmp_path) -> World:
    media = []
    for name, text in (("first", "twenty bytes of film"), ("second", "small")):
        file = tmp_path / f"{name}.mp4"
        file.write_text(text)
        media.append(make_medium(workspace, file))
    channel = Channel(workspace=workspace, platform="tiktok", external_id="open-alice")
    channel.access_token = channel.refresh_token = "none yet"
    channel.save()
    return World(alice, workspace, channel, media, tiktok)


@pytest.fixture
def life(world, stage, time_machine) -> Iterator[type[Life]]:
    Life.world, Life.clock, Life.stage = world, time_machine, stage
    Life.web = Actor("web", stage)
    Life.crew = [Actor(f"worker {number}", stage) for number in range(3)]
    yield Life
    for actor in (*Life.crew, Life.web):
        actor.end()


def test_whatever_happens_the_promises_hold(life):
    is_long = settings.get_current_profile_name() == "long"
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=settings().max_examples if is_long else EXAMPLES,
            derandomize=not is_long,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    sys.stdout.write(f"{len(life.moves)} of the table's {len(MOVES)} moves were seen\n")
    assert life.moves >= MUST_BE_SEEN
