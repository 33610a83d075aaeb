"""Second factors: a stolen copy of the database gives none away, and the page that asks for one."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.urls import reverse

from accounts.tests.browser import browser_of, fill_in

pytestmark = pytest.mark.django_db


def test_the_secret_of_a_second_factor_is_sealed_and_still_opens_the_door(alice):
    secret = generate_totp_secret()

    TOTP.activate(alice, secret)

    [stored] = Authenticator.objects.filter(user=alice)
    assert secret not in str(stored.data)
    code_of_now = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert stored.wrap().validate_code(code_of_now) is True


def test_the_page_that_asks_for_a_code_waits_for_it_in_the_field(alice):
    TOTP.activate(alice, generate_totp_secret())
    visitor = browser_of()
    asked = fill_in(visitor, reverse("account_login"), login="alice", password="sesame street 9")
    assert asked["Location"].startswith(reverse("mfa_authenticate"))

    page = visitor.get(asked["Location"]).content.decode()

    assert re.search(r'<input[^>]*name="code"[^>]* autofocus', page)
