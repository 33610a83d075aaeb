"""Disconnecting: posts wait, TikTok is told last, and nothing of the keys remains."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Channel
from accounts.tests.browser import browser_of, press, words
from posts.models import Publication
from posts.states import State
from tiktok import oauth
from tiktok.client import TikTokClient
from tiktok.errors import NeedsReconnect, TokenInvalid

pytestmark = [pytest.mark.django_db]

CHANNELS = reverse("accounts:channels")


@pytest.fixture
def page(channel) -> str:
    return reverse("tiktok:disconnect", args=[channel.pk])


def test_alice_disconnects_her_account(alice, channel, page, sandbox, plan):
    publication = plan(minutes=60)
    token = channel.access_token
    browser = browser_of(alice)
    said = words(browser.get(page))
    assert "1 scheduled post is held, and goes on when you connect the account again." in said

    answer = press(browser, page, page)

    assert answer["Location"] == CHANNELS
    channel.refresh_from_db()
    assert channel.health == "disconnected"
    assert (channel.access_token, channel.refresh_token) == ("", "")
    assert channel.access_expires_at is None
    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "reconnect")
    with TikTokClient(token, base_url=sandbox.url) as client, pytest.raises(TokenInvalid):
        client.user_info(["user.info.basic"])
    shown = words(browser.get(CHANNELS))
    assert "Alice.Films is disconnected. 1 post is now held until it is connected again." in shown
    assert "remove this app there" not in shown
    assert "Disconnected by alice." in shown


def test_opening_the_page_changes_nothing(alice, channel, page):
    browser_of(alice).get(page)

    channel.refresh_from_db()
    assert channel.health == "connected"


def test_tiktok_is_told_with_a_living_token(alice, channel, sandbox):
    channel.access_expires_at = timezone.now()
    channel.save()

    done = oauth.disconnect(channel, by=alice)

    assert done.revoked is True
    assert len(sandbox.requests("oauth_token")) == 1
    assert [call["code"] for call in sandbox.requests("oauth_revoke")] == ["ok"]


def test_when_tiktok_does_not_confirm_the_person_learns_what_to_do(alice, channel, page, sandbox):
    sandbox.add_trouble("oauth_revoke", "status", status=500)
    browser = browser_of(alice)

    press(browser, page, page)

    channel.refresh_from_db()
    assert channel.health == "disconnected"
    assert channel.refresh_token == ""
    shown = words(browser.get(CHANNELS))
    assert "TikTok did not confirm that our access ended." in shown
    assert "remove this app there" in shown


def test_an_account_that_tiktok_has_cut_off_can_still_be_disconnected(alice, channel, sandbox):
    sandbox.remove_access("alice.films")
    channel.access_expires_at = timezone.now()
    channel.save()
    with pytest.raises(NeedsReconnect):
        oauth.access_token(channel)

    done = oauth.disconnect(channel, by=alice)

    assert done.revoked is False
    assert Channel.objects.get().health == "disconnected"


@pytest.mark.parametrize("state", [State.SENDING, State.PROCESSING])
def test_while_a_post_is_on_its_way_it_asks_first(alice, page, plan, sandbox, state):
    publication = plan(caption="Sunrise")
    Publication.objects.filter(pk=publication.pk).update(state=state)
    browser = browser_of(alice)

    answer = browser.get(page)
    assert "Something is on its way right now." in words(answer)
    without_now = press(browser, page, page)

    assert without_now.status_code == 409
    assert Channel.objects.get().health == "connected"
    assert sandbox.requests("oauth_revoke") == []

    press(browser, page, page, now="yes")

    assert Channel.objects.get().health == "disconnected"
    publication.refresh_from_db()
    assert publication.state == state  # its worker, or nobody, will know what becomes of it


def test_nobody_refreshes_what_is_disconnected(alice, channel, sandbox):
    oauth.disconnect(channel, by=alice)

    with pytest.raises(NeedsReconnect):
        oauth.access_token(channel, alive_for=timedelta(0))
    assert sandbox.requests("oauth_token") == []


def test_a_disconnected_account_keeps_its_place_and_its_history(alice, channel, plan, page):
    publication = plan(minutes=60)
    oauth.disconnect(channel, by=alice)

    browser = browser_of(alice)
    [card] = browser.get(CHANNELS).context["cards"]

    assert card.is_disconnected
    assert publication.channel == channel
    assert reverse("tiktok:reconnect", args=[channel.pk]) in words(browser.get(CHANNELS))
    assert page not in words(browser.get(CHANNELS))
