"""Following an invitation: its link is good once, for a week, for whoever has an account or not."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import inviting
from accounts.models import Invitation, Membership, Role, User, Workspace
from accounts.tests.browser import browser_of, press, words
from accounts.tests.invitations import end_by_time, invited

pytestmark = [pytest.mark.django_db]

SIGNUP = reverse("account_signup")
DORA = {"username": "dora", "email": "dora@example.com", "password1": "correct horse battery"}


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def team(workspace) -> str:
    return reverse("accounts:members", args=[workspace.pk])


def role_of(name: str, workspace: Workspace) -> str:
    return workspace.memberships.get(user__username=name).role


def sign_up(browser: Client, **changes: str):
    shown = browser.get(SIGNUP).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)
    return browser.post(SIGNUP, DORA | changes | {"csrfmiddlewaretoken": token[1] if token else ""})


def test_dora_joins_with_the_account_that_she_has(alice, workspace, make_person):
    dora, path = make_person("dora"), invited(workspace, alice)
    browser = browser_of(dora)

    page = words(browser.get(path))
    for said in (
        "Join “alice's workspace”?",
        "Editor",
        "alice (alice@example.com)",
        "Join as dora",
    ):
        assert said in page
    assert "another address" not in page
    assert not Membership.objects.filter(user=dora, workspace=workspace).exists()
    press(browser, path, path)

    assert role_of("dora", workspace) == "editor"
    assert "Welcome to “alice's workspace”. You are in as editor." in words(
        browser.get(reverse("posts:list"))
    )
    assert str(workspace.audit_entries.first()) == (
        "dora joined as editor, by the invitation to dora@example.com"
    )


def test_another_account_is_told_that_it_is_another(alice, bob, workspace):
    path = invited(workspace, alice)
    browser = browser_of(bob)

    page = words(browser.get(path))
    assert "You are signed in with another address" in page
    answer = press(browser, path, reverse("account_logout"), next=path)

    assert answer["Location"] == path
    assert "I have an account: log in" in words(browser.get(path))


def test_who_has_no_session_logs_in_first(alice, workspace, make_person):
    path = invited(workspace, alice)
    browser = Client()

    assert f'href="/account/login/?next={path}"' in words(browser.get(path))
    assert browser.post(path)["Location"] == f"/account/login/?next={path}"


@pytest.mark.parametrize("confirmation", ["mandatory", "none"])
def test_an_invitation_opens_the_door_and_confirms_the_address(
    settings, alice, workspace, confirmation
):
    settings.REGISTRATION, settings.ACCOUNT_EMAIL_VERIFICATION = "invite", confirmation
    path = invited(workspace, alice)
    browser = Client()
    assert sign_up(browser).status_code == 200  # closed: she has not followed the link yet
    assert User.objects.count() == 1

    assert "Create an account" in words(browser.get(path))
    assert 'value="dora@example.com"' in words(browser.get(f"{SIGNUP}?email=dora@example.com"))
    assert sign_up(browser, next=path)["Location"] == path
    assert EmailAddress.objects.get(user__username="dora").verified is True
    assert len(mail.outbox) == 1  # no other mail asks her to confirm it
    browser.post(path)

    assert role_of("dora", workspace) == "editor"
    assert sign_up(Client(), username="eve", email="eve@example.com").status_code == 200
    assert not User.objects.filter(username="eve").exists()


def test_another_address_must_be_confirmed_by_itself(settings, alice, workspace):
    settings.REGISTRATION, settings.ACCOUNT_EMAIL_VERIFICATION = "invite", "mandatory"
    browser = Client()
    browser.get(invited(workspace, alice))

    sign_up(browser, email="dora@elsewhere.example")

    address = EmailAddress.objects.get(user__username="dora")
    assert (address.email, address.verified) == ("dora@elsewhere.example", False)
    assert mail.outbox[-1].to == ["dora@elsewhere.example"]


def test_closed_is_closed(settings, alice, workspace, team):
    settings.REGISTRATION = "closed"
    browser, path = Client(), invited(workspace, alice)

    assert "Sign-up is closed on this site." in words(browser.get(path))
    assert "Sign-up is closed here" in words(sign_up(browser))
    assert User.objects.count() == 1
    assert "only people who have an account here can join" in words(browser_of(alice).get(team))


def end_by_alice(invitation: Invitation, alice: User) -> None:
    inviting.revoke(invitation, by=alice)


def end_by_use(invitation: Invitation, alice: User) -> None:
    inviting.accept(invitation, user=User.objects.create_user("eve", "eve@example.com"))


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (end_by_time, "good for a week, which is over"),
        (end_by_alice, "was taken back"),
        (end_by_use, "was used already"),
    ],
)
def test_an_invitation_that_is_over_says_why(settings, alice, bob, workspace, end, said):
    settings.REGISTRATION = "invite"
    path, browser = invited(workspace, alice), Client()
    browser.get(path)
    end(Invitation.objects.get(), alice)

    for visitor in (browser, browser_of(bob)):
        answer = visitor.get(path)
        assert (answer.status_code, said in words(answer)) == (410, True)
    assert Client().post(path).status_code == 410
    assert sign_up(browser).status_code == 200
    assert not workspace.memberships.filter(user=bob).exists()
    assert not User.objects.filter(username="dora").exists()


def test_it_is_good_for_a_week(alice, bob, workspace):
    path = invited(workspace, alice)

    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert browser_of(bob).get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert browser_of(bob).get(path).status_code == 410


def test_a_link_that_nobody_sent_is_said_to_be_unknown(client):
    answer = client.get("/app/invitations/made-up/")

    assert answer.status_code == 404
    assert "We do not know this invitation" in words(answer)


def test_a_member_who_follows_a_link_is_led_in_and_uses_nothing_up(alice, workspace):
    path = invited(workspace, alice)

    assert browser_of(alice).get(path)["Location"] == reverse("today")
    assert Invitation.objects.get().is_open


def test_nobody_tries_links_without_end(client):
    answers = [client.get("/app/invitations/made-up/").status_code for _ in range(61)]

    assert (answers[0], answers[-1]) == (404, 429)


def test_of_two_who_use_one_link_one_is_in(alice, bob, make_person, workspace):
    inviting.invite(workspace, "dora@example.com", Role.EDITOR, by=alice)
    seen_by_both = Invitation.objects.get()

    inviting.accept(seen_by_both, user=bob)
    with pytest.raises(inviting.InvitationOver):
        inviting.accept(seen_by_both, user=make_person("dora"))

    assert sorted(each.user.username for each in workspace.memberships.all()) == ["alice", "bob"]
