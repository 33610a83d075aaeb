"""The Accounts page, a person's settings, their workspaces: who sees what, who may do what."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Channel, Health, Workspace
from accounts.tests.browser import words

pytestmark = [pytest.mark.django_db]

CHANNELS, SETTINGS = reverse("accounts:channels"), reverse("accounts:settings")
EVERYBODY = ["owner", "editor", "contributor", "viewer", "stranger", "nobody"]


@pytest.fixture
def channel(workspace, alice) -> Channel:
    return make_channel(workspace, "films", connected_by=alice)


def make_channel(workspace, handle, **fields) -> Channel:
    values = {
        "platform": "tiktok",
        "external_id": f"-000{handle}",
        "username": handle,
        "display_name": handle.title(),
        "scopes": ["user.info.basic", "user.info.profile", "video.upload", "video.publish"],
        "refresh_token_sealed": "sealed",
        "access_expires_at": timezone.now() + timedelta(hours=2),
        "refresh_expires_at": timezone.now() + timedelta(days=180),
    }
    return Channel.objects.create(workspace=workspace, **values | fields)


@pytest.fixture
def visitor_as(make_person, workspace):
    """A browser of somebody with that role in Alice's workspace, which is their current one."""

    def visitor(role: str) -> Client:
        client = Client()
        if role == "nobody":
            return client
        person = make_person("robin")
        client.force_login(person)
        if role != "stranger":
            workspace.memberships.create(user=person, role=role)
            client.post(reverse("accounts:switch", args=[workspace.pk]))
        return client

    return visitor


def outcome(response) -> int | str:
    """The status, or "log in" where a visitor is sent to do so."""
    to_login = response.status_code == 302 and response["Location"].startswith("/account/login/")
    return "log in" if to_login else response.status_code


# May they? For each page and act: owner, editor, contributor, viewer, stranger, nobody.
TABLE = {
    ("get", "tiktok:disconnect"): [200, 200, 403, 403, 404, "log in"],
    ("post", "tiktok:disconnect"): [302, 302, 403, 403, 404, "log in"],
    ("post", "tiktok:reconnect"): [302, 302, 403, 403, 404, "log in"],
    ("get", "accounts:avatar"): [200, 200, 200, 200, 404, "log in"],
    ("post", "accounts:switch"): [302, 302, 302, 302, 404, "log in"],
}


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("act", TABLE, ids=" ".join)
def test_what_each_role_may_do_with_an_account(channel, visitor_as, sandbox, act, who):
    method, name = act
    channel.avatar.save("face.png", ContentFile(b"a picture"))
    of = channel.workspace_id if name == "accounts:switch" else channel.pk

    response = getattr(visitor_as(who), method)(reverse(name, args=[of]))

    assert outcome(response) == TABLE[act][EVERYBODY.index(who)]


@pytest.mark.parametrize(
    ("who", "expected"),
    list(zip(EVERYBODY, [302, 302, 403, 403, 302, "log in"], strict=True)),
)
def test_who_may_connect_to_the_current_workspace(visitor_as, sandbox, who, expected):
    """A stranger's current workspace is their own, where they own everything."""
    assert outcome(visitor_as(who).post(reverse("tiktok:connect"))) == expected


@pytest.mark.parametrize("who", EVERYBODY[:4])
def test_every_member_sees_the_accounts_and_only_some_see_the_buttons(channel, visitor_as, who):
    page = words(visitor_as(who).get(CHANNELS))

    assert "@films" in page
    buttons = [name in page for name in ("Connect TikTok", "Reconnect", "Disconnect")]
    assert buttons == [who in {"owner", "editor"}] * 3


def test_a_stranger_sees_their_own_accounts_and_none_of_hers(channel, visitor_as):
    page = words(visitor_as("stranger").get(CHANNELS))

    assert "films" not in page
    assert "No account yet" in page


@pytest.mark.parametrize("name", ["accounts:channels", "accounts:settings"])
def test_pages_are_private_unless_they_say_otherwise(name):
    assert outcome(Client().get(reverse(name))) == "log in"


def test_what_changes_something_takes_a_button(client, alice, workspace, channel):
    client.force_login(alice)

    for name, args in (
        ("tiktok:connect", []),
        ("tiktok:reconnect", [channel.pk]),
        ("accounts:switch", [workspace.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 405


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"health": Health.CONNECTED}, "Connected"),
        (
            {"health": Health.NEEDS_RECONNECT, "health_reason": "Access was withdrawn."},
            "Its posts wait until it is connected again. Access was withdrawn.",
        ),
        ({"health": Health.PAUSED, "health_reason": "Three posts failed."}, "Three posts failed."),
        (
            {"health": Health.DISCONNECTED, "health_reason": "Disconnected by alice."},
            "Disconnected by alice. Its history stays.",
        ),
        (
            {"refresh_expires_at": timezone.now() + timedelta(days=3)},
            "The connection ends soon.",
        ),
    ],
)
def test_how_an_account_is_is_said_with_what_to_do(client, alice, workspace, fields, said):
    make_channel(workspace, "films", **fields)
    client.force_login(alice)

    page = words(client.get(CHANNELS))

    assert said in _without_tags(page)


def test_accounts_in_need_come_first_and_ended_ones_last(client, alice, workspace):
    make_channel(workspace, "a-ended", health=Health.DISCONNECTED)
    make_channel(workspace, "b-fine")
    make_channel(workspace, "c-red", health=Health.NEEDS_RECONNECT)
    client.force_login(alice)

    cards = client.get(CHANNELS).context["cards"]

    assert [card.channel.username for card in cards] == ["c-red", "b-fine", "a-ended"]


def test_an_account_of_a_platform_that_is_gone_is_still_shown(client, alice, workspace):
    make_channel(workspace, "films", platform="myspace")
    client.force_login(alice)

    page = words(client.get(CHANNELS))

    assert "myspace" in page
    assert "Reconnect" not in page


def test_direct_posts_of_the_day_are_counted(client, alice, plan):
    channel = plan(caption="Sunrise").channel
    publication = channel.publications.get()
    publication.attempts.create(
        number=1,
        mode="direct",
        digest="",
        size=1,
        chunk_size=1,
        chunk_count=1,
        sent_at=timezone.now() - timedelta(hours=23),
    )
    client.force_login(alice)

    assert "1 of about 15 direct posts in the last 24 hours" in words(client.get(CHANNELS))


def test_the_page_asks_the_database_as_often_for_one_account_as_for_thirty(
    client, alice, workspace, django_assert_num_queries
):
    client.force_login(alice)
    make_channel(workspace, "first", connected_by=alice)
    client.get(CHANNELS)  # the first page of a browser writes down which one it is
    counted = _queries_of(client)

    for number in range(30):
        make_channel(workspace, f"more{number}", connected_by=alice)

    with django_assert_num_queries(counted):
        page = client.get(CHANNELS)
    assert len(page.context["cards"]) == 24
    assert "Page 1 of 2" in words(page)


def test_alice_goes_to_another_of_her_workspaces(client, alice, workspace):
    studio = Workspace.objects.create(name="Studio")
    studio.memberships.create(user=alice, role="viewer")
    make_channel(studio, "studio-films")
    client.force_login(alice)
    assert "studio-films" not in words(client.get(CHANNELS))

    client.post(reverse("accounts:switch", args=[studio.pk]), {"next": CHANNELS})

    assert "studio-films" in words(client.get(CHANNELS))


def test_who_is_removed_falls_back_to_their_own_workspace(client, alice, bob, workspace):
    membership = workspace.memberships.create(user=bob, role="editor")
    make_channel(workspace, "films")
    client.force_login(bob)
    client.post(reverse("accounts:switch", args=[workspace.pk]))
    assert "@films" in words(client.get(CHANNELS))

    membership.delete()

    page = client.get(CHANNELS)
    assert page.status_code == 200
    assert "@films" not in words(page)


def test_switching_leads_to_no_foreign_page(client, alice, workspace):
    client.force_login(alice)

    answer = client.post(
        reverse("accounts:switch", args=[workspace.pk]), {"next": "https://evil.example/"}
    )

    assert answer["Location"] == reverse("today")


def _queries_of(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(CHANNELS)
    return len(queries)


def _without_tags(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
