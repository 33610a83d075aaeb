"""Whose turn it is on an account: nobody waits for one who has gone."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from posts.errors import LeaseLost
from posts.leases import Claim, Lease
from posts.models import Publication
from posts.platforms import platform_of
from posts.tests.story import work

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


def claim() -> Claim:
    claimed = Lease.claim(by="a worker", stop=threading.Event())
    assert claimed is not None
    return claimed


def advance(claimed: Claim) -> None:
    publication, lease = claimed
    platform_of(publication.channel).advance(publication, lease)


def test_who_is_taken_out_of_the_line_wakes_the_next(plan, sandbox, alice):
    sends, woken, waits = plan(), plan(), plan()
    publication, lease = claim()
    publication.start_sending(lease)
    assert publication.pk == sends.pk
    first, second = claim(), claim()
    advance(second)  # finds the account busy
    waits.refresh_from_db()
    assert waits.next_step_at > timezone.now() + timedelta(seconds=10)
    # The first has ended without waking anybody: the next one is in a worker's hands already.
    Publication.objects.filter(pk=sends.pk).update(
        state="draft", lease_until=None, next_step_at=None
    )

    woken.cancel(by=alice)
    with pytest.raises(LeaseLost):
        advance(first)
    work()

    waits.refresh_from_db()
    assert waits.state == "processing"


def test_an_account_that_has_become_free_meanwhile_is_not_waited_for(plan, sandbox, monkeypatch):
    sends, waits = plan(), plan()
    publication, lease = claim()
    publication.start_sending(lease)
    count_ahead = Publication.count_ahead

    def and_the_first_ends(self, *, most):
        Publication.objects.filter(pk=sends.pk).update(
            state="draft", lease_until=None, next_step_at=None
        )
        return count_ahead(self, most=most)

    monkeypatch.setattr(Publication, "count_ahead", and_the_first_ends)
    advance(claim())
    work()

    waits.refresh_from_db()
    assert waits.state == "processing"
