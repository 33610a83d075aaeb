"""When a planned post is looked at before its time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from posts.looks import first_look, next_look

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_the_first_of_may():
    with time_machine.travel(NOW, tick=False):
        yield


def test_what_is_planned_is_looked_at_at_once():
    assert first_look(NOW + timedelta(days=30)) == NOW


def test_what_goes_out_in_seconds_is_looked_at_by_its_sending():
    assert first_look(NOW + timedelta(seconds=5)) is None


@pytest.mark.parametrize(
    ("ahead", "earliest", "latest"),
    [
        (timedelta(days=3), timedelta(days=1, hours=1), timedelta(days=1)),
        (timedelta(days=1, minutes=1), timedelta(minutes=70), timedelta(hours=1)),
        (timedelta(minutes=65), timedelta(minutes=10), timedelta(minutes=5)),
    ],
)
def test_the_next_look_is_a_day_an_hour_or_five_minutes_ahead(ahead, earliest, latest):
    due_at = NOW + ahead

    looks = [next_look(due_at) for _ in range(200)]

    assert all(due_at - earliest <= look <= due_at - latest for look in looks)
    assert max(looks) - min(looks) > (earliest - latest) / 2  # a thousand do not come at once


def test_after_the_last_look_comes_the_sending():
    assert next_look(NOW + timedelta(minutes=9)) is None
