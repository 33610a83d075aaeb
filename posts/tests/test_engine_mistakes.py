"""Mistakes of the program itself: a publication that meets them is never lost, and never races."""

from threading import Event

import pytest
from django.db import OperationalError
from django.utils import timezone

from posts import stumbles
from posts.crew import _take_step
from posts.leases import Lease
from posts.states import State
from posts.tests.walk import bring, lease_on

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


def test_a_database_that_fails_in_mid_step_is_not_asked_again_at_once(
    publication, alice, plain, monkeypatch
):
    bring(publication, State.SCHEDULED, by=alice)
    monkeypatch.setattr("posts.crew.connection.close", lambda: None)

    def step(publication, lease):
        raise OperationalError("no such table")

    plain.step = step
    claimed = Lease.claim(by="a worker", stop=Event())
    _take_step(*claimed)

    publication.refresh_from_db()
    assert publication.lease_until is None
    assert publication.next_step_at > timezone.now()


@pytest.mark.parametrize("state", [State.SENDING, State.PROCESSING])
def test_what_can_not_even_be_asked_about_is_handed_to_a_person(publication, alice, state):
    bring(publication, state, by=alice)
    publication.attempts.update(finishing_at=timezone.now())
    for _ in range(stumbles.MOST_STUMBLES - 1):
        publication.note(stumbles.STUMBLED)
    lease = lease_on(publication)
    lease.renew()

    stumbles.give_back(publication, lease)

    publication.refresh_from_db()
    assert (publication.state, publication.next_step_at) == (State.UNCONFIRMED, None)
    assert publication.failure["what_to_do"]
