"""Coming in by the API: sign-up, tokens, and what ends them."""

from datetime import timedelta

import jwt
import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from accounts.api.tokens import make_token
from accounts.models import ApiKey, Role, Scope, User, Workspace
from accounts.tests.program import Program, code, key_of

pytestmark = [pytest.mark.django_db]

PASSWORD = "correct horse battery staple"
CAROL = {"username": "carol", "email": "Carol@example.com", "password": PASSWORD}


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def carol(make_person) -> User:
    carol = make_person("carol", time_zone="Asia/Tokyo")
    carol.set_password(PASSWORD)
    carol.save()
    return carol


def log_in(**given: str):
    return Program().send("/token", **{"username": "carol", "password": PASSWORD} | given)


def test_carol_signs_up_and_asks_who_she_is():
    answer = Program().post("/register", CAROL | {"time_zone": "Asia/Tokyo"})

    assert answer.status_code == 201
    carol = User.objects.get()
    assert answer.json() == {
        "id": carol.pk,
        "username": "carol",
        "email": "carol@example.com",
        "time_zone": "Asia/Tokyo",
        "email_confirmation": "not_needed",
    }
    token = log_in(username="carol@example.com").json()
    assert (token["token_type"], token["expires_in"]) == ("bearer", 1800)
    workspace = Workspace.personal_for(carol)
    assert Program(token["access_token"]).get("/users/me").json() == {
        "id": carol.pk,
        "username": "carol",
        "email": "carol@example.com",
        "name": "",
        "time_zone": "Asia/Tokyo",
        "workspaces": [
            {
                "id": workspace.pk,
                "name": "carol's workspace",
                "role": "owner",
                "is_personal": True,
            }
        ],
    }
    assert answer.cookies == {}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"email": "no address"}, "email"),
        ({"username": "alice"}, "username"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"is_superuser": True}, "is_superuser"),
    ],
)
def test_sign_up_has_the_rules_of_its_page(alice, wrong, field):
    answer = Program().post("/register", CAROL | wrong)

    assert code(answer) == (422, "invalid")
    assert list(answer.json()["error"]["fields"]) == [field]
    assert User.objects.count() == 1


def test_a_closed_door_is_closed_to_programs(settings):
    settings.REGISTRATION = "closed"

    assert code(Program().post("/register", CAROL)) == (403, "registration_closed")


def test_with_confirmation_nobody_learns_whose_address_is_known(settings, monkeypatch, alice):
    settings.EMAIL_CONFIRMATION = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)

    new = Program().post("/register", CAROL)
    known = Program().post("/register", CAROL | {"username": "carla", "email": alice.email})

    assert (new.status_code, known.status_code) == (201, 201)
    assert {**new.json(), "username": "", "email": ""} == {
        **known.json(),
        "username": "",
        "email": "",
    }
    assert [(each.to, "confirm" in each.body.lower()) for each in mail.outbox] == [
        (["carol@example.com"], True),
        ([alice.email], False),
    ]
    assert code(log_in()) == (403, "email_not_confirmed")


def test_a_wrong_password_is_refused(carol):
    assert code(log_in(password="wrong")) == (401, "wrong_credentials")
    assert code(log_in(username="nobody")) == (401, "wrong_credentials")


def test_wrong_passwords_are_counted_with_those_of_the_page(client, carol):
    for _ in range(5):
        client.post(reverse("account_login"), {"login": "carol", "password": "wrong"})

    answer = log_in()

    assert code(answer) == (429, "too_many_requests")
    assert answer["Retry-After"] == "300"


def test_who_is_switched_off_gets_no_token(carol):
    carol.is_active = False
    carol.save()

    assert code(log_in()) == (401, "wrong_credentials")


@time_machine.travel("2026-11-22T09:30:00Z", tick=False)  # a code is good for half a minute
def test_two_factor_is_asked_for(carol):
    secret = generate_totp_secret()
    TOTP.activate(carol, secret)
    now = next(iter(yield_hotp_counters_from_time()))
    otp = format_hotp_value(hotp_value(secret, now))

    assert code(log_in()) == (401, "otp_required")
    assert code(log_in(otp="000000")) == (401, "otp_wrong")
    assert log_in(otp=otp).status_code == 200
    assert code(log_in(otp=otp)) == (401, "otp_wrong")  # a code works once


def test_a_recovery_code_is_a_code_too(carol):
    TOTP.activate(carol, generate_totp_secret())
    [spare, *_] = RecoveryCodes.activate(carol).get_unused_codes()

    assert log_in(otp=spare).status_code == 200


def test_who_has_only_a_passkey_uses_a_key(carol):
    Authenticator.objects.create(user=carol, type=Authenticator.Type.WEBAUTHN, data={})
    assert code(log_in()) == (401, "use_api_key")

    carol.set_unusable_password()
    carol.save()
    assert code(log_in()) == (401, "use_api_key")


def test_a_token_ends(carol):
    me = Program(carol)
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert code(me.get("/users/me")) == (401, "token_expired")
    assert me.get("/users/me").status_code == 200


def change_password(user):
    user.set_password("another horse battery")
    user.save()


def switch_off(user):
    user.is_active = False
    user.save()


@pytest.mark.parametrize("end", [change_password, switch_off, User.end_access_tokens, User.delete])
def test_tokens_end_before_their_time(carol, end):
    me = Program(carol)

    end(carol)

    assert code(me.get("/users/me")) == (401, "token_invalid")


def test_after_log_out_everywhere_a_new_token_works(carol):
    carol.end_access_tokens()

    assert Program(carol).get("/users/me").status_code == 200


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_the_algorithm_is_the_operators_choice(settings, carol, algorithm):
    settings.ALGORITHM = algorithm
    token = make_token(carol)

    assert jwt.get_unverified_header(token)["alg"] == algorithm
    assert Program(token).get("/users/me").status_code == 200
    settings.ALGORITHM = "HS512" if algorithm == "HS256" else "HS256"
    assert code(Program(token).get("/users/me")) == (401, "token_invalid")


def test_a_forged_token_is_no_token(carol):
    claims = jwt.decode(make_token(carol), options={"verify_signature": False})

    unsigned = jwt.encode(claims, "", algorithm="none")
    by_another = jwt.encode(claims, "k" * 64, algorithm="HS256")

    for forged in (unsigned, by_another, "nonsense", "a.b.c", "sms_", "sms_12345678_nonsense"):
        answer = Program(forged).get("/users/me")
        assert answer.status_code == 401, forged
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_cookie_is_nobody(client, carol):
    client.force_login(carol)

    assert code(client.get("/users/me")) == (401, "not_authenticated")


def test_a_key_acts_in_its_workspace_alone(carol, bob):
    shared = Workspace.personal_for(bob)
    shared.memberships.create(user=carol, role=Role.VIEWER)
    key = Program(key_of(carol, shared, Scope.READ))

    assert [each["id"] for each in key.get("/users/me").json()["workspaces"]] == [shared.pk]
    own = Workspace.personal_for(carol)
    elsewhere = key.ask("GET", "/users/me", **{"X-Workspace": str(own.pk)})
    assert code(elsewhere) == (404, "workspace_not_found")
    assert ApiKey.objects.get().last_used_at is not None


@pytest.mark.parametrize("end", ["revoke", "expire", "leave", "switch_off"])
def test_a_key_ends_at_once(carol, end):
    workspace = Workspace.personal_for(carol)
    program = Program(key_of(carol, workspace, Scope.READ))
    assert program.get("/users/me").status_code == 200

    if end == "revoke":
        ApiKey.objects.get().revoke(by=carol)
    elif end == "expire":
        ApiKey.objects.update(expires_at=timezone.now())
    elif end == "leave":
        workspace.memberships.all().delete()
    else:
        switch_off(carol)

    assert code(program.get("/users/me")) == (401, "key_invalid")


@pytest.mark.parametrize("named", ["", "0", "-1", "abc", "1" * 400, "²"])
def test_a_workspace_of_others_is_not_found(carol, bob, named):
    header = {
        "X-Workspace": named.encode().decode("latin-1") or str(Workspace.personal_for(bob).pk)
    }

    answer = Program(carol).ask("GET", "/users/me", **header)

    assert code(answer) == (404, "workspace_not_found")
