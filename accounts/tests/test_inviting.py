"""Inviting: a mail with a link that nobody else sees, sent again, taken back, within limits."""

from smtplib import SMTPException

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts import inviting
from accounts.models import Invitation
from accounts.tests.browser import browser_of, fill_in, press, words
from accounts.tests.invitations import end_by_time, invited, link

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def team(workspace) -> str:
    return reverse("accounts:members", args=[workspace.pk])


def test_alice_invites_and_dora_gets_a_mail(alice, workspace, team):
    browser = browser_of(alice)

    fill_in(browser, team, email="Dora@Example.com", role="editor")

    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (
        ["dora@example.com"],
        "alice invites you to “alice's workspace”",
    )
    [(html, kind)] = [tuple(each) for each in letter.alternatives]
    for text in (letter.body, html):
        assert "as an editor" in text
        assert f"http://localhost:8000{link()}" in text
    assert kind == "text/html"
    page = words(browser.get(team))
    assert "The invitation is on its way to dora@example.com." in page
    assert link() not in page  # the mail has it, and nobody else
    assert Invitation.objects.get().digest not in page


def test_sent_again_it_has_another_link(alice, bob, workspace, team):
    first = invited(workspace, alice)
    invitation = Invitation.objects.get()

    press(
        browser_of(alice),
        team,
        reverse("accounts:invite_again", args=[workspace.pk, invitation.pk]),
    )

    second = link()
    assert len(mail.outbox) == 2
    assert [browser_of(bob).get(path).status_code for path in (first, second)] == [404, 200]


def test_revoked_it_is_off_the_list(alice, workspace, team):
    invited(workspace, alice)
    invitation = Invitation.objects.get()

    press(browser_of(alice), team, reverse("accounts:uninvite", args=[workspace.pk, invitation.pk]))

    page = words(browser_of(alice).get(team))
    assert "Send again" not in page
    assert (
        str(workspace.audit_entries.first()) == "alice revoked the invitation of dora@example.com"
    )


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("dora@example.com", "dora@example.com is invited already."),
        ("ALICE@example.com", "alice@example.com belongs to a member already."),
        ("nobody", "Enter a valid email address."),
    ],
)
def test_who_can_not_be_invited(alice, workspace, team, email, said):
    invited(workspace, alice)

    answer = fill_in(browser_of(alice), team, email=email, role="viewer")

    assert (answer.status_code, said in words(answer)) == (422, True)
    assert len(mail.outbox) == 1


def test_an_expired_invitation_makes_room_for_another(alice, workspace):
    invited(workspace, alice)
    end_by_time(Invitation.objects.get(), alice)

    invited(workspace, alice)

    assert Invitation.objects.get().is_open


def test_this_house_sends_no_floods_of_mail(alice, workspace, monkeypatch):
    monkeypatch.setattr(inviting, "MOST_MAILS", 2)
    invited(workspace, alice, "one@example.com")
    invited(workspace, alice, "two@example.com")

    with pytest.raises(inviting.CanNotInvite, match="Try again later"):
        invited(workspace, alice, "three@example.com")
    assert len(mail.outbox) == 2


def test_a_mail_that_does_not_leave_is_said(alice, workspace, team, monkeypatch):
    def refuse(self, **_):
        raise SMTPException("550 not here")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    browser = browser_of(alice)

    fill_in(browser, team, email="dora@example.com", role="editor")

    page = words(browser.get(team))
    assert "its mail did not leave" in page
    assert "Mail not sent" in page
    assert Invitation.objects.get().mailed_at is None
