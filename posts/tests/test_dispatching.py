"""The dispatcher gives a hint when there is work and nobody awake to do it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from posts.dispatching import Dispatcher
from posts.models import Heartbeat, Installation, Media, Publication
from posts.models.heartbeat import Kind
from posts.tasks import drain
from posts.tests.plain_platform import a_channel, a_publication, register_plain

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture
def plain(monkeypatch, db):
    Heartbeat.beat(Kind.TIDY)  # nothing to tidy up for a while
    return register_plain(monkeypatch)


@pytest.fixture
def plan(plain, alice, workspace):
    Installation.claim_if_new()

    def plan(name="sunrise", *, seconds: float = 0) -> Publication:
        channel = a_channel(workspace, name)
        publication = a_publication(alice, channel, caption=name)
        publication.schedule(timezone.now() + timedelta(seconds=seconds), by=alice)
        Publication.objects.update(next_check_at=None)  # it was looked at ahead of its time
        return publication

    return plan


def look() -> int:
    return Dispatcher().look()


def age(kind: Kind, by: timedelta) -> None:
    Heartbeat.objects.filter(kind=kind).update(at=timezone.now() - by)


def test_due_work_gets_one_hint(plan):
    plan()

    assert look() == 1
    assert OrmQ.objects.count() == 1


def test_a_hint_under_way_is_enough(plan):
    plan()
    look()

    assert Dispatcher().look() == 0  # nor does another dispatcher give a second one


def test_nothing_due_gets_no_hint(plan):
    plan(seconds=60)

    assert look() == 0


def test_a_post_to_be_looked_at_ahead_of_its_time_gets_a_hint(plan):
    plan(seconds=60)
    Publication.objects.update(next_check_at=timezone.now())

    assert look() == 1


def test_the_drain_is_woken_before_the_moment(plan):
    plan(seconds=1.5)

    assert look() == 1


def test_a_running_drain_is_enough(plan):
    plan()
    Heartbeat.beat(Kind.WORKER)
    Heartbeat.beat(Kind.DRAIN)

    assert look() == 0


def test_a_drain_that_gives_no_sign_of_life_does_not_count(plan):
    plan()
    Heartbeat.beat(Kind.DRAIN)
    age(Kind.DRAIN, timedelta(seconds=20))

    assert look() == 1


def test_more_work_than_a_drain_has_threads_wakes_another(plan, settings):
    settings.PUBLISH_THREADS, settings.PUBLISH_PROCESSES = 2, 3
    Heartbeat.beat(Kind.WORKER)
    Heartbeat.beat(Kind.DRAIN)
    for number in range(3):
        plan(f"video {number}")

    assert look() == 1


def test_threads_that_are_busy_do_not_count_as_free(plan, settings):
    settings.PUBLISH_THREADS, settings.PUBLISH_PROCESSES = 2, 3
    Heartbeat.beat(Kind.WORKER)
    Heartbeat.beat(Kind.DRAIN)
    for name in ("first", "second"):
        plan(name)
        Publication.claim_due(by="a busy thread", seconds=60)
    plan("third")

    assert look() == 1


def test_there_are_never_more_drains_than_the_workers_have_room_for(plan, settings):
    settings.PUBLISH_THREADS, settings.PUBLISH_PROCESSES = 1, 2
    for worker in ("one:1", "two:2"):
        Heartbeat.beat(Kind.WORKER, worker)
    for number in range(6):
        plan(f"video {number}")

    assert look() == 4


def test_a_lost_hint_is_given_again(plan):
    Heartbeat.beat(Kind.WORKER)
    plan()
    look()
    OrmQ.objects.all().delete()
    age(Kind.HINT, timedelta(seconds=6))

    assert look() == 1


def test_without_a_worker_hints_do_not_pile_up(plan):
    plan()
    look()
    age(Kind.HINT, timedelta(minutes=1))

    assert look() == 0


@pytest.mark.django_db(transaction=True)
def test_a_drain_that_follows_its_hint_takes_it_away(plan):
    publication = plan()
    look()

    drain(Heartbeat.objects.get(kind=Kind.HINT).name)

    assert not Heartbeat.objects.filter(kind=Kind.HINT).exists()
    publication.refresh_from_db()
    assert publication.state == "published"


def test_when_it_is_time_to_tidy_up_a_drain_is_woken_for_it(plain):
    assert look() == 0

    age(Kind.TIDY, timedelta(minutes=6))
    assert look() == 1


def test_while_publishing_is_off_there_are_hints_for_checks_only(plan, settings):
    publication = plan()
    settings.PUBLISHING = False
    assert look() == 0

    Media.objects.create(workspace=publication.post.workspace, name="new.mp4")
    assert look() == 1
