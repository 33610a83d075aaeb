"""Posts that wait for their account, when whoever mended it died before they were told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Health
from posts.parking import FORGOTTEN_AFTER, park, unpark_forgotten
from posts.platforms import Finding
from posts.states import HeldReason, State
from posts.tests.plain_platform import a_channel, a_publication

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture
def forgotten(alice, workspace, plain, time_machine):
    """Held for its account, which can be used, and nobody thinks of it any more."""
    publication = a_publication(alice, a_channel(workspace))
    publication.schedule(timezone.now() + timedelta(hours=2), by=alice)
    park(publication.channel, because="the account was disconnected")
    time_machine.move_to(timezone.now() + FORGOTTEN_AFTER * 2)
    publication.refresh_from_db()
    return publication


def test_what_waits_for_an_account_that_can_be_used_goes_on(forgotten):
    assert unpark_forgotten() == [forgotten]

    forgotten.refresh_from_db()
    assert (forgotten.state, forgotten.next_step_at) == (State.SCHEDULED, forgotten.due_at)


@pytest.mark.parametrize("health", [Health.NEEDS_RECONNECT, Health.PAUSED, Health.DISCONNECTED])
def test_what_waits_for_an_account_that_can_not_be_used_waits_on(forgotten, health):
    type(forgotten.channel).objects.update(health=health)

    assert unpark_forgotten() == []


def test_what_was_held_a_moment_ago_may_be_part_of_an_end(alice, workspace, plain):
    publication = a_publication(alice, a_channel(workspace))
    publication.schedule(timezone.now() + timedelta(hours=2), by=alice)
    park(publication.channel, because="the account is being disconnected at this very moment")

    assert unpark_forgotten() == []


def test_what_lacks_something_besides_waits_for_it(forgotten, plain):
    plain.findings = [Finding("permission_missing", "The account did not allow it.")]

    assert unpark_forgotten() == []

    forgotten.refresh_from_db()
    assert (forgotten.state, forgotten.held_reason) == (State.HELD, HeldReason.RECONNECT)


def test_what_has_become_late_meanwhile_asks(forgotten, time_machine):
    time_machine.move_to(forgotten.due_at + timedelta(days=1))

    assert unpark_forgotten() == []

    forgotten.refresh_from_db()
    assert (forgotten.state, forgotten.held_reason) == (State.HELD, HeldReason.LATE)


def test_what_a_person_paused_is_nobody_elses(forgotten, alice):
    forgotten.pause(by=alice)

    assert unpark_forgotten() == []
