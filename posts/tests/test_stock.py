"""What one process claims ahead of its threads: few while each takes long, several in a burst."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from posts import stock
from posts.errors import LeaseLost
from posts.leases import Lease
from posts.models import Publication
from posts.models.installation import Installation
from posts.stock import Stock
from posts.tests.plain_platform import a_channel, a_publication, register_plain

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture
def clock(monkeypatch):
    """Our clock, which these stories set."""
    now = [1000.0]
    monkeypatch.setattr(stock, "clock", lambda: now[0])
    return now


@pytest.fixture
def due(alice, workspace, monkeypatch):
    """So many of Alice's posts are due, one after the other."""
    register_plain(monkeypatch)
    Installation.claim_if_new()

    def due(count: int) -> list[Publication]:
        first = timezone.now() - timedelta(seconds=count)
        publications = []
        for number in range(count):
            publication = a_publication(alice, a_channel(workspace, f"account{number}"))
            publication.schedule(timezone.now() + timedelta(hours=1), by=alice)
            at = first + timedelta(seconds=number)
            Publication.objects.filter(pk=publication.pk).update(due_at=at, next_step_at=at)
            publications.append(publication)
        return publications

    return due


@pytest.fixture
def a_stock() -> Stock:
    return Stock(hand_over=threading.Event())


def claimed() -> int:
    return Publication.objects.filter(lease_until__gt=timezone.now()).count()


def test_it_gives_what_has_waited_longest_first(due, a_stock, clock):
    planned = due(4)

    taken = [a_stock.take() for _ in planned]

    assert [publication.pk for publication, _ in taken] == [each.pk for each in planned]
    assert a_stock.take() is None


def test_it_claims_no_more_than_the_threads_take_in_a_moment(due, a_stock, clock):
    due(20)
    counts = []

    for _ in range(8):
        a_stock.take()
        counts.append(claimed())

    # 1 for the first, 1 as many as were taken, then 2, 4 and at the most 8 at once.
    assert counts == [1, 2, 4, 4, 8, 8, 8, 8]


def test_where_each_takes_long_nothing_is_claimed_ahead(due, a_stock, clock):
    due(5)

    for number in range(5):
        clock[0] += stock.MOMENT + 0.1
        a_stock.take()
        assert claimed() == number + 1


def test_what_nobody_begins_soon_is_given_back(due, a_stock, clock):
    planned = due(5)
    for _ in range(3):
        a_stock.take()
    assert claimed() == 4

    clock[0] += stock.LONGEST_WAIT / 2
    a_stock.tidy()
    assert claimed() == 4
    clock[0] += stock.LONGEST_WAIT
    a_stock.tidy()

    assert claimed() == 3
    # Where it stood in the line: before what became due after it.
    others = Lease.claim_some(by="another worker", stop=threading.Event(), most=5)
    assert [publication.pk for publication, _ in others] == [each.pk for each in planned[3:]]


def test_closed_it_gives_everything_back_and_claims_nothing_more(due, a_stock, clock):
    due(5)
    for _ in range(3):
        a_stock.take()

    a_stock.close()

    assert claimed() == 3
    assert a_stock.take() is None


def test_a_claim_that_hangs_stops_nobody_else(due, a_stock, clock, monkeypatch):
    planned = due(2)
    monkeypatch.setattr(stock, "PATIENCE", 0.01)
    a_stock._claiming.acquire()  # by a thread whose database does not answer

    publication, _ = a_stock.take()

    assert publication.pk == planned[0].pk
    assert a_stock.waiting == 0


def test_what_was_changed_meanwhile_is_fenced(due, a_stock, clock, alice):
    planned = due(5)
    for _ in range(3):
        a_stock.take()

    planned[3].unschedule(by=alice)
    publication, lease = a_stock.take()

    assert publication.pk == planned[3].pk
    with pytest.raises(LeaseLost):
        publication.start_sending(lease)
    planned[3].refresh_from_db()
    assert planned[3].state == "draft"
    a_stock.close()


def test_a_lease_counts_from_the_claim(due, a_stock, clock, settings):
    due(4)
    for _ in range(3):
        a_stock.take()

    publication, lease = a_stock.take()

    left = publication.lease_until - timezone.now()
    assert timedelta(0) < left <= timedelta(seconds=settings.LEASE_SECONDS)
    assert lease.version == publication.version == 2
