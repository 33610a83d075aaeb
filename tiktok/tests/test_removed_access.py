"""TikTok tells that a creator's access has ended: the account turns red, its posts wait."""

import time
from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Channel, Health
from posts.tests.story import history, work
from tiktok import oauth
from tiktok.errors import NeedsReconnect
from tiktok.publishing import hearing
from tiktok.tests.story import trouble
from tiktok.tests.telling import tell

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

REMOVED = "authorization.removed"


@pytest.fixture
def channel(channel) -> Channel:
    """Connected an hour ago."""
    Channel.objects.update(connected_at=timezone.now() - timedelta(hours=1))
    channel.refresh_from_db()
    return channel


def test_the_account_turns_red_and_its_posts_wait(plan, channel, alice):
    publication = plan(minutes=60)

    event = tell(REMOVED, channel, reason=1)

    channel.refresh_from_db()
    publication.refresh_from_db()
    assert channel.health == Health.NEEDS_RECONNECT
    assert channel.health_reason == "The account's owner disconnected this app inside TikTok."
    assert (channel.access_token_sealed, channel.refresh_token_sealed) == ("", "")
    assert (publication.state, publication.held_reason) == ("held", "reconnect")
    [told] = alice.notifications.all()
    assert told.kind == "disconnected"
    assert told.text == (
        "The account's owner disconnected this app inside TikTok. Its posts wait. Reconnect the "
        "account, and they go on by themselves; those whose time has passed by then ask you first."
    )
    assert event.outcome == "the account is disconnected; 1 posts wait for it"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (0, "did not say why"),
        (2, "was deleted"),
        (3, "the age"),
        (4, "banned"),
        (99, "did not say why"),
        ("strange", "did not say why"),
    ],
)
def test_the_reason_is_said_in_words(channel, reason, words):
    tell(REMOVED, channel, reason=reason)
    channel.refresh_from_db()
    assert words in channel.health_reason


def test_what_is_on_its_way_is_left_to_its_worker(plan, channel, sandbox):
    """A post that TikTok processes goes on; once connected again its end is asked for."""
    processing = plan()
    work()
    tell(REMOVED, channel, reason=1)
    work()
    processing.refresh_from_db()
    assert processing.state == "processing"
    assert history(processing) == ["scheduled", "sending", "processing"]


def test_a_post_that_is_being_sent_waits_for_the_account(plan, channel, sandbox):
    publication = plan()
    trouble(sandbox, "creator_info", "html_502")
    work()
    publication.refresh_from_db()
    assert publication.state == "scheduled"  # for another try
    tell(REMOVED, channel, reason=1)
    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "reconnect")


def test_an_account_that_was_connected_again_since_stays_as_it_is(channel, plan):
    publication = plan(minutes=60)
    Channel.objects.update(connected_at=timezone.now())
    event = tell(REMOVED, channel, at=time.time() - 60, reason=1)
    channel.refresh_from_db()
    publication.refresh_from_db()
    assert (channel.health, publication.state) == (Health.CONNECTED, "scheduled")
    assert channel.refresh_token
    assert event.outcome == "nothing: it was connected again since"


@pytest.mark.parametrize("still_connected", [True, False])
def test_in_the_very_second_of_the_connection_tiktok_is_asked(
    channel, alice, sandbox, still_connected
):
    """An event tells its moment to the second: this may be before the connection or after it."""
    second = timezone.now().replace(microsecond=0)
    Channel.objects.update(connected_at=second + timedelta(milliseconds=400))
    if not still_connected:
        sandbox.remove_access("alice.films")

    tell(REMOVED, channel, at=second.timestamp(), reason=1)
    channel.refresh_from_db()
    assert channel.health == Health.CONNECTED
    assert channel.refresh_token
    assert not channel.token_is_fresh_for(timedelta(0))

    with suppress(NeedsReconnect):
        oauth.access_token(channel)
    channel.refresh_from_db()
    expected = Health.CONNECTED if still_connected else Health.NEEDS_RECONNECT
    assert channel.health == expected
    assert alice.notifications.count() == (0 if still_connected else 1)


def test_an_account_that_we_disconnected_stays_as_it_is(channel, alice):
    oauth.disconnect(channel, by=alice)
    event = tell(REMOVED, channel, reason=1)
    channel.refresh_from_db()
    assert channel.health == Health.DISCONNECTED
    assert channel.health_reason == "Disconnected by alice."
    assert alice.notifications.count() == 0
    assert event.outcome == "nothing: the account is not connected here"


def test_while_we_disconnect_tiktok_may_be_faster(channel, alice, time_machine):
    """We end the access first and forget the account after: the event may come in between."""
    event = tell(REMOVED, channel, reason=5)
    channel.refresh_from_db()
    assert (channel.health, event.applied_at) == (Health.CONNECTED, None)

    channel.forget_tokens("Disconnected by alice.")
    time_machine.move_to(timezone.now() + timedelta(minutes=5))
    hearing.tidy()

    channel.refresh_from_db()
    event.refresh_from_db()
    assert channel.health_reason == "Disconnected by alice."
    assert event.outcome == "nothing: the account is not connected here"


def test_an_access_that_the_app_ended_elsewhere_is_gone_all_the_same(channel, time_machine):
    tell(REMOVED, channel, reason=5)
    time_machine.move_to(timezone.now() + timedelta(minutes=5))
    hearing.tidy()
    channel.refresh_from_db()
    assert channel.health == Health.NEEDS_RECONNECT


def test_bobs_account_stays_as_it_is(channel, connect, bob):
    bobs = connect(bob.personal_workspace, "bob.films")
    tell(REMOVED, channel, reason=1)
    bobs.refresh_from_db()
    assert bobs.health == Health.CONNECTED
    assert bob.notifications.count() == 0


def test_a_refresh_under_way_stores_nothing_afterwards(channel):
    before = Channel.objects.get(pk=channel.pk)
    tell(REMOVED, channel, reason=1)
    assert not before.store_tokens(
        access_token="act.new",
        refresh_token="rft.new",
        access_expires_at=timezone.now() + timedelta(hours=2),
        refresh_expires_at=None,
        scopes=[],
    )
    channel.refresh_from_db()
    assert channel.refresh_token_sealed == ""
