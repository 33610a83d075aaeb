"""The clocks are set forward or back: what was planned keeps its moment, and pages tell the time
on the wall."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from posts.models import Publication
from posts.tests.plain_platform import a_channel, a_publication, register_plain
from posts.tests.story import history, work

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

FORWARD = datetime(2026, 3, 29, 1, tzinfo=UTC)  # Berlin: 02:00 becomes 03:00
BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)  # Berlin: 03:00 becomes 02:00


@pytest.fixture
def plan(alice, workspace, monkeypatch, client, time_machine):
    register_plain(monkeypatch)

    def plan(due_at: datetime, *, today: datetime) -> Publication:
        time_machine.move_to(today, tick=False)
        publication = a_publication(alice, a_channel(workspace))
        publication.schedule(due_at, by=alice)
        client.force_login(alice)
        return publication

    return plan


def page_of(client, publication) -> str:
    return client.get(reverse("posts:detail", args=[publication.post_id])).content.decode()


def move(client, publication, *, date: str, time: str, which: str = "") -> None:
    """Alice gives it another time, on the post's page, in her own zone."""
    client.post(
        reverse("posts:reschedule", args=[publication.pk]),
        {"date": date, "time": time, "which": which},
    )
    publication.refresh_from_db()


@pytest.mark.parametrize(
    ("due_at", "wall"),
    [
        (FORWARD - timedelta(minutes=1), "Sun 29 Mar 2026, 01:59"),
        (FORWARD, "Sun 29 Mar 2026, 03:00"),
        (BACK - timedelta(minutes=30), "Sun 25 Oct 2026, 02:30"),
        (BACK + timedelta(minutes=30), "Sun 25 Oct 2026, 02:30"),
        (BACK + timedelta(hours=1), "Sun 25 Oct 2026, 03:00"),
    ],
)
def test_a_post_keeps_its_moment_across_the_change_and_the_page_its_wall_time(
    plan, client, time_machine, due_at, wall
):
    publication = plan(due_at, today=due_at - timedelta(days=3))
    assert wall in page_of(client, publication)

    time_machine.move_to(due_at - timedelta(seconds=1), tick=False)
    work()
    assert history(publication) == ["scheduled"]

    time_machine.move_to(due_at, tick=False)
    work()
    publication.refresh_from_db()
    assert publication.due_at == due_at
    assert publication.published_at == due_at


def test_a_wall_time_of_another_season_is_moved_to_by_its_own_offset(plan, client):
    publication = plan(FORWARD + timedelta(days=9), today=FORWARD - timedelta(days=1))

    move(client, publication, date="2026-03-28", time="18:00")
    assert publication.due_at == datetime(2026, 3, 28, 17, tzinfo=UTC)

    move(client, publication, date="2026-03-30", time="18:00")
    assert publication.due_at == datetime(2026, 3, 30, 16, tzinfo=UTC)


def test_the_missing_hour_asks_and_moves_nothing(plan, client):
    due_at = FORWARD + timedelta(days=9)
    publication = plan(due_at, today=FORWARD - timedelta(days=1))

    move(client, publication, date="2026-03-29", time="02:30")
    assert publication.due_at == due_at

    move(client, publication, date="2026-03-29", time="02:30", which="2026-03-29T01:30:00+00:00")
    assert publication.due_at == FORWARD + timedelta(minutes=30)
    assert "03:30" in page_of(client, publication)


def test_the_doubled_hour_asks_which(plan, client):
    publication = plan(BACK + timedelta(days=9), today=BACK - timedelta(days=1))

    move(client, publication, date="2026-10-25", time="02:15", which="2026-10-25T01:15:00+00:00")

    assert publication.due_at == BACK + timedelta(minutes=15)


def test_an_hour_late_is_an_hour_late_whatever_the_wall_says(plan, time_machine):
    """From 02:30 to 02:20 by the clock on the wall, and fifty minutes late."""
    due_at = BACK - timedelta(minutes=30)
    publication = plan(due_at, today=due_at - timedelta(days=1))

    time_machine.move_to(due_at + timedelta(minutes=50), tick=False)
    assert not publication.is_late

    time_machine.move_to(due_at + timedelta(minutes=61), tick=False)
    assert publication.is_late
