"""A stolen copy of the database does not give away anybody's second factor."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)

pytestmark = pytest.mark.django_db


def test_the_secret_of_a_second_factor_is_sealed_and_still_opens_the_door(alice):
    secret = generate_totp_secret()

    TOTP.activate(alice, secret)

    [stored] = Authenticator.objects.filter(user=alice)
    assert secret not in str(stored.data)
    code_of_now = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert stored.wrap().validate_code(code_of_now) is True
