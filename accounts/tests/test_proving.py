"""What could cost somebody their account is asked for twice: “Is it you?”"""

import re
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey, Membership
from accounts.tests.browser import browser_of, fill_in, words

pytestmark = pytest.mark.django_db

PROVE = reverse("account_reauthenticate")
KEYS = reverse("accounts:keys")
PASSWORD = "sesame street 9"


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def left_open(alice) -> Client:
    """Alice's browser, some hours after she logged in."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    return browser


def a_key(alice) -> dict[str, str]:
    membership = Membership.objects.get(user=alice)
    return {"name": "Upload", "membership": str(membership.pk), "scopes": "read", "days": "90"}


DANGEROUS = [
    ("account_email", {"action_add": "", "email": "mallory@example.com"}),
    ("account_email", {"action_primary": "", "email": "alice@example.com"}),
    ("mfa_activate_totp", {"code": "123456"}),
    ("mfa_add_webauthn", {"name": "Mallory's", "credential": "{}"}),
    ("mfa_generate_recovery_codes", {}),
]


@pytest.mark.parametrize(("name", "fields"), DANGEROUS)
def test_a_browser_that_was_left_open_is_asked_first(left_open, name, fields):
    answer = send(left_open, reverse(name), **fields)

    assert unquote(answer["Location"]) == f"{PROVE}?next={reverse(name)}"


def send(browser: Client, address: str, **fields: str):
    """What a form there would send, with the token that every page has."""
    browser.get(PROVE)
    token = browser.cookies["csrftoken"].value
    return browser.post(address, {"csrfmiddlewaretoken": token} | fields)


def test_a_key_is_made_after_the_password_was_typed_again(left_open, alice):
    asked = fill_in(left_open, KEYS, **a_key(alice))
    assert asked["Location"].startswith(PROVE)
    assert not ApiKey.objects.exists()

    wrong = send(left_open, asked["Location"], password="a guess")
    assert "Incorrect password" in words(wrong)
    assert not ApiKey.objects.exists()

    made = send(left_open, asked["Location"], password=PASSWORD)

    assert re.search(r"sms_\w{8}_[\w-]{43}", words(made))
    assert ApiKey.objects.get().name == "Upload"


def test_guessing_there_is_slowed_down(left_open):
    answers = [send(left_open, PROVE, password=f"guess {number}") for number in range(12)]

    assert [answers[0].status_code, answers[-1].status_code] == [200, 429]


@pytest.fixture
def confirmation(settings):
    settings.EMAIL_CONFIRMATION = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True


def test_alice_changes_her_address(alice, confirmation):
    """The new one counts when its code was typed; the old one is told."""
    browser, emails = browser_of(alice), reverse("account_email")
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)

    asked = fill_in(browser, emails, email="alice@new.example", action_add="")
    assert asked["Location"] == reverse("account_email_verification_sent")
    assert not EmailAddress.objects.filter(email="alice@new.example").exists()
    [code] = re.findall(r"^[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}$", str(mail.outbox[0].body), re.M)
    fill_in(browser, asked["Location"], code=code)
    send(browser, emails, email="alice@new.example", action_primary="")

    alice.refresh_from_db()
    assert alice.email == "alice@new.example"
    assert [(each.to, each.subject) for each in mail.outbox][-1] == (
        ["alice@example.com"],
        "Your email address was changed",
    )
