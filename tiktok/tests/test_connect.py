"""Connecting an account: Alice's own, with a browser, over TikTok's consent page."""

import hashlib
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts.models import Channel, Workspace
from accounts.tests.browser import browser_of, words
from tiktok import oauth
from tiktok.client import TikTokClient
from tiktok.models import ConnectState
from tiktok.tests.connecting import asked, connect

pytestmark = [pytest.mark.django_db]

CHANNELS = reverse("accounts:channels")


def test_alice_connects_her_account(alice, workspace, sandbox, creator):
    browser = browser_of(alice)

    answer = connect(browser, "alice.films")

    assert answer.status_code == 302
    assert answer["Location"] == CHANNELS
    channel = Channel.objects.get()
    assert channel.workspace == workspace
    assert channel.platform == "tiktok"
    assert channel.username == "alice.films"
    assert channel.display_name == "Alice Films"
    assert channel.scopes == sorted(oauth.asked_scopes())
    assert channel.health == "connected"
    assert channel.connected_by == alice
    with TikTokClient(channel.access_token, base_url=sandbox.url) as client:
        assert client.user_info(channel.scopes).open_id == channel.external_id
    page = words(browser.get(CHANNELS))
    assert "Alice Films is connected." in page
    assert "@alice.films" in page


def test_tokens_are_kept_sealed_and_never_shown(alice, sandbox, creator):
    browser = browser_of(alice)
    connect(browser, "alice.films")

    row = Channel.objects.values().get()
    channel = Channel.objects.get()
    page = browser.get(CHANNELS).content.decode()

    for token in (channel.access_token, channel.refresh_token):
        assert token.startswith(("act.", "rft."))
        assert token not in str(row)
        assert token not in page


def test_her_picture_is_copied_and_served_to_members_only(alice, bob, sandbox, creator):
    browser = browser_of(alice)
    connect(browser, "alice.films")
    channel = Channel.objects.get()

    mine = browser.get(reverse("accounts:avatar", args=[channel.pk]))

    assert mine.status_code == 200
    assert mine["Content-Type"] == "image/png"
    with default_storage.open(channel.avatar.name) as file:
        assert b"".join(mine.streaming_content) == file.read()
    his = browser_of(bob).get(reverse("accounts:avatar", args=[channel.pk]))
    assert his.status_code == 404


def test_the_address_of_the_consent_page_says_what_tiktok_wants(alice, settings, sandbox):
    address = asked(browser_of(alice))

    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    state = ConnectState.objects.get()
    verifier = state.code_verifier
    assert address.startswith(f"{sandbox.url}/v2/auth/authorize/?")
    assert query == {
        "client_key": settings.TIKTOK_CLIENT_KEY,
        "response_type": "code",
        "scope": "user.info.basic,user.info.profile,video.upload,video.publish",
        "redirect_uri": "http://localhost:8000/api/v1/auth/tiktok/callback",
        "state": state.state,
        "disable_auto_auth": "1",
        "code_challenge": hashlib.sha256(verifier.encode()).hexdigest(),
        "code_challenge_method": "S256",
    }
    assert settings.TIKTOK_CLIENT_SECRET not in address


@pytest.mark.parametrize(
    ("pkce", "redirect_uri", "challenged"),
    [
        ("auto", "http://localhost:8000/callback", True),
        ("auto", "http://127.0.0.1:8000/callback", True),
        ("auto", "https://posts.example.com/callback", False),
        ("hex", "https://posts.example.com/callback", True),
        ("off", "http://localhost:8000/callback", False),
    ],
)
def test_pkce_follows_the_way_back_unless_the_operator_says_otherwise(
    alice, settings, pkce, redirect_uri, challenged
):
    settings.TIKTOK_PKCE, settings.TIKTOK_REDIRECT_URI = pkce, redirect_uri

    address = oauth.begin(alice, Workspace.personal_for(alice))

    assert ("code_challenge" in address) is challenged
    assert bool(ConnectState.objects.get().code_verifier) is challenged


def test_only_what_tiktok_approved_for_the_app_is_asked_for(alice, workspace, settings):
    settings.TIKTOK_SCOPES = ["user.info.basic", "video.upload"]

    address = oauth.begin(alice, workspace)

    assert parse_qs(urlsplit(address).query)["scope"] == ["user.info.basic,video.upload"]


def test_a_partial_grant_is_stored_and_shown(alice, sandbox, creator):
    browser = browser_of(alice)

    connect(browser, "alice.films", scopes=["user.info.basic", "video.upload"])

    channel = Channel.objects.get()
    assert channel.scopes == ["user.info.basic", "video.upload"]
    assert channel.display_name == "Alice Films"
    assert channel.username == ""  # the handle needs user.info.profile
    response = browser.get(CHANNELS)
    [card] = response.context["cards"]
    assert [each.scope for each in card.granted] == ["user.info.basic", "video.upload"]
    assert [each.scope for each in card.missing] == ["user.info.profile", "video.publish"]
    page = words(response)
    assert "Not everything was allowed." in page
    for permission in oauth.PERMISSIONS:
        assert permission.purpose in page


def test_who_keeps_even_their_name_is_connected_all_the_same(alice, sandbox, creator):
    browser = browser_of(alice)

    connect(browser, "alice.films", scopes=["video.upload"])

    channel = Channel.objects.get()
    assert channel.scopes == ["video.upload"]
    assert str(channel) == channel.external_id
    assert browser.get(CHANNELS).status_code == 200


def test_a_picture_that_does_not_come_keeps_nobody_out(alice, sandbox, creator, settings):
    browser = browser_of(alice)
    settings.MEDIA_ROOT = "/proc/no/such/folder"

    connect(browser, "alice.films")

    assert Channel.objects.get().avatar.name == ""


def test_two_accounts_of_one_person_are_two_channels(alice, sandbox, creator):
    browser = browser_of(alice)
    connect(browser, "alice.films")

    connect(browser, "alice.cooks", new=True)

    assert set(Channel.objects.values_list("username", flat=True)) == {"alice.films", "alice.cooks"}
