"""What every call with a token has in common (Protocol 1, 3)."""

import json

import pytest
import requests

from tiktok.tests.sandbox.caller import (
    CANCEL,
    CREATOR_INFO,
    INBOX_INIT,
    STATUS,
    USER_INFO,
    VIDEO_INIT,
    VIDEO_LIST,
    VIDEO_QUERY,
    Caller,
    whole,
)

POSTS = (CREATOR_INFO, VIDEO_INIT, INBOX_INIT, STATUS, CANCEL, VIDEO_LIST, VIDEO_QUERY)
JSON = "application/json; charset=UTF-8"


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("token", ["", "act.made-up"])
def test_without_a_living_token_nothing_works(sandbox, path, token):
    answer = Caller(sandbox, token).post(path, {})
    assert (answer.status, answer.code) == (401, "access_token_invalid")


def test_a_withdrawn_access_is_over_at_once(sandbox, alice):
    assert alice.post(CREATOR_INFO).code == "ok"
    sandbox.remove_access("alice")
    assert alice.post(CREATOR_INFO).code == "access_token_invalid"


@pytest.mark.parametrize(
    ("path", "scopes"),
    [
        (CREATOR_INFO, ["video.upload", "video.list", "user.info.basic"]),
        (VIDEO_INIT, ["video.upload", "user.info.basic"]),
        (INBOX_INIT, ["video.publish", "user.info.basic"]),
        (STATUS, ["video.list", "user.info.basic"]),
        (CANCEL, ["video.list"]),
        (VIDEO_LIST, ["video.publish", "user.info.basic"]),
        (VIDEO_QUERY, ["video.publish", "user.info.basic"]),
    ],
)
def test_a_scope_that_was_not_granted_is_missed(connect, path, scopes):
    answer = connect("alice", scopes).post(path, {})
    assert (answer.status, answer.code) == (401, "scope_not_authorized")


def test_user_info_needs_one_of_its_scopes(connect):
    answer = connect("alice", ["video.publish"]).get(USER_INFO, fields="open_id")
    assert (answer.status, answer.code) == (401, "scope_not_authorized")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"{}"),
        ("application/x-www-form-urlencoded", b"{}"),
        ("application/json; charset=latin-1", b"{}"),
        (JSON, b""),
        (JSON, b"[]"),
        (JSON, b"{"),
        (JSON, b'{"publish_id": NaN}'),
        (JSON, b"\xff\xfe"),
        (JSON, b"[" * 100_000),
    ],
)
def test_a_body_that_is_no_json_object_is_invalid(alice, kind, body):
    answer = alice.session.post(
        alice.url + STATUS, data=body, headers={"Content-Type": kind}, timeout=10
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid_param"


def test_the_charset_may_be_left_out(alice):
    answer = alice.post(STATUS, {"publish_id": "x"}, headers={"Content-Type": "application/json"})
    assert answer.code == "invalid_publish_id"


def test_creator_info_wants_no_body_but_the_json_header(alice):
    assert alice.post(CREATOR_INFO).code == "ok"
    assert alice.post(CREATOR_INFO, {}).code == "ok"
    assert alice.post(CREATOR_INFO, headers={}).code == "invalid_param"


def test_the_posting_calls_can_be_told_to_say_it_in_the_plural(sandbox, alice):
    sandbox.change_settings(plural_invalid_params=True)
    assert alice.post(STATUS, {}).code == "invalid_params"


@pytest.mark.parametrize("path", POSTS)
def test_another_method_or_a_forgotten_slash_is_not_served(alice, path):
    assert alice.session.get(alice.url + path, timeout=10).status_code == 405
    without = alice.session.post(alice.url + path[:-1], json={}, timeout=10)
    assert without.status_code == 404


def test_calls_are_recorded_with_their_creator_and_answer(sandbox, alice):
    alice.post(STATUS, {"publish_id": "nothing"})
    requests.post(f"{sandbox.url}/v2/oauth/token/", data={"grant_type": "x"}, timeout=10)

    status, token = sandbox.requests()
    assert (status["endpoint"], status["path"], status["creator"]) == ("status", STATUS, "alice")
    assert json.loads(status["body"]) == {"publish_id": "nothing"}
    assert (status["status"], status["code"]) == (400, "invalid_publish_id")
    assert status["at"] <= status["ended_at"]
    assert (token["endpoint"], token["creator"], token["code"]) == (
        "oauth_token",
        None,
        "invalid_request",
    )
    assert sandbox.requests("oauth_token") == [token]


def test_the_inits_share_six_calls_a_minute(sandbox, alice, connect):
    for _ in range(3):
        assert alice.post(VIDEO_INIT, {}).code == "invalid_param"
        assert alice.post(INBOX_INIT, {"source_info": whole(10)}).code == "ok"
    for path in (VIDEO_INIT, INBOX_INIT):
        answer = alice.post(path, {})
        assert (answer.status, answer.code) == (429, "rate_limit_exceeded")
    assert connect("bob").init().code == "ok"

    # A new token of the same connection buys nothing; the window slides on.
    fresh = Caller(sandbox, sandbox.connect("alice")["access_token"])
    assert fresh.init().code == "rate_limit_exceeded"
    sandbox.change_settings(clock_offset_seconds=60)
    assert fresh.init().code == "ok"


@pytest.mark.parametrize(
    ("path", "body", "most"), [(CREATOR_INFO, None, 20), (STATUS, {"publish_id": "x"}, 30)]
)
def test_reads_have_limits_of_their_own(alice, path, body, most):
    codes = [alice.post(path, body).code for _ in range(most + 1)]
    assert codes.count("rate_limit_exceeded") == 1
    assert codes[-1] == "rate_limit_exceeded"
