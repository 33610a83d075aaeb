"""A draft that waits in the app is reminded of: after some hours, the next day, and by day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from posts.mailing import is_due, remind_of_drafts
from posts.models import Notification, Publication
from posts.models.waiting_draft import by_day
from posts.states import State
from posts.tests.plain_platform import a_channel, a_publication, register_plain
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    register_plain(monkeypatch)


@pytest.fixture
def publication(workspace, alice):
    return a_publication(alice, a_channel(workspace))


def delivered(publication, alice, at):
    with time_machine.travel(at, tick=False):
        return bring(publication, State.DELIVERED, by=alice)


def subjects_at(*moments):
    """What people were told, after somebody looked at each of these moments."""
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            remind_of_drafts()
    return [each.subject for each in Notification.objects.order_by("pk")]


WAITS = "“Sunrise” waits in Plain: finish it there"
STILL_WAITS = "“Sunrise” still waits in Plain: finish it there"


def test_it_is_reminded_of_twice(publication, alice):
    delivered(publication, alice, NOON)

    soon, after_three_hours = NOON + timedelta(minutes=179), NOON + timedelta(hours=3)
    assert subjects_at(soon) == [WAITS]
    assert subjects_at(after_three_hours, after_three_hours) == [WAITS, STILL_WAITS]
    next_morning = datetime(2026, 6, 2, 8, 0, tzinfo=BERLIN)
    assert subjects_at(next_morning) == [WAITS, STILL_WAITS, STILL_WAITS]
    publication.refresh_from_db()
    assert publication.remind_at is None
    assert subjects_at(NOON + timedelta(days=7)) == [WAITS, STILL_WAITS, STILL_WAITS]


def test_nobody_is_woken(publication, alice):
    delivered(publication, alice, NOON + timedelta(hours=9))

    assert publication.remind_at == datetime(2026, 6, 2, 8, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-06-01T07:59", "2026-06-01T08:00"),
        ("2026-06-01T08:00", "2026-06-01T08:00"),
        ("2026-06-01T21:59", "2026-06-01T21:59"),
        ("2026-06-01T22:00", "2026-06-02T08:00"),
        ("2026-03-28T23:30", "2026-03-29T08:00"),  # the night in which the clock goes forward
    ],
)
def test_night_is_by_the_persons_own_clock(moment, expected):
    at = datetime.fromisoformat(moment).replace(tzinfo=BERLIN)

    by_day_there = by_day(at.astimezone(UTC), BERLIN).astimezone(BERLIN)

    assert by_day_there.isoformat()[:16] == expected


@pytest.mark.parametrize("verb", ["confirm_live", "cancel"])
def test_what_is_finished_or_dropped_is_not_reminded_of(publication, alice, verb):
    delivered(publication, alice, NOON)
    getattr(publication, verb)(by=alice)

    assert publication.remind_at is None
    assert subjects_at(NOON + timedelta(hours=30)) == [WAITS]


def test_who_was_off_for_days_reminds_once(publication, alice):
    delivered(publication, alice, NOON)

    late = NOON + timedelta(days=3)
    assert subjects_at(late, late + timedelta(days=1)) == [WAITS, STILL_WAITS]


def test_a_reminder_is_work_that_wakes_a_worker(publication, alice):
    delivered(publication, alice, NOON)
    Notification.objects.update(mail_at=None)

    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        assert not is_due()
        assert Publication.next_reminder() == timezone.now() + timedelta(hours=1)
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        assert is_due()
