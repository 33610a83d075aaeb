"""Of all who want to move a publication, one does: leases, versions and locks."""

import threading
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from django.db import connection
from django.utils import timezone

from posts.errors import CancelAsked, ChannelBusy, HandOver, IllegalMove, LeaseLost
from posts.leases import Lease
from posts.models import Publication
from posts.models.worker_verbs import WorkerVerbs
from posts.states import HeldReason, State
from posts.tests.plain_platform import a_channel, a_publication
from posts.tests.walk import FAILURE, bring, lease_on

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

Verb = Callable[[Publication, Lease], object]

VERBS: dict[str, Verb] = {
    "start_sending": lambda publication, lease: publication.start_sending(lease),
    "take_over": lambda publication, lease: publication.take_over(lease),
    "defer": lambda publication, lease: publication.defer(lease, timezone.now(), failure=FAILURE),
    "hold": lambda publication, lease: publication.hold(lease, HeldReason.CAP, failure=FAILURE),
    "fail": lambda publication, lease: publication.fail(lease, failure=FAILURE),
    "obey_cancel": lambda publication, lease: publication.obey_cancel(lease),
    "await_processing": lambda publication, lease: publication.await_processing(
        lease, timezone.now()
    ),
    "await_fetch": lambda publication, lease: publication.await_fetch(lease, timezone.now()),
    "unconfirm": lambda publication, lease: publication.unconfirm(lease, failure=FAILURE),
    "publish": lambda publication, lease: publication.publish(
        lease, settle=None, next_step_at=None
    ),
    "deliver": lambda publication, lease: publication.deliver(
        lease, settle=None, next_step_at=None
    ),
}
WRITES: dict[str, Callable[[Lease], object]] = {
    "renew": lambda lease: lease.renew(),
    "wait_until": lambda lease: lease.wait_until(timezone.now()),
    "let_go": lambda lease: lease.let_go(),
    "finish": lambda lease: lease.finish(),
    "fenced": lambda lease: lease.fenced().__enter__(),
    "still_ours": lambda lease: lease.still_ours().__enter__(),
}


def row_of(publication: Publication) -> dict[str, object]:
    [row] = Publication.objects.filter(pk=publication.pk).values()
    return row | {"events": publication.events.count()}


def overtaken(publication: Publication) -> tuple[Lease, dict[str, object]]:
    """The lease of a worker that was given up for dead, and the row as its successor left it."""
    mine = lease_on(publication)
    long_ago = timezone.now() - timedelta(minutes=5)
    dead = Publication.objects.filter(pk=publication.pk)
    dead.update(lease_until=long_ago, next_step_at=long_ago)
    claimed = Lease.claim(by="a successor", stop=Event())
    assert claimed is not None
    return mine, row_of(publication)


def test_every_verb_of_a_worker_is_fenced_here():
    assert set(VERBS) == {name for name in vars(WorkerVerbs) if not name.startswith("_")}


@pytest.mark.parametrize("name", VERBS)
def test_a_worker_that_was_overtaken_moves_nothing(name, publication, alice):
    bring(publication, State.SENDING, by=alice)
    old, row = overtaken(publication)

    with pytest.raises(LeaseLost):
        VERBS[name](publication, old)

    assert row_of(publication) == row


@pytest.mark.parametrize("name", WRITES)
def test_a_worker_that_was_overtaken_writes_nothing(name, publication, alice):
    bring(publication, State.SENDING, by=alice)
    old, row = overtaken(publication)

    with pytest.raises(LeaseLost):
        WRITES[name](old)

    assert row_of(publication) == row


def test_an_act_of_a_person_fences_the_worker(publication, alice):
    bring(publication, State.SCHEDULED, by=alice)
    claimed = Lease.claim(by="a worker", stop=Event())
    assert claimed is not None
    taken, lease = claimed

    Publication.objects.get(pk=publication.pk).pause(by=alice)

    with pytest.raises(LeaseLost):
        taken.start_sending(lease)
    publication.refresh_from_db()
    assert publication.state == State.HELD


def test_a_lease_that_has_ended_is_not_asked_about(publication, alice, settings):
    settings.LEASE_SECONDS = -1
    bring(publication, State.SENDING, by=alice)
    with pytest.raises(LeaseLost):
        lease_on(publication).check()


def test_a_process_that_goes_away_hands_over(publication, alice):
    bring(publication, State.SENDING, by=alice)
    lease = lease_on(publication)
    lease.stop.set()
    with pytest.raises(HandOver):
        lease.check()


def test_a_renewal_tells_that_a_person_wants_it_to_stop(publication, alice):
    bring(publication, State.SENDING, by=alice)
    lease = lease_on(publication)
    lease.renew()
    publication.cancel(by=alice)
    with pytest.raises(CancelAsked):
        lease.renew()


def test_a_channel_sends_one_at_a_time(alice, workspace, plain):
    channel = a_channel(workspace)
    first = bring(a_publication(alice, channel), State.SENDING, by=alice)
    second = bring(a_publication(alice, channel), State.SCHEDULED, by=alice)
    claimed = Lease.claim(by="a worker", stop=Event())
    assert claimed is not None
    assert claimed[0] == second

    with pytest.raises(ChannelBusy):
        claimed[0].start_sending(claimed[1])

    states = Publication.objects.in_bulk([first.pk, second.pk])
    assert [states[first.pk].state, states[second.pk].state] == [State.SENDING, State.SCHEDULED]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act gave, or the error it raised, when all begin together in their own threads."""
    gate = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int) -> None:
        gate.wait(timeout=10)
        try:
            results[place] = acts[place]()
        except (IllegalMove, LeaseLost) as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_six_who_cancel_at_once_one_does(publication, alice):
    bring(publication, State.SCHEDULED, by=alice)

    results = at_once(
        *[lambda: Publication.objects.get(pk=publication.pk).cancel(by=alice) for _ in range(6)]
    )

    assert results.count(True) == 1
    assert [type(result) for result in results if result is not True] == [IllegalMove] * 5
    canceled = publication.events.filter(after=State.CANCELED)
    assert canceled.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_six_who_claim_at_once_one_gets_it(publication, alice):
    bring(publication, State.SCHEDULED, by=alice)
    version = publication.version

    results = at_once(*[lambda: Lease.claim(by="a worker", stop=Event()) for _ in range(6)])

    assert len([result for result in results if result is not None]) == 1
    publication.refresh_from_db()
    assert publication.version == version + 1
