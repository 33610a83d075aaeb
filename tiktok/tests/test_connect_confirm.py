"""A connect link that is opened in a browser that is not the asker's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Channel, Workspace
from accounts.tests.browser import browser_of, press, words
from tiktok import oauth
from tiktok.client import TikTokClient
from tiktok.errors import TokenInvalid
from tiktok.models import ConnectState
from tiktok.tests.connecting import asked, come_back, connect, consent
from tiktok.views.callback import BROWSER_KEY

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def question(bob, sandbox, creator):
    """Bob asks, and sends his link around; what a browser meets that comes back with a yes."""
    page = asked(browser_of(bob))

    def come_back_in(browser: Client) -> str:
        answer = come_back(browser, consent(page, "alice.films"))
        assert answer.status_code == 302
        return answer["Location"]

    return come_back_in


def is_alive(sandbox, token: str) -> bool:
    with TikTokClient(token, base_url=sandbox.url) as client:
        try:
            client.user_info(["user.info.basic"])
        except TokenInvalid:
            return False
    return True


@pytest.fixture
def waiting_token():
    """The access token that waits for a confirmation."""

    def token() -> str:
        return oauth.Grant.from_text(ConnectState.objects.get().grant).access_token

    return token


def test_in_a_strangers_browser_nothing_is_connected_without_a_yes(alice, bob, question):
    browser = browser_of(alice)

    page = words(browser.get(question(browser)))

    assert Channel.objects.count() == 0
    assert "Connect this account?" in page
    assert "Alice Films (@alice.films)" in page
    assert "bob's workspace" in page
    assert "<strong>bob</strong> asks to publish to your TikTok account." in page


def test_with_a_yes_it_belongs_to_who_asked(alice, bob, question):
    browser = browser_of(alice)
    where = question(browser)

    answer = press(browser, where, where, answer="connect")

    channel = Channel.objects.get()
    assert channel.workspace == Workspace.personal_for(bob)
    assert channel.connected_by == bob
    # Alice sees what she did, but not Bob's workspace.
    assert answer.status_code == 200
    assert "Alice Films (@alice.films) is connected" in words(answer)
    assert ConnectState.objects.get().grant_sealed == ""


def test_nobody_needs_to_be_signed_in_to_be_asked(bob, question):
    """A creator opens Bob's link on their phone, where nobody has ever logged in."""
    phone = browser_of()
    where = question(phone)
    assert Channel.objects.count() == 0

    answer = press(phone, where, where, answer="connect")

    assert answer.status_code == 200
    assert Channel.objects.get().workspace == Workspace.personal_for(bob)
    # It was no log-in.
    assert phone.get(reverse("accounts:channels")).status_code == 302
    assert "_auth_user_id" not in phone.session


def test_a_no_ends_it_at_tiktok_too(sandbox, question, waiting_token):
    phone = browser_of()
    where = question(phone)
    token = waiting_token()
    assert is_alive(sandbox, token)

    answer = press(phone, where, where, answer="refuse")

    assert "Nothing was connected" in words(answer)
    assert Channel.objects.count() == 0
    assert ConnectState.objects.get().grant_sealed == ""
    assert not is_alive(sandbox, token)


def test_a_question_is_answered_once(question):
    phone = browser_of()
    where = question(phone)
    press(phone, where, where, answer="refuse")

    assert phone.get(where).status_code == 404
    assert phone.post(where, {"answer": "connect"}).status_code == 403  # no CSRF token
    assert Channel.objects.count() == 0


def test_another_browser_can_not_confirm(alice, bob, question):
    """Not even one of Bob's, who asked, and not one that knows the address."""
    phone = browser_of()
    where = question(phone)

    for other in (Client(), _client_of(alice), _client_of(bob)):
        assert other.get(where).status_code == 404
        assert other.post(where, {"answer": "connect"}).status_code == 404
    assert Channel.objects.count() == 0
    assert phone.get(where).status_code == 200  # and its own can still


def test_a_yes_without_the_pages_own_token_is_nothing(question):
    phone = browser_of()
    where = question(phone)

    answer = phone.post(where, {"answer": "connect"})

    assert answer.status_code == 403
    assert Channel.objects.count() == 0


def test_after_ten_minutes_the_question_is_over(sandbox, question, waiting_token):
    phone = browser_of()
    where = question(phone)
    token = waiting_token()
    ConnectState.objects.update(expires_at=timezone.now())

    answer = phone.get(where)

    assert answer.status_code == 400
    assert "more than ten minutes" in words(answer)
    assert ConnectState.objects.get().grant_sealed == ""
    assert not is_alive(sandbox, token)


def test_tokens_that_wait_are_sealed(question, waiting_token):
    question(browser_of())

    row = ConnectState.objects.values().get()

    assert waiting_token() not in str(row)
    assert timedelta(minutes=9) < row["expires_at"] - timezone.now() <= timedelta(minutes=10)


def test_what_nobody_answers_is_swept_away(sandbox, question, waiting_token):
    question(browser_of())
    token = waiting_token()
    assert oauth.sweep_unconfirmed() == 0

    ConnectState.objects.update(expires_at=timezone.now() - timedelta(minutes=2))

    assert oauth.sweep_unconfirmed() == 1
    assert ConnectState.objects.get().grant_sealed == ""
    assert not is_alive(sandbox, token)
    assert oauth.sweep_unconfirmed() == 0


def test_the_sweep_comes_again_when_tiktok_is_away_but_not_for_ever(sandbox, question):
    question(browser_of())
    sandbox.add_trouble("oauth_revoke", "status", status=503, times=2)
    ConnectState.objects.update(expires_at=timezone.now() - timedelta(minutes=2))
    assert oauth.sweep_unconfirmed() == 0
    assert ConnectState.objects.get().grant_sealed != ""

    ConnectState.objects.update(expires_at=timezone.now() - timedelta(hours=2))

    assert oauth.sweep_unconfirmed() == 1
    assert ConnectState.objects.get().grant_sealed == ""


def test_a_grant_whose_access_token_has_ended_is_revoked_all_the_same(sandbox, question):
    question(browser_of())
    sandbox.change_settings(clock_offset_seconds=3 * 3600)
    state = ConnectState.objects.get()
    grant = oauth.Grant.from_text(state.grant)
    state.grant = grant.to_text().replace(
        grant.access_expires_at.isoformat(), timezone.now().isoformat()
    )
    state.expires_at = timezone.now() - timedelta(minutes=2)
    state.save()

    assert oauth.sweep_unconfirmed() == 1

    assert [call["code"] for call in sandbox.requests("oauth_revoke")] == ["ok"]


def test_states_are_forgotten_after_a_day(alice, workspace):
    oauth.begin(alice, workspace)
    ConnectState.objects.update(expires_at=timezone.now() - timedelta(days=1, minutes=1))

    oauth.sweep_unconfirmed()

    assert ConnectState.objects.count() == 0


def test_a_strangers_trick_does_not_cut_off_an_account_that_is_connected(alice, sandbox, question):
    """Bob makes Alice say yes at TikTok; when she then says no here, her posts must go on."""
    browser = browser_of(alice)
    connect(browser, "alice.films")
    where = question(browser)

    press(browser, where, where, answer="refuse")

    assert is_alive(sandbox, Channel.objects.get().access_token)


def _client_of(user) -> Client:
    """A browser of `user` that has been asked such a question before."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[BROWSER_KEY] = "a key of its own"
    session.save()
    return client
