"""TikTok by the API: connect, see what it offers, disconnect."""

import pytest
from django.urls import reverse

from accounts.models import Channel, Role, Scope, Workspace
from accounts.tests.browser import browser_of
from accounts.tests.program import Program, code, key_of
from posts.models import Publication
from posts.states import State
from posts.tests.people import member
from tiktok.models import ConnectState
from tiktok.tests.connecting import come_back, consent
from tiktok.tests.story import trouble

pytestmark = [pytest.mark.django_db]

ONE_CALL = "/api/v1/tiktok/posts/"
AUTHORIZE = "/api/v1/auth/tiktok/authorize"
DISCONNECT = "/api/v1/auth/tiktok/disconnect"
CHOICES = {"caption": "Sunrise", "privacy_level": "PUBLIC_TO_EVERYONE"}


def fields(answer) -> list[str]:
    return list(answer.json()["error"]["fields"])


def test_alice_connects_an_account(program, alice, workspace, creator):
    url = program.get(AUTHORIZE).json()["authorization_url"]

    come_back(browser_of(alice), consent(url, "alice.films"))

    [channel] = program.get("/channels/").json()["channels"]
    assert (channel["username"], channel["health"]) == ("alice.films", "connected")
    assert program.get(f"/channels/{channel['id']}").json() == channel
    assert Channel.objects.get().workspace == workspace


def test_in_a_strange_browser_nothing_is_connected_before_a_yes(program, bob, creator):
    url = program.get(AUTHORIZE).json()["authorization_url"]
    browser = browser_of(bob)

    answer = come_back(browser, consent(url, "alice.films"))

    assert answer["Location"] == reverse("tiktok:confirm", args=[ConnectState.objects.get().pk])
    assert not Channel.objects.exists()


def test_who_may_not_connect_gets_no_address(workspace, creator, alice):
    carl = Program(member(workspace, Role.CONTRIBUTOR), workspace=workspace)
    key = Program(key_of(alice, workspace, Scope.READ, Scope.WRITE, Scope.PUBLISH))

    assert code(carl.get(AUTHORIZE)) == (403, "forbidden")
    assert code(key.get(AUTHORIZE)) == (403, "scope_missing")
    assert not ConnectState.objects.exists()


def test_the_account_is_connected_to_the_workspace_that_was_named(alice, bob, creator):
    shared = Workspace.personal_for(bob)
    shared.memberships.create(user=alice, role=Role.EDITOR)
    url = Program(alice, workspace=shared).get(AUTHORIZE).json()["authorization_url"]

    come_back(browser_of(alice), consent(url, "alice.films"))

    assert Channel.objects.get().workspace == shared


def test_the_only_account_is_disconnected(program, channel, plan):
    publication = plan(minutes=60)

    answer = program.delete(DISCONNECT)

    assert answer.status_code == 200
    told = answer.json()
    assert (told["held"], told["revoked"], told["channel"]["health"]) == (1, True, "disconnected")
    publication.refresh_from_db()
    assert publication.state == State.HELD
    assert program.get("/channels/").json() == {"channels": []}


def test_of_several_accounts_one_is_named(program, connect, workspace, channel):
    second = connect(workspace, "alice.cooks")

    assert fields(program.delete(DISCONNECT)) == ["channel_id"]
    assert program.delete(f"{DISCONNECT}?channel_id={second.pk}").status_code == 200
    assert program.delete(DISCONNECT).status_code == 200
    assert fields(program.delete(DISCONNECT)) == ["channel_id"]


def test_while_a_post_is_on_its_way_nobody_disconnects_by_accident(program, channel, plan):
    plan()
    Publication.objects.update(state=State.PROCESSING)

    assert code(program.delete(DISCONNECT)) == (409, "busy")


def test_nobody_disconnects_what_is_of_others(bob, channel):
    answer = Program(bob).delete(f"{DISCONNECT}?channel_id={channel.pk}")

    assert code(answer) == (404, "not_found")
    assert Channel.objects.get().is_usable


def test_tiktok_says_what_it_offers_now(program, channel, sandbox):
    address = f"/channels/{channel.pk}/creator-info"

    offered = program.get(address).json()

    assert offered["username"] == "alice.films"
    assert "PUBLIC_TO_EVERYONE" in offered["privacy_level_options"]
    trouble(sandbox, "creator_info", "status", status=503)
    assert code(program.get(address)) == (503, "tiktok_away")
    Channel.objects.update(health="needs_reconnect")
    assert code(program.get(address)) == (409, "channel_unusable")
