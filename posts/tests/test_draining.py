"""A drain with real threads and a real database, on a small platform of the tests."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from posts.draining import Drain, forget_dead_drains
from posts.errors import HandOver
from posts.leases import Lease, clock
from posts.models import Attempt, Heartbeat, Media, MediaState, Publication
from posts.models.heartbeat import Kind
from posts.models.installation import Installation
from posts.stumbles import MOST_STUMBLES, STUMBLED
from posts.tests.plain_platform import (
    a_channel,
    a_publication,
    begin_attempt,
    publish_at_once,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]


@pytest.fixture
def plan(plain, alice, workspace):
    """Alice plans a post to an account of its own, since an account sends one at a time."""
    Installation.claim_if_new()

    def plan(name="sunrise", *, seconds: float = 0) -> Publication:
        publication = a_publication(alice, a_channel(workspace, name), caption=name)
        publication.schedule(timezone.now() + timedelta(seconds=seconds), by=alice)
        return publication

    return plan


def drain(*, stop=None, threads=4, linger=timedelta(), timeout=None) -> None:
    stop = stop or threading.Event()
    Drain(stop=stop, threads=threads, linger=linger, timeout=timeout).run()


def states(*publications: Publication) -> list[str]:
    for publication in publications:
        publication.refresh_from_db()
    return [str(publication.state) for publication in publications]


def wait_for(condition, seconds: float = 10) -> None:
    deadline = clock() + seconds
    while not condition():
        assert clock() < deadline, "it did not happen in time"
        threading.Event().wait(0.01)


def test_a_drain_publishes_what_is_due_and_ends(plan):
    due = [plan("sunrise"), plan("noon")]
    tomorrow = plan("tomorrow", seconds=86_400)

    drain()

    assert states(*due, tomorrow) == ["published", "published", "scheduled"]
    assert not Heartbeat.objects.filter(kind=Kind.DRAIN).exists()


def test_with_nothing_due_it_ends_at_once(plan):
    plan(seconds=60)
    began = clock()

    drain(linger=timedelta(seconds=5))

    assert clock() - began < 1


def test_what_is_due_in_a_moment_goes_out_at_that_moment(plan):
    publication = plan(seconds=1)

    drain(linger=timedelta(seconds=5))

    publication.refresh_from_db()
    late = publication.published_at - publication.due_at
    assert timedelta(0) <= late < timedelta(seconds=2)  # of milliseconds on an idle machine


def test_sendings_go_before_polls_and_polls_before_checks(plan, plain):
    alices = plan("poll")
    plain.step = start_processing
    drain()
    polled = Publication.objects.get(pk=alices.pk)
    Publication.objects.filter(pk=polled.pk).update(
        next_step_at=timezone.now() - timedelta(minutes=1)
    )
    sent = [plan("first"), plan("second")]
    medium = Media.objects.create(workspace=polled.post.workspace, name="new.mp4")
    checked_meanwhile = []
    plain.advanced.clear()

    def step(publication: Publication, lease: Lease) -> None:
        medium.refresh_from_db()
        checked_meanwhile.append(medium.state != MediaState.CHECKING)
        if publication.pk == polled.pk:
            lease.wait_until(timezone.now() + timedelta(hours=1))
        else:
            publish_at_once(publication, lease)

    plain.step = step
    drain(threads=1)

    assert plain.advanced == [sent[0].pk, sent[1].pk, polled.pk]
    assert checked_meanwhile == [False, False, False]
    medium.refresh_from_db()
    assert medium.state == MediaState.REJECTED  # its file has never been there


def start_processing(publication: Publication, lease: Lease) -> None:
    publication.start_sending(lease)
    begin_attempt(publication, last_block_gone=True)
    publication.await_processing(lease, timezone.now() + timedelta(hours=1))


def test_two_drains_never_take_the_same_publication(plan, plain):
    publications = [plan(f"video {number}") for number in range(12)]
    drains = [threading.Thread(target=drain_and_hang_up) for _ in range(2)]

    for thread in drains:
        thread.start()
    for thread in drains:
        thread.join()

    assert sorted(plain.advanced) == sorted(publication.pk for publication in publications)
    assert set(states(*publications)) == {"published"}
    assert Attempt.objects.count() == 12


def drain_and_hang_up() -> None:
    drain()
    connections.close_all()


def test_a_mistake_of_ours_costs_a_pause_that_grows_and_not_the_post(plan, plain):
    publication = plan()
    plain.step = divide_by_zero
    pauses = []
    for _ in range(3):
        Publication.objects.update(next_step_at=timezone.now())
        drain()
        publication.refresh_from_db()
        assert publication.lease_until is None
        stumbled = publication.events.filter(because=STUMBLED).last()
        pauses.append(round((publication.next_step_at - stumbled.at).total_seconds()))

    assert pauses == [5, 10, 20]
    assert publication.state == "scheduled"
    assert publication.events.filter(because=STUMBLED).count() == 3

    plain.step = publish_at_once
    Publication.objects.update(next_step_at=timezone.now())
    drain()
    assert states(publication) == ["published"]


def test_after_many_mistakes_a_person_is_asked(plan, plain):
    publication = plan()
    plain.step = divide_by_zero

    for _ in range(MOST_STUMBLES):
        Publication.objects.update(next_step_at=timezone.now())
        drain()

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "configuration")
    assert publication.failure["code"] == "internal_error"


def test_a_mistake_after_the_step_was_done_undoes_nothing(plan, plain):
    publication = plan()

    def step(publication: Publication, lease: Lease) -> None:
        publish_at_once(publication, lease)
        divide_by_zero(publication, lease)

    plain.step = step
    drain()

    assert states(publication) == ["published"]
    assert publication.next_step_at is None


def divide_by_zero(publication: Publication, lease: Lease) -> None:
    publication.tries / 0


def upload_for_ever(publication: Publication, lease: Lease) -> None:
    publication.start_sending(lease)
    while True:
        lease.check()
        threading.Event().wait(0.02)


def test_a_process_that_goes_away_hands_over_at_once(plan, plain):
    publication = plan()
    plain.step = upload_for_ever
    stop = threading.Event()
    thread = threading.Thread(target=lambda: (drain(stop=stop), connections.close_all()))
    thread.start()
    wait_for(lambda: states(publication) == ["sending"])
    began = clock()

    stop.set()
    thread.join()

    assert clock() - began < 1.5
    publication.refresh_from_db()
    assert publication.lease_until is None
    assert publication.next_step_at <= timezone.now()


def test_a_drain_retires_before_its_time_is_up_and_hands_over_what_is_left(plan, plain):
    publication = plan()
    seen = []

    def step(publication: Publication, lease: Lease) -> None:
        publication.start_sending(lease)
        try:
            while True:
                seen.append(Heartbeat.objects.filter(kind=Kind.DRAIN).exists())
                lease.check()
                threading.Event().wait(0.05)
        except HandOver:
            plain.step = publish_at_once
            raise

    plain.step = step
    began = clock()
    drain(timeout=3)

    # First it was known to the dispatcher, then it had signed off, and then it let go.
    assert 2 <= clock() - began < 3
    assert (True in seen, seen[-1]) == (True, False)
    publication.refresh_from_db()
    assert (publication.state, publication.lease_until) == ("sending", None)


def test_while_publishing_is_off_nothing_is_claimed_but_files_are_checked(plan, plain, settings):
    publication = plan()
    medium = Media.objects.create(workspace=publication.post.workspace, name="new.mp4")
    settings.PUBLISHING = False

    drain()

    assert plain.advanced == []
    assert states(publication) == ["scheduled"]
    medium.refresh_from_db()
    assert medium.state == MediaState.REJECTED


def test_a_check_that_was_cut_off_counts_for_nothing(plan):
    workspace = plan(seconds=60).post.workspace
    Media.objects.create(workspace=workspace, name="new.mp4")
    claimed = Media.claim_check(seconds=300)
    assert Media.claim_check(seconds=300) is None

    claimed.give_back_check()

    assert Media.claim_check(seconds=300).check_tries == 1


def test_the_signs_of_life_of_dead_drains_are_cleared_away():
    Heartbeat.beat(Kind.DRAIN)
    host = Heartbeat.own_name().rpartition(":")[0]
    Heartbeat.beat(Kind.DRAIN, f"{host}:{2**22 + 1}")  # no process has such a number
    Heartbeat.beat(Kind.DRAIN, "another-machine:7")

    forget_dead_drains()

    alive = Heartbeat.objects.filter(kind=Kind.DRAIN).values_list("name", flat=True)
    assert set(alive) == {Heartbeat.own_name(), "another-machine:7"}
