"""Every page of allauth's that can be reached wears our own clothes, in each state that it has."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.browser import browser_of
from accounts.tests.passkey import give_passkey
from scheduler.tests.addresses import Address, all_addresses

pytestmark = pytest.mark.django_db

PASSWORD = "sesame street 9"
THEIRS = Path(allauth.__file__).parent / "templates"
# Of allauth's templates only those that hand on to our layouts.
FRAMES = re.compile(r"(account|mfa|socialaccount|usersessions)/(\w+/)?base(_\w+)?\.html")
# They answer with a file, or lead on, or have nobody who could come there.
NO_PAGE = {
    "mfa_download_recovery_codes",
    "mfa_login_webauthn",
    "account_confirm_login_code",  # nobody is sent a code to log in with
    "socialaccount_signup",  # who comes from TikTok has an account here already
}

# Where a code is typed in, no link is mailed, and no address exists for one.
BY_LINK = {"account_confirm_email"}

ADDRESSES = [each for each in all_addresses() if each.route.startswith("account/") and each.name]


def theirs(answer: Any) -> set[str]:
    """The templates of allauth's own that made this page."""
    made_by = {part.name: Path(part.origin.name) for part in answer.templates if part.name}
    own = {name for name, path in made_by.items() if path.is_relative_to(THEIRS)}
    return {name for name in own if not FRAMES.fullmatch(name)}


def visitor(alice: User) -> Client:
    return browser_of()


def alice_as_she_is(alice: User) -> Client:
    return browser_of(alice)


def alice_without_a_password(alice: User) -> Client:
    alice.set_unusable_password()
    alice.save()
    return browser_of(alice)


def alice_with_two_factor(alice: User) -> Client:
    TOTP.activate(alice, generate_totp_secret())
    RecoveryCodes.activate(alice)
    give_passkey(alice)
    return browser_of(alice)


def alice_with_spent_codes(alice: User) -> Client:
    browser = alice_with_two_factor(alice)
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    for code in codes.get_unused_codes():
        codes.validate_code(code)
    return browser


def alice_between_password_and_code(alice: User) -> Client:
    alice_with_two_factor(alice)
    browser = Client()
    browser.post(reverse("account_login"), {"login": "alice", "password": PASSWORD})
    return browser


def carol_before_her_address_is_confirmed(alice: User) -> Client:
    browser = Client()
    given = {"username": "carol", "email": "carol@example.com", "password1": "correct horse 9"}
    browser.post(reverse("account_signup"), given)
    return browser


def alice_between_two_addresses(alice: User) -> Client:
    browser = browser_of(alice)
    browser.post(reverse("account_email"), {"action_add": "", "email": "new@example.com"})
    return browser


def alice_who_forgot_her_password(alice: User) -> Client:
    browser = Client()
    browser.post(reverse("account_reset_password"), {"email": alice.email})
    [link] = re.findall(r"http://localhost:8000(/\S+)", str(mail.outbox[-1].body))
    browser.get(link)
    return browser


EVERYTHING = {str(address) for address in ADDRESSES}
# Who comes, and what they open: who is half-way in has one page before them.
STATES: list[tuple[Callable[[User], Client], set[str]]] = [
    (visitor, EVERYTHING),
    (alice_as_she_is, EVERYTHING),
    (alice_without_a_password, EVERYTHING),
    (alice_with_two_factor, EVERYTHING),
    (alice_with_spent_codes, {"mfa_index", "mfa_view_recovery_codes"}),
    (alice_between_password_and_code, {"mfa_authenticate"}),
    (carol_before_her_address_is_confirmed, {"account_email_verification_sent"}),
    (alice_between_two_addresses, {"account_email_verification_sent"}),
    (alice_who_forgot_her_password, {"account_reset_password_from_key"}),
]
SERVER = {
    "EMAIL_CONFIRMATION": True,
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
    "MFA_ALLOW_UNVERIFIED_EMAIL": False,
}


@pytest.mark.parametrize("server", [False, True], ids=["practice", "server"])
def test_every_page_is_ours_in_every_state(settings, server, alice):
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    for name, value in SERVER.items() if server else []:
        setattr(settings, name, value)
    absent = BY_LINK if server else set()
    seen: dict[str, set[str]] = {}
    for state, pages in STATES:
        with as_if_nothing_had_been(alice):
            browser = state(alice)
            for address in ADDRESSES:
                if str(address) in pages - absent:
                    look(browser, address, alice, seen)

    assert {name: parts for name, parts in seen.items() if parts} == {}
    assert EVERYTHING - set(seen) == NO_PAGE | absent


@contextmanager
def as_if_nothing_had_been(alice: User) -> Iterator[None]:
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    alice.refresh_from_db()


def look(browser: Client, address: Address, alice: User, seen: dict[str, set[str]]) -> None:
    """Open the page, and send it a form that it refuses; note what of allauth's was seen there."""
    passkey = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).first()
    path = address.path(
        {
            "pk": passkey.pk if passkey else 0,
            "uidb36": user_pk_to_url_str(alice),
            "key": "set-password",
        }
    )
    answers: list[Any] = [browser.get(path)]
    if address.name != "account_logout":
        answers.append(browser.post(path, {"code": "1"}))
    for answer in answers:
        if answer.status_code in {200, 401} and "text/html" in answer["Content-Type"]:
            seen.setdefault(str(address), set()).update(theirs(answer))
            assert b"css/tokens" in answer.content, f"{address} has no style of ours"
