"""One account, two who want it: the second one is refused with a sentence."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Channel, Workspace
from accounts.tests.browser import browser_of, press, words
from tiktok import oauth
from tiktok.client import TikTokClient
from tiktok.models import ConnectState
from tiktok.tests.connecting import connect

pytestmark = [pytest.mark.django_db]

CHANNELS = reverse("accounts:channels")


def test_an_account_of_another_user_is_not_connected_a_second_time(alice, bob, sandbox, creator):
    connect(browser_of(alice), "alice.films")
    hers = Channel.objects.get()
    browser = browser_of(bob)

    answer = connect(browser, "alice.films")

    assert answer.status_code == 400
    page = words(answer)
    assert "is already connected in another workspace of this installation." in page
    assert "alice’s workspace" not in page
    assert list(Channel.objects.all()) == [hers]
    assert list(browser.get(CHANNELS).context["cards"]) == []
    # TikTok ends access for the whole app: revoking Bob's grant would end Alice's posts.
    with TikTokClient(oauth.access_token(hers), base_url=sandbox.url) as client:
        assert client.user_info(hers.scopes).username == "alice.films"


def test_alice_is_told_which_of_her_workspaces_has_it(alice, workspace, sandbox, creator):
    browser = browser_of(alice)
    connect(browser, "alice.films")
    studio = Workspace.objects.create(name="Studio")
    studio.memberships.create(user=alice, role="owner")
    press(browser, reverse("accounts:workspaces"), reverse("accounts:switch", args=[studio.pk]))

    answer = connect(browser, "alice.films")

    assert f"already connected in your workspace “{workspace}”" in words(answer).replace(
        "&#x27;", "'"
    )
    assert Channel.objects.get().workspace == workspace


def test_what_was_disconnected_in_one_workspace_may_go_to_another(alice, bob, sandbox, creator):
    connect(browser_of(alice), "alice.films")
    hers = Channel.objects.get()
    oauth.disconnect(hers, by=alice)

    connect(browser_of(bob), "alice.films")

    his = Channel.objects.get(workspace=Workspace.personal_for(bob))
    assert his.health == "connected"
    assert his.external_id == hers.external_id
    hers.refresh_from_db()
    assert hers.health == "disconnected"
    assert hers.access_token == ""
    # And it can not come back while he has it.
    answer = connect(browser_of(alice), "alice.films")
    assert "already connected in another workspace" in words(answer)


def test_the_database_itself_refuses_an_account_twice(bob, channel):
    with pytest.raises(IntegrityError):
        Channel.objects.create(
            workspace=Workspace.personal_for(bob),
            platform="tiktok",
            external_id=channel.external_id,
            refresh_token_sealed="x",
        )


def test_two_browsers_at_once_connect_it_once(alice, bob, workspace, sandbox, creator):
    """Bob's answer comes between Alice's look at the accounts and her writing."""
    hers = ConnectState.objects.create(asked_by=alice, workspace=workspace)
    his = ConnectState.objects.create(asked_by=bob, workspace=Workspace.personal_for(bob))
    grant = _grant(sandbox)

    oauth.finish(his, grant)
    with pytest.raises(oauth.ConnectedElsewhere):
        oauth.finish(hers, grant)

    assert Channel.objects.get().workspace == his.workspace


def _grant(sandbox) -> oauth.Grant:
    answer = sandbox.connect("alice.films")
    return oauth.Grant(
        open_id=answer["open_id"],
        scopes=("user.info.basic",),
        access_token=answer["access_token"],
        refresh_token=answer["refresh_token"],
        access_expires_at=timezone.now() + timedelta(hours=2),
        refresh_expires_at=timezone.now() + timedelta(days=180),
    )
