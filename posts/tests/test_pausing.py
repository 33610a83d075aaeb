"""An account is stopped before it burns the rest of its posts, and one button lets it go on."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from accounts.models import Channel, Health
from posts.models import Notification, Publication, Verdict
from posts.pausing import ENOUGH, let_go_on, pause, pause_after_failures
from posts.states import HeldReason, State
from posts.tests.people import browser_of, words
from posts.tests.plain_platform import a_channel, a_publication, register_plain
from posts.tests.story import history
from posts.tests.walk import FAILURE, bring, lease_on, settled

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

ITS_FILE = FAILURE | {"only_this_post": True}


@pytest.fixture
def channel(workspace, monkeypatch):
    register_plain(monkeypatch)
    return a_channel(workspace)


@pytest.fixture
def planned(channel, alice):
    """Of tomorrow."""
    publication = a_publication(alice, channel, caption="Tomorrow")
    publication.schedule(timezone.now() + timedelta(days=1), by=alice)
    return publication


@pytest.fixture
def fail(channel, alice):
    def fail(*, failure=FAILURE) -> Publication:
        publication = a_publication(alice, channel)
        bring(publication, State.SENDING, by=alice)
        publication.fail(
            lease_on(publication), failure=failure, settle=settled(publication, Verdict.FAILED)
        )
        pause_after_failures(publication)
        return publication

    return fail


def health(channel: Channel) -> str:
    channel.refresh_from_db()
    return channel.health


def test_three_failures_in_a_row_stop_the_account(fail, planned, channel, alice):
    fail()
    fail()
    assert health(channel) == Health.CONNECTED

    third = fail()

    assert health(channel) == Health.PAUSED
    assert channel.health_reason == "3 posts of this account failed one after another."
    planned.refresh_from_db()
    assert (planned.state, planned.held_reason) == ("held", "channel_paused")
    assert third.events.last().because == ENOUGH
    [told] = Notification.objects.filter(channel=channel, kind="attention", publication=None)
    assert told.person == alice


def test_one_that_went_out_in_between_counts_for_the_account(fail, channel, alice):
    fail()
    fail()
    bring(a_publication(alice, channel), State.PUBLISHED, by=alice)

    fail()

    assert health(channel) == Health.CONNECTED


def test_what_is_the_files_own_fault_says_nothing_about_the_account(fail, channel):
    fail()
    fail()
    for _ in range(3):
        fail(failure=ITS_FILE)
    assert health(channel) == Health.CONNECTED

    fail()

    assert health(channel) == Health.PAUSED


def test_a_set_up_that_is_wrong_for_every_post_stops_it_too(channel, alice):
    for _ in range(3):
        publication = a_publication(alice, channel)
        bring(publication, State.SENDING, by=alice)
        lease, settle = lease_on(publication), settled(publication, Verdict.FAILED)
        publication.hold(lease, HeldReason.CONFIGURATION, failure=FAILURE, settle=settle)
        pause_after_failures(publication)

    assert health(channel) == Health.PAUSED


def test_after_it_was_let_go_on_the_count_begins_anew(fail, planned, channel, alice):
    for _ in range(3):
        fail()
    channel.refresh_from_db()

    assert let_go_on(channel, by=alice) == [planned]

    fail()
    fail()
    assert health(channel) == Health.CONNECTED
    fail()
    assert health(channel) == Health.PAUSED


def test_a_post_whose_time_has_passed_meanwhile_asks_first(planned, channel, alice):
    pause(channel, by=alice)
    Publication.objects.update(due_at=timezone.now() - timedelta(days=1))

    assert let_go_on(channel, by=alice) == []

    planned.refresh_from_db()
    assert (planned.state, planned.held_reason) == ("held", "late")


def test_an_account_that_must_be_reconnected_is_not_let_go_on_by_this(planned, channel, alice):
    Channel.objects.update(health=Health.NEEDS_RECONNECT)

    assert let_go_on(channel, by=alice) == []

    assert health(channel) == Health.NEEDS_RECONNECT


def test_alice_pauses_and_lets_go_on_by_the_buttons_of_the_page(planned, channel, alice, client):
    client.force_login(alice)

    said = client.post(reverse("posts:pause_channel", args=[channel.pk]), follow=True)
    assert "is paused; 1 post waits until it goes on." in said.content.decode()
    assert health(channel) == Health.PAUSED

    said = client.post(reverse("posts:let_channel_go_on", args=[channel.pk]), follow=True)
    assert "goes on; 1 post waits for the planned time." in said.content.decode()
    planned.refresh_from_db()
    assert history(planned) == ["scheduled", "held", "scheduled"]


def test_the_post_says_once_who_paused_and_what_lets_it_go_on(planned, channel, alice):
    pause(channel, by=alice)

    page = words(browser_of(alice).get(reverse("posts:detail", args=[planned.post_id])))

    assert "<p>Paused by alice.</p>" in page
    assert "by alice, by alice" not in page
    assert "Let the account go on, on the Accounts page: then its posts do." in page


def test_bob_stops_nothing(channel, bob):
    with pytest.raises(PermissionDenied):
        pause(channel, by=bob)
    with pytest.raises(PermissionDenied):
        let_go_on(channel, by=bob)
