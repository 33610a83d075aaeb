"""On a server an operator needs a second factor: a password alone opens no administration."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.urls import reverse

from accounts.tests.browser import browser_of, fill_in, is_logged_in, words

pytestmark = pytest.mark.django_db

DESK = reverse("admin:index")
TWO_FACTOR = reverse("mfa_index")


@pytest.fixture(autouse=True)
def _on_a_server(settings):
    settings.OPERATORS_NEED_TWO_FACTOR = True
    cache.clear()


def test_an_operator_without_a_second_factor_is_led_to_it(olga):
    browser = browser_of()
    fill_in(browser, reverse("account_login"), login="olga", password="sesame street 9")
    assert is_logged_in(browser)

    answer = browser.get("/admin/posts/publication/", follow=True)

    assert [page for page, _ in answer.redirect_chain][-1] == TWO_FACTOR
    assert "The administration is for people with two-factor." in words(answer)


def test_with_a_second_factor_the_desk_is_open(olga):
    browser = browser_of(olga)
    assert browser.get(DESK).status_code == 302

    TOTP.activate(olga, generate_totp_secret())

    assert browser.get(DESK).status_code == 200
    assert browser.get(reverse("admin:login"))["Location"] == DESK


def test_a_passkey_is_one_and_recovery_codes_alone_are_none(olga):
    browser = browser_of(olga)
    codes = Authenticator.objects.create(
        user=olga, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x", "used_mask": 0}
    )
    assert browser.get(DESK).status_code == 302

    codes.delete()
    passkey = Authenticator.Type.WEBAUTHN
    Authenticator.objects.create(user=olga, type=passkey, data={"name": "Phone"})

    assert browser.get(DESK).status_code == 200


def test_the_desk_takes_no_action_from_who_lacks_it(olga, alice):
    browser = browser_of(olga)

    answer = browser.post(f"/admin/accounts/user/{alice.pk}/change/", {"is_active": ""})

    assert answer.status_code in {302, 403}
    alice.refresh_from_db()
    assert alice.is_active


def test_who_is_no_staff_is_refused_with_a_second_factor_too(alice):
    TOTP.activate(alice, generate_totp_secret())

    assert browser_of(alice).get(DESK, follow=True).status_code == 403


def test_who_practises_at_home_needs_none(settings, olga):
    settings.OPERATORS_NEED_TWO_FACTOR = False

    assert browser_of(olga).get(DESK).status_code == 200
