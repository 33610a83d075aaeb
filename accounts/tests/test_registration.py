"""Who may come in: REGISTRATION, and TRUSTED_PROXIES that says who is knocking."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.browser import words

pytestmark = [pytest.mark.django_db]

SIGNUP = reverse("account_signup")
CAROL = {
    "username": "carol",
    "email": "carol@example.com",
    "password1": "correct horse battery staple",
}


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.mark.parametrize(
    ("registration", "said"),
    [
        ("closed", "Sign-up is closed here. Ask the operator of this site for an account."),
        ("invite", "People come in here by invitation."),
    ],
)
def test_a_closed_door_says_so_and_lets_nobody_in(settings, registration, said):
    settings.REGISTRATION = registration
    browser = Client()

    assert said in words(browser.get(SIGNUP))
    assert said in words(browser.post(SIGNUP, CAROL))
    assert User.objects.count() == 0
    assert f'href="{SIGNUP}"' not in words(browser.get(reverse("landing")))


def test_an_open_door_is_open(settings):
    settings.REGISTRATION = "open"

    Client().post(SIGNUP, CAROL)

    assert User.objects.get().username == "carol"


def test_on_a_server_the_first_one_in_closes_the_door(settings):
    settings.REGISTRATION, settings.DEVELOPMENT = "", False

    Client().post(SIGNUP, CAROL)
    second = Client().post(SIGNUP, CAROL | {"username": "dave", "email": "dave@example.com"})

    assert "Sign-up is closed here." in words(second)
    assert [user.username for user in User.objects.all()] == ["carol"]


def test_in_development_everybody_may_come_in(settings, alice):
    settings.REGISTRATION, settings.DEVELOPMENT = "", True

    Client().post(SIGNUP, CAROL)

    assert User.objects.count() == 2


def guesses_until_stopped(**headers: str) -> bool:
    """Fill the limit for one address with wrong guesses at different names; is it reached?"""
    browser = Client()
    answers = [
        browser.post(
            reverse("account_login"),
            {"login": f"nobody{number}", "password": "wrong"},
            headers={name: value.format(number=number) for name, value in headers.items()},
        )
        for number in range(40)
    ]
    return answers[-1].status_code == 429


def test_a_made_up_address_is_not_believed(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0

    assert guesses_until_stopped(**{"X-Forwarded-For": "203.0.113.{number}"}) is True


def guess_from(address: str, **headers: str) -> int:
    browser, fields = Client(REMOTE_ADDR=address), {"login": "nobody", "password": "wrong"}
    return browser.post(reverse("account_login"), fields, headers=headers).status_code


def test_whose_address_is_made_up_is_not_locked_out(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    for _ in range(40):
        last = guess_from("198.51.100.66", **{"X-Forwarded-For": "203.0.113.5"})

    assert last == 429
    assert guess_from("203.0.113.5") == 200


def test_one_network_of_ipv6_has_one_limit():
    answers = [guess_from(f"2001:db8::{number:x}") for number in range(40)]

    assert answers[-1] == 429
    assert guess_from("2001:db8:0:1::1") == 200


def test_counts_are_shared_by_all_processes(settings):
    """What one process remembers alone would multiply each limit by their number."""
    backend = settings.CACHES["default"]["BACKEND"]

    assert backend.endswith(("DatabaseCache", "RedisCache"))


def test_who_tries_too_often_reads_when_to_come_back(settings):
    assert guesses_until_stopped() is True

    page = Client().post(reverse("account_login"), {"login": "nobody", "password": "wrong"})

    assert page.status_code == 429
    assert "That was too often" in words(page)


def test_behind_a_proxy_everybody_has_their_own_limit(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    assert guesses_until_stopped(**{"X-Forwarded-For": "203.0.113.{number}"}) is False


def test_behind_a_proxy_too_only_its_own_word_counts(settings):
    """What the visitor puts in front of the proxy's entry changes nothing."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    forged = "198.51.100.{number}, 203.0.113.9"
    assert guesses_until_stopped(**{"X-Forwarded-For": forged}) is True
