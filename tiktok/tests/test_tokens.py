"""Codes become tokens, tokens become new tokens, and nothing secret is ever shown."""

import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from tiktok import errors
from tiktok.tests.scripted_server import Reply
from tiktok.tokens import TokenClient

SECRET = "app-secret"
REDIRECT = "https://scheduler.example/api/v1/auth/tiktok/callback"
ANSWER = {
    "access_token": "act.new",
    "expires_in": 7_200,
    "refresh_token": "rft.new",
    "refresh_expires_in": 15_552_000,
    "open_id": "-000AbC_x",
    "scope": "user.info.basic,video.upload",
    "token_type": "Bearer",
}


@pytest.fixture
def app(tiktok):
    with TokenClient("key-1", SECRET, base_url=tiktok.url + "/") as client:
        yield client


def form(request):
    return {name: value for name, [value] in parse_qs(request.body.decode()).items()}


def without(*names):
    return {name: value for name, value in ANSWER.items() if name not in names}


def test_alices_code_becomes_tokens(tiktok, app):
    tiktok.will(Reply(200, ANSWER))
    before = datetime.now(UTC)

    tokens = app.exchange("code*with!marks", REDIRECT, "v" * 43)

    assert (tokens.access_token, tokens.refresh_token) == ("act.new", "rft.new")
    assert tokens.open_id == "-000AbC_x"
    assert tokens.scopes == {"user.info.basic", "video.upload"}
    assert tokens.token_type == "Bearer"
    for deadline, seconds in [
        (tokens.expires_at, 7_200),
        (tokens.refresh_expires_at, 15_552_000),
    ]:
        asked_at = deadline - timedelta(seconds=seconds)
        assert before <= asked_at <= datetime.now(UTC)
    [request] = tiktok.requests
    assert (request.method, request.path) == ("POST", "/v2/oauth/token/")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in request.headers
    assert form(request) == {
        "client_key": "key-1",
        "client_secret": SECRET,
        "grant_type": "authorization_code",
        "code": "code*with!marks",
        "redirect_uri": REDIRECT,
        "code_verifier": "v" * 43,
    }


def test_without_a_challenge_no_verifier_is_sent(tiktok, app):
    tiktok.will(Reply(200, ANSWER))

    app.exchange("code", REDIRECT)

    assert "code_verifier" not in form(tiktok.requests[0])


def test_deadlines_count_from_the_question_and_not_from_the_answer(tiktok, app):
    release = threading.Event()
    tiktok.will(Reply(200, ANSWER, after=release))
    moments = []

    def answer_late():
        tiktok.received(1)
        moments.append(datetime.now(UTC))
        release.set()

    late = threading.Thread(target=answer_late)
    late.start()
    tokens = app.refresh("rft.old")
    late.join()

    assert tokens.expires_at - timedelta(seconds=7_200) < moments[0]
    assert tokens.refresh_expires_at - timedelta(seconds=15_552_000) < moments[0]


def test_a_refresh_brings_a_new_pair(tiktok, app):
    tiktok.will(Reply(200, ANSWER))

    tokens = app.refresh("rft.old")

    assert (tokens.access_token, tokens.refresh_token) == ("act.new", "rft.new")
    assert form(tiktok.requests[0]) == {
        "client_key": "key-1",
        "client_secret": SECRET,
        "grant_type": "refresh_token",
        "refresh_token": "rft.old",
    }


def test_a_refresh_that_does_not_rotate_keeps_what_it_was_asked_with(tiktok, app):
    tiktok.will(Reply(200, without("refresh_token", "open_id", "scope", "token_type")))

    tokens = app.refresh("rft.old")

    assert tokens.refresh_token == "rft.old"
    assert (tokens.open_id, tokens.scopes, tokens.token_type) == ("", frozenset(), "Bearer")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [(60, 60), (86_400, 86_400), ("300", 300), (0, 0), (-5, 7_200), (None, 7_200), ("soon", 7_200)],
)
def test_the_life_of_a_token_is_what_the_answer_says(tiktok, app, said, seconds):
    tiktok.will(Reply(200, ANSWER | {"expires_in": said}))
    before = datetime.now(UTC)

    life = app.refresh("rft.old").expires_at - before

    assert timedelta(seconds=seconds) <= life < timedelta(seconds=seconds + 10)


def test_a_life_of_a_million_years_is_no_crash(tiktok, app):
    tiktok.will(Reply(200, ANSWER | {"expires_in": 2**62, "refresh_expires_in": 10**30}))

    tokens = app.refresh("rft.old")

    assert tokens.expires_at.year <= datetime.now(UTC).year + 11


def test_tokens_for_nobody_are_not_taken(tiktok, app):
    tiktok.will(Reply(200, without("open_id")))

    with pytest.raises(errors.ServerFault):
        app.exchange("code", REDIRECT)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (200, "invalid_grant", errors.GrantInvalid),
        (400, "invalid_grant", errors.GrantInvalid),
        (200, "access_denied", errors.AccessDenied),
        (401, "invalid_client", errors.AppNotAccepted),
        (400, "invalid_request", errors.AppNotAccepted),
        (400, "invalid_scope", errors.AppNotAccepted),
        (200, "server_error", errors.ServerFault),
        (200, "temporarily_unavailable", errors.ServerFault),
        (429, "slow_down", errors.RateLimited),
        (500, "something_new", errors.ServerFault),
        (200, "something_new", errors.Rejected),
    ],
)
def test_the_word_counts_and_not_the_status(tiktok, app, status, code, expected):
    body = {"error": code, "error_description": "because", "log_id": "log-5"}
    tiktok.will(Reply(status, ANSWER | body))

    with pytest.raises(errors.TikTokError) as caught:
        app.refresh("rft.old")

    assert type(caught.value) is expected
    assert (caught.value.code, caught.value.message) == (code, "because")
    assert caught.value.log_id == "log-5"


def test_a_success_with_a_strange_status_is_a_success(tiktok, app):
    tiktok.will(Reply(400, ANSWER))

    assert app.refresh("rft.old").access_token == "act.new"


def test_an_error_in_the_other_endpoints_envelope_is_understood(tiktok, app):
    tiktok.will(
        Reply(429, {"error": {"code": "rate_limit_exceeded", "message": "slow", "log_id": "l"}}),
        Reply(200, ANSWER | {"error": {"code": "ok"}}),
    )

    with pytest.raises(errors.RateLimited):
        app.refresh("rft.old")
    assert app.refresh("rft.old").access_token == "act.new"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b""),
        Reply(200, {}),
        Reply(200, {"access_token": ""}),
        Reply(200, {"access_token": 7}),
        Reply(200, []),
        Reply(403, b"<html>no</html>"),
        Reply(502, b"<html>Bad gateway</html>"),
        Reply(302, b"", {"Location": "/login"}),
    ],
)
def test_an_answer_that_is_neither_leaves_the_outcome_open(tiktok, app, reply):
    tiktok.will(reply)

    with pytest.raises(errors.ServerFault) as caught:
        app.refresh("rft.old")

    assert caught.value.outcome_known is False
    assert len(tiktok.requests) == 1


def test_a_lost_answer_to_a_refresh_is_told_apart_from_a_refusal(tiktok, app):
    tiktok.will(Reply(silent=True))

    with pytest.raises(errors.Unreachable) as lost:
        app.refresh("rft.old")

    assert lost.value.sent is True


@pytest.mark.parametrize(
    "body", [b"", b"{}", b" \n", b'{"data": {}, "error": {"code": "ok"}}', b'{"error": ""}']
)
def test_a_connection_is_revoked(tiktok, app, body):
    tiktok.will(Reply(200, body))

    app.revoke("act.alice")

    [request] = tiktok.requests
    assert request.path == "/v2/oauth/revoke/"
    assert form(request) == {"client_key": "key-1", "client_secret": SECRET, "token": "act.alice"}


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(200, {"error": "invalid_grant"}), errors.GrantInvalid),
        (Reply(401, {"error": {"code": "access_token_invalid"}}), errors.TokenInvalid),
        (Reply(500, b""), errors.ServerFault),
        (Reply(500, b"{}"), errors.ServerFault),
        (Reply(200, b"<html>"), errors.ServerFault),
        (Reply(silent=True), errors.Unreachable),
    ],
)
def test_a_revocation_that_did_not_happen_is_said(tiktok, app, reply, expected):
    tiktok.will(reply)

    with pytest.raises(expected):
        app.revoke("act.alice")


def test_nothing_secret_is_shown_or_logged(tiktok, app, caplog):
    caplog.set_level("DEBUG")
    tiktok.will(
        Reply(200, ANSWER),
        Reply(400, {"error": "invalid_grant", "log_id": "log-7"}),
        Reply(silent=True),
    )

    tokens = app.exchange("secret-code", REDIRECT, "secret-verifier")
    with pytest.raises(errors.GrantInvalid) as refused:
        app.refresh("rft.new")
    with pytest.raises(errors.Unreachable) as lost:
        app.revoke("act.new")

    shown = f"{tokens!r} {app!r} {vars(app).keys()} {refused.value!r} {lost.value!r} {caplog.text}"
    for secret in (SECRET, "act.new", "rft.new", "secret-code", "secret-verifier"):
        assert secret not in shown
    assert "log-7" in caplog.text
