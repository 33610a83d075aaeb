"""An account comes back: the same one in place, another one only when a person says so."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Channel
from accounts.tests.browser import browser_of, press, words
from posts.models import Publication
from posts.pausing import let_go_on, pause
from posts.tests.story import work, work_until_rest
from tiktok import oauth
from tiktok.tests.connecting import asked, come_back, connect, consent
from tiktok.tests.story import live

pytestmark = [pytest.mark.django_db]

CHANNELS = reverse("accounts:channels")


def test_reconnecting_keeps_the_account_and_its_posts(alice, sandbox, plan, channel):
    publication = plan(minutes=60)
    oauth.disconnect(channel, by=alice)
    publication.refresh_from_db()
    assert publication.state == "held"
    browser = browser_of(alice)

    back = consent(
        press(browser, CHANNELS, reverse("tiktok:reconnect", args=[channel.pk]))["Location"],
        "alice.films",
    )
    answer = come_back(browser, back)

    assert answer["Location"] == CHANNELS
    assert Channel.objects.get() == channel
    channel.refresh_from_db()
    assert channel.health == "connected"
    publication.refresh_from_db()
    assert publication.state == "scheduled"
    assert "1 post goes on as planned." in words(browser.get(CHANNELS))


def test_what_is_on_its_way_is_asked_about_again(alice, sandbox, plan, channel):
    publication = plan()
    work()
    oauth.disconnect(channel, by=alice, now=True)
    publication.refresh_from_db()
    assert publication.state == "processing"  # nobody can ask what becomes of it
    Publication.objects.update(next_step_at=timezone.now())
    work()

    connect(browser_of(alice), "alice.films")
    work_until_rest(publication)

    assert publication.state == "published"
    assert len(live(sandbox)) == 1


def test_connecting_a_known_account_again_renews_it_in_place(alice, sandbox, creator):
    browser = browser_of(alice)
    connect(browser, "alice.films", scopes=["user.info.basic"])
    first = Channel.objects.get()

    connect(browser, "alice.films")

    channel = Channel.objects.get()
    assert channel == first
    assert channel.scopes == sorted(oauth.asked_scopes())
    assert channel.token_version == first.token_version + 1
    assert channel.access_token != first.access_token


def test_another_account_is_not_taken_for_the_one_to_reconnect(alice, sandbox, creator):
    browser = browser_of(alice)
    connect(browser, "alice.films")
    channel = Channel.objects.get()
    sandbox.make_creator("alice.cooks", display_name="Alice Cooks")
    to_tiktok = press(browser, CHANNELS, reverse("tiktok:reconnect", args=[channel.pk]))

    answer = come_back(browser, consent(to_tiktok["Location"], "alice.cooks"))

    question = answer["Location"]
    page = words(browser.get(question))
    assert "You wanted to reconnect <strong>Alice Films</strong>" in page
    assert "Alice Cooks (@alice.cooks)" in page
    assert Channel.objects.count() == 1
    # ... but it is offered as a new one.
    press(browser, question, question, answer="connect")
    assert list(Channel.objects.values_list("display_name", flat=True)) == [
        "Alice Cooks",
        "Alice Films",
    ]


def test_the_other_account_is_let_go_when_it_was_a_mistake(alice, sandbox, creator):
    browser = browser_of(alice)
    connect(browser, "alice.films")
    sandbox.make_creator("alice.cooks")
    reconnect = reverse("tiktok:reconnect", args=[Channel.objects.get().pk])
    to_tiktok = press(browser, CHANNELS, reconnect)["Location"]
    question = come_back(browser, consent(to_tiktok, "alice.cooks"))["Location"]

    press(browser, question, question, answer="refuse")

    assert Channel.objects.count() == 1
    assert len(sandbox.requests("oauth_revoke")) == 1


def test_a_refresh_in_flight_does_not_undo_a_reconnect(alice, channel, sandbox):
    worker = Channel.objects.get(pk=channel.pk)
    connect(browser_of(alice), "alice.films")

    stored = worker.store_tokens(
        access_token="act.old",
        refresh_token="rft.old",
        access_expires_at=timezone.now(),
        refresh_expires_at=None,
        scopes=[],
    )

    assert stored is False
    assert Channel.objects.get().access_token != "act.old"


def test_who_lost_the_right_meanwhile_connects_nothing(alice, bob, workspace, sandbox, creator):
    membership = workspace.memberships.create(user=bob, role="editor")
    browser = browser_of(bob)
    press(browser, reverse("accounts:workspaces"), reverse("accounts:switch", args=[workspace.pk]))
    page = asked(browser)
    membership.role = "viewer"
    membership.save()

    answer = come_back(browser, consent(page, "alice.films"))

    assert "may not connect accounts" in words(answer)
    assert Channel.objects.count() == 0
    assert len(sandbox.requests("oauth_revoke")) == 1


def test_a_pause_outlives_a_lost_connection(alice, sandbox, plan, channel):
    publication = plan(minutes=60)
    pause(channel, by=alice)
    channel.mark_needs_reconnect("TikTok no longer accepts our key for this account.")

    connect(browser_of(alice), "alice.films")

    channel.refresh_from_db()
    publication.refresh_from_db()
    assert (channel.health, channel.health_reason) == ("paused", "Paused by alice.")
    assert (publication.state, publication.held_reason) == ("held", "channel_paused")
    assert let_go_on(channel, by=alice) == [publication]
    channel.refresh_from_db()
    assert (channel.health, channel.paused_because) == ("connected", "")
