"""What may come back from TikTok's consent page, wanted or not."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Channel
from accounts.tests.browser import browser_of, words
from tiktok.models import ConnectState
from tiktok.tests.connecting import asked, come_back, connect, consent, refuse, state_in

pytestmark = [pytest.mark.django_db]

CHANNELS = reverse("accounts:channels")


def test_no_at_tiktok_connects_nothing_and_leads_on(alice, sandbox, creator):
    browser = browser_of(alice)

    answer = come_back(browser, refuse(asked(browser)))

    assert answer.status_code == 200
    page = words(answer)
    assert "access was refused at TikTok" in page
    assert "The creator refused." not in page  # error_description is nobody's to show
    assert f'href="{CHANNELS}"' in page
    assert Channel.objects.count() == 0
    assert sandbox.requests("oauth_token") == []


def test_who_changes_their_mind_connects_from_the_page_that_says_so(alice, sandbox, creator):
    browser = browser_of(alice)
    page = words(come_back(browser, refuse(asked(browser))))
    assert (
        f'<form method="post" action="{reverse("tiktok:connect")}"> <input type="hidden" name="csrf'
        in page
    )
    assert "Connect again</button>" in page

    come_back(browser, consent(asked(browser), "alice.films"))

    assert Channel.objects.count() == 1


def test_who_is_not_logged_in_is_offered_to_log_in_instead(sandbox):
    page = words(come_back(browser_of(), f"{reverse('tiktok:callback')}?error=access_denied"))

    assert "Connect again" not in page
    assert f'href="{reverse("account_login")}?next={CHANNELS}"' in page


def test_an_answer_works_once(alice, sandbox, creator):
    browser = browser_of(alice)
    back = consent(asked(browser), "alice.films")
    come_back(browser, back)

    again = come_back(browser, back)

    assert again.status_code == 400
    assert "was used already" in words(again)
    assert Channel.objects.count() == 1
    assert len(sandbox.requests("oauth_token")) == 1


def test_a_refusal_uses_the_answer_up_too(alice, sandbox, creator):
    browser = browser_of(alice)
    page = asked(browser)
    come_back(browser, refuse(page))

    assert come_back(browser, consent(page, "alice.films")).status_code == 400
    assert Channel.objects.count() == 0


def test_who_takes_more_than_ten_minutes_starts_again(alice, sandbox, creator):
    browser = browser_of(alice)
    back = consent(asked(browser), "alice.films")
    state = ConnectState.objects.get()
    ConnectState.objects.update(expires_at=state.expires_at - timedelta(minutes=10, seconds=1))

    answer = come_back(browser, back)

    assert answer.status_code == 400
    assert "more than ten minutes" in words(answer)
    assert sandbox.requests("oauth_token") == []
    assert timedelta(minutes=9) < state.expires_at - state.created_at < timedelta(minutes=11)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "code=abc",
        "state=&code=abc",
        "state=nobody-asked-for-this&code=abc",
        "state=%00&code=abc",
        "state=" + "x" * 5000,
        "error=access_denied&error_description=<b>Call+555</b>",
    ],
)
def test_an_answer_that_nobody_asked_for_gets_a_page_and_a_way_on(alice, sandbox, query):
    answer = come_back(browser_of(alice), f"{reverse('tiktok:callback')}?{query}")

    assert answer.status_code == 400
    page = words(answer)
    assert "Nothing was connected" in page
    assert "555" not in page
    assert f'href="{CHANNELS}"' in page
    assert sandbox.requests("oauth_token") == []


@pytest.mark.parametrize(
    "said",
    ["", "&code=", "&code=abc&error=access_denied", "&code=abc&error=x", "&error=server_error"],
)
def test_an_unclear_answer_connects_nothing(alice, sandbox, creator, said):
    browser = browser_of(alice)
    state = state_in(asked(browser))

    answer = come_back(browser, f"{reverse('tiktok:callback')}?state={state}{said}")

    assert "Nothing was connected" in words(answer)
    assert Channel.objects.count() == 0
    assert sandbox.requests("oauth_token") == []


def test_a_code_that_tiktok_does_not_know_connects_nothing(alice, sandbox):
    browser = browser_of(alice)
    state = state_in(asked(browser))

    answer = come_back(browser, f"{reverse('tiktok:callback')}?state={state}&code=made-up")

    assert answer.status_code == 400
    assert "took too long or came twice" in words(answer)


def test_trouble_at_tiktok_is_said_and_leaves_no_token_behind(alice, sandbox, creator):
    browser = browser_of(alice)
    sandbox.add_trouble("user_info", "status", status=500)

    answer = connect(browser, "alice.films")

    assert answer.status_code == 400
    assert "TikTok has trouble at the moment." in words(answer)
    assert Channel.objects.count() == 0
    assert len(sandbox.requests("oauth_revoke")) == 1
