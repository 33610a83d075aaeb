"""Codes, tokens, rotation, revocation (Protocol 2.5 to 2.8)."""

import pytest
import requests

from tiktok.tests.sandbox.caller import (
    CALLBACK,
    CHALLENGE,
    CREATOR_INFO,
    LOOPBACK,
    VERIFIER,
    Caller,
    sha256,
)

CLIENT = {"client_key": "sandbox-key", "client_secret": "sandbox-secret"}


def ask(sandbox, path="token", **form):
    return requests.post(f"{sandbox.url}/v2/oauth/{path}/", data=CLIENT | form, timeout=10)


def exchange(sandbox, code, redirect_uri=CALLBACK, **form):
    form |= {"code": code, "redirect_uri": redirect_uri}
    return ask(sandbox, grant_type="authorization_code", **form)


def refresh(sandbox, token):
    return ask(sandbox, grant_type="refresh_token", refresh_token=token)


def error(response):
    body = response.json()
    assert body["log_id"]
    assert body["error_description"]
    return response.status_code, body["error"]


@pytest.fixture
def code(sandbox):
    """What Alice's browser brings back after her yes."""
    sandbox.make_creator("alice")
    return sandbox.authorize("alice", scopes=["user.info.basic", "video.publish"])["code"]


def test_a_code_becomes_tokens(sandbox, code):
    assert "*" in code
    assert "!" in code

    answer = exchange(sandbox, code)

    tokens = answer.json()
    assert answer.status_code == 200
    assert set(tokens) == {
        "access_token",
        "expires_in",
        "open_id",
        "refresh_expires_in",
        "refresh_token",
        "scope",
        "token_type",
    }
    assert tokens["access_token"].startswith("act.")
    assert tokens["refresh_token"].startswith("rft.")
    assert tokens["open_id"].startswith("-000")
    assert (tokens["expires_in"], tokens["refresh_expires_in"]) == (7_200, 15_552_000)
    assert (tokens["scope"], tokens["token_type"]) == ("user.info.basic,video.publish", "Bearer")


def test_a_code_works_once(sandbox, code):
    exchange(sandbox, code)
    assert error(exchange(sandbox, code)) == (400, "invalid_grant")


def test_a_code_lives_about_a_minute(sandbox, code):
    sandbox.change_settings(clock_offset_seconds=61)
    assert error(exchange(sandbox, code)) == (400, "invalid_grant")


def test_another_redirect_uri_is_refused_and_burns_the_code(sandbox, code):
    refused = exchange(sandbox, code, redirect_uri=CALLBACK + "/")
    assert error(refused) == (400, "invalid_request")
    assert error(exchange(sandbox, code)) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"client_key": "wrong"}, (401, "invalid_client")),
        ({"grant_type": "client_credentials"}, (400, "unsupported_grant_type")),
        ({"grant_type": ""}, (400, "invalid_request")),
        ({"code": ""}, (400, "invalid_request")),
        ({"redirect_uri": ""}, (400, "invalid_request")),
        ({"code": "made up"}, (400, "invalid_grant")),
    ],
)
def test_what_is_wrong_has_a_name(sandbox, code, changes, expected):
    form = {"code": code, "redirect_uri": CALLBACK, "grant_type": "authorization_code"} | changes
    assert error(ask(sandbox, **form)) == expected


def test_the_body_is_a_form_and_names_each_field_once(sandbox, code):
    form = CLIENT | {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    address = f"{sandbox.url}/v2/oauth/token/"
    assert error(requests.post(address, json=form, timeout=10)) == (400, "invalid_request")
    twice = [*form.items(), ("code", code)]
    assert error(requests.post(address, data=twice, timeout=10)) == (400, "invalid_request")
    assert exchange(sandbox, code).status_code == 200


def test_a_loopback_login_needs_the_verifier_of_a_hex_challenge(sandbox):
    sandbox.make_creator("alice")

    def login(challenge, **form):
        code = sandbox.authorize("alice", redirect_uri=LOOPBACK, code_challenge=challenge)["code"]
        return exchange(sandbox, code, LOOPBACK, **form)

    assert sha256(VERIFIER.encode()) == CHALLENGE
    assert login(CHALLENGE, code_verifier=VERIFIER).status_code == 200
    for refused in (
        login(CHALLENGE),
        login(CHALLENGE, code_verifier=VERIFIER + "x"),
        login(CHALLENGE.upper(), code_verifier=VERIFIER),
        # The encoding of RFC 7636 opens the consent page, and fails only here.
        login("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_verifier=VERIFIER),
        login(sha256(b"short"), code_verifier="short"),
    ):
        assert error(refused) == (400, "invalid_request")
        description = refused.json()["error_description"]
        assert description == "code verifier or code challenge is invalid"


def test_a_verifier_that_nobody_asked_for_is_ignored(sandbox, code):
    assert exchange(sandbox, code, code_verifier="whatever").status_code == 200


def test_a_refresh_rotates_and_the_old_refresh_token_is_dead_at_once(sandbox, code):
    first = exchange(sandbox, code).json()

    second = refresh(sandbox, first["refresh_token"]).json()

    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert (second["open_id"], second["scope"]) == (first["open_id"], first["scope"])
    assert error(refresh(sandbox, first["refresh_token"])) == (400, "invalid_grant")
    assert Caller(sandbox, second["access_token"]).post(CREATOR_INFO).code == "ok"
    assert refresh(sandbox, second["refresh_token"]).status_code == 200


def test_lifetimes_can_be_set(sandbox, code):
    sandbox.change_settings(access_token_seconds=60, refresh_token_seconds=100)
    tokens = exchange(sandbox, code).json()
    assert (tokens["expires_in"], tokens["refresh_expires_in"]) == (60, 100)

    sandbox.change_settings(clock_offset_seconds=61)
    answer = Caller(sandbox, tokens["access_token"]).post(CREATOR_INFO)
    assert (answer.status, answer.code) == (401, "access_token_invalid")
    renewed = refresh(sandbox, tokens["refresh_token"]).json()
    assert renewed["refresh_expires_in"] == 100

    sandbox.change_settings(clock_offset_seconds=161.5)
    assert error(refresh(sandbox, renewed["refresh_token"])) == (400, "invalid_grant")


def test_a_rotation_need_not_restart_the_refresh_tokens_life(sandbox, code):
    sandbox.change_settings(refresh_token_seconds=100, rotation_restarts_refresh=False)
    tokens = exchange(sandbox, code).json()
    sandbox.change_settings(clock_offset_seconds=60)

    left = refresh(sandbox, tokens["refresh_token"]).json()["refresh_expires_in"]

    assert 30 <= left <= 40


def test_a_failed_grant_may_come_with_status_200(sandbox):
    sandbox.change_settings(invalid_grant_with_200=True)
    assert error(refresh(sandbox, "rft.dead")) == (200, "invalid_grant")


def test_a_revoked_app_is_out_with_all_its_tokens(sandbox, code):
    first = exchange(sandbox, code).json()
    second = sandbox.connect("alice")

    answer = ask(sandbox, "revoke", token=first["access_token"])

    assert (answer.status_code, answer.json()) == (200, {})
    for tokens in (first, second):
        caller = Caller(sandbox, tokens["access_token"])
        assert caller.post(CREATOR_INFO).code == "access_token_invalid"
        assert error(refresh(sandbox, tokens["refresh_token"])) == (400, "invalid_grant")
    assert error(ask(sandbox, "revoke", token=first["access_token"])) == (400, "invalid_grant")


def test_who_comes_back_is_known_by_the_same_open_id(sandbox, code):
    before = exchange(sandbox, code).json()["open_id"]
    sandbox.remove_access("alice")
    sandbox.make_creator("bob")
    assert sandbox.connect("alice")["open_id"] == before
    assert sandbox.connect("bob")["open_id"] != before
