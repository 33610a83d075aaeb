"""The browsers in which somebody is logged in, and logging them out."""

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey, Membership, Scope
from accounts.tests.browser import browser_of, fill_in, is_logged_in, press, words
from accounts.tests.program import Program

pytestmark = pytest.mark.django_db

SESSIONS = reverse("usersessions_list")
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


def log_in(user_agent: str) -> Client:
    browser = Client(enforce_csrf_checks=True, headers={"User-Agent": user_agent})
    fill_in(browser, reverse("account_login"), login="alice", password="sesame street 9")
    assert is_logged_in(browser)
    return browser


def still_in(browser: Client) -> bool:
    return bool(browser.get(SESSIONS).status_code == 200)


def test_alice_sees_where_she_is_logged_in(alice):
    log_in(PHONE)

    page = words(log_in(LAPTOP).get(SESSIONS))

    assert ("Safari on iPhone" in page, "Firefox on Linux" in page) == (True, True)
    assert page.count("This one") == 1


def test_alice_logs_out_one_of_them(alice):
    phone, laptop = log_in(PHONE), log_in(LAPTOP)
    session = UserSession.objects.get(user_agent=PHONE)

    press(laptop, SESSIONS, reverse("accounts:end_session", args=[session.pk]))

    assert "Safari on iPhone is logged out." in words(laptop.get(SESSIONS))
    assert (still_in(phone), still_in(laptop)) == (False, True)


def test_alice_logs_out_everywhere_else(alice):
    phone, laptop = log_in(PHONE), log_in(LAPTOP)
    program = Program(alice)

    fill_in(laptop, SESSIONS)

    assert (still_in(phone), still_in(laptop)) == (False, True)
    assert program.get("/users/me").status_code == 401


def test_an_api_key_is_not_logged_out(alice):
    _, secret = ApiKey.make(
        Membership.objects.get(user=alice), name="Upload", scopes=[Scope.READ], lasts=None
    )

    fill_in(log_in(LAPTOP), SESSIONS)

    assert Program(secret).get("/users/me").status_code == 200


def test_bob_logs_out_nobody_else(alice, bob):
    phone = log_in(PHONE)
    session = UserSession.objects.get(user_agent=PHONE)

    answer = press(browser_of(bob), SESSIONS, SESSIONS)
    refused = browser_of(bob)
    refused.handler.enforce_csrf_checks = False
    missing = refused.post(reverse("accounts:end_session", args=[session.pk]))

    assert answer.status_code == 302
    assert missing.status_code == 404
    assert still_in(phone)


def test_a_new_password_logs_out_the_other_browsers(alice):
    phone, laptop = log_in(PHONE), log_in(LAPTOP)
    new = "correct horse battery staple"

    fill_in(
        laptop,
        reverse("account_change_password"),
        oldpassword="sesame street 9",
        password1=new,
        password2=new,
    )

    assert (still_in(phone), still_in(laptop)) == (False, True)


def test_a_browser_is_written_down_once_in_a_while(alice):
    """Not at each request: the second page of a browser writes nothing."""
    browser = browser_of(alice)
    browser.get(SESSIONS)
    [before] = UserSession.objects.all()

    browser.get(reverse("accounts:settings"))

    [after] = UserSession.objects.all()
    assert after.last_seen_at == before.last_seen_at
