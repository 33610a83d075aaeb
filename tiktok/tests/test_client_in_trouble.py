"""The client when TikTok refuses, falters, or does not answer at all."""

import contextlib
import logging
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from tiktok import errors
from tiktok.chunks import plan
from tiktok.client import TikTokClient
from tiktok.payloads import PostInfo
from tiktok.tests.scripted_server import Reply, failure, ok
from tiktok.tests.test_errors import CODES

TOKEN = "act.alice-secret"
POST = PostInfo(
    privacy_level="SELF_ONLY",
    title="Sunrise",
    disable_comment=True,
    disable_duet=True,
    disable_stitch=True,
    brand_content_toggle=False,
    brand_organic_toggle=False,
)


@pytest.fixture
def client(tiktok):
    with TikTokClient(TOKEN, base_url=tiktok.url) as client:
        yield client


@pytest.mark.parametrize(("code", "status", "expected"), CODES)
def test_a_code_becomes_an_exception(tiktok, client, code, status, expected):
    tiktok.will(failure(code, status))

    with pytest.raises(errors.TikTokError) as caught:
        client.creator_info()

    error = caught.value
    assert type(error) is expected
    assert (error.code, error.log_id, error.http_status) == (code, "log-9", status)
    assert error.message == f"because of {code}"


def test_the_log_id_is_found_under_its_other_name(tiktok, client):
    tiktok.will(Reply(403, {"error": {"code": "spam_risk_too_many_posts", "logid": "old-7"}}))

    with pytest.raises(errors.CreatorCapReached) as caught:
        client.creator_info()

    assert caught.value.log_id == "old-7"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 200),
        (b"<html>Bad gateway</html>", 502),
        (b"<html>Forbidden</html>", 403),
        (b"\xff\xfe\x00", 200),
        (b"null", 200),
        (b"[]", 200),
        (b'"ok"', 200),
        (b"[" * 100_000, 200),
        (b"1" * 10_000, 200),
        (b"{}", 200),
        (b'{"data": {}}', 400),
        (b'{"error": null}', 200),
        (b'{"error": "ok"}', 200),
        (b'{"error": ["ok"]}', 200),
        (b'{"error": {}}', 200),
        (b'{"error": {"code": 0}}', 200),
        (b'{"error": {"code": ""}}', 500),
        (b'{"error": {"code": "ok"}, "data": {"publish_id": "p", "upload_url": "u"}}', 500),
        (b"moved", 302),
    ],
)
def test_an_answer_that_is_not_tiktoks_is_a_fault_and_no_crash(tiktok, client, body, status):
    tiktok.will(Reply(status, body))

    with pytest.raises(errors.ServerFault) as caught:
        client.start_video(POST, plan(1_000))

    assert caught.value.retryable is True
    assert caught.value.outcome_known is False
    assert caught.value.http_status in {status, None}


@pytest.mark.parametrize("location", ["/elsewhere/", "http://[broken", "//other.example/"])
def test_a_redirect_is_not_followed(tiktok, client, location):
    tiktok.will(Reply(307, b"", {"Location": location}))

    with pytest.raises(errors.ServerFault):
        client.start_video(POST, plan(1_000))

    assert len(tiktok.requests) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), (" 90 ", 90.0), ("999999999999", 86_400.0), ("soon", None), ("", None)],
)
def test_retry_after_is_honoured_when_it_comes(tiktok, client, header, seconds):
    tiktok.will(failure("rate_limit_exceeded", 429, headers={"Retry-After": header}))

    with pytest.raises(errors.RateLimited) as caught:
        client.creator_info()

    assert caught.value.retry_after == seconds


def test_retry_after_may_be_a_moment(tiktok, client):
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    tiktok.will(*(Reply(429, b"slow down", {"Retry-After": moment}) for moment in (soon, past)))

    waits = []
    for _ in range(2):
        with pytest.raises(errors.RateLimited) as caught:
            client.creator_info()
        waits.append(caught.value.retry_after)

    assert 40 < waits[0] <= 50
    assert waits[1] == 0


def test_a_closed_port_got_nothing():
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound and not listening: nobody else gets it
        url = f"http://127.0.0.1:{reserved.getsockname()[1]}"
        with TikTokClient(TOKEN, base_url=url) as client, pytest.raises(errors.Unreachable) as no:
            client.start_video(POST, plan(1_000))

    assert no.value.sent is False
    assert no.value.outcome_known is True
    assert no.value.message == "ConnectionRefusedError"


def test_a_host_that_does_not_exist_got_nothing():
    with (
        TikTokClient(TOKEN, base_url="http://nowhere.invalid") as client,
        pytest.raises(errors.Unreachable) as no,
    ):
        client.creator_info()

    assert no.value.sent is False


@pytest.mark.parametrize("reply", [Reply(silent=True), Reply(hang_up_after=5)])
def test_a_lost_answer_may_have_been_a_success(tiktok, client, reply):
    tiktok.will(reply)

    with pytest.raises(errors.Unreachable) as lost:
        client.start_video(POST, plan(1_000))

    assert lost.value.sent is True
    assert lost.value.outcome_known is False


def test_a_tiktok_that_takes_too_long_may_have_succeeded(tiktok):
    release = threading.Event()
    tiktok.will(Reply(after=release))

    with (
        TikTokClient(TOKEN, base_url=tiktok.url, timeout=(3.05, 0.1)) as client,
        pytest.raises(errors.Unreachable) as slow,
    ):
        client.start_video(POST, plan(1_000))
    release.set()

    assert slow.value.sent is True


def test_a_session_that_was_handed_in_stays_open_and_stays_clean(tiktok):
    tiktok.will(ok({"user": {}}), Reply(200, b"hello"))
    with requests.Session() as session:
        with TikTokClient(TOKEN, base_url=tiktok.url, session=session) as client:
            client.user_info({"user.info.basic"})
        session.get(tiktok.url)

    assert tiktok.connections == 1
    assert "authorization" not in tiktok.requests[1].headers


def test_a_password_file_of_the_machine_does_not_replace_the_token(tiktok, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login bob password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    tiktok.will(ok({"user": {}}))

    with (
        requests.Session() as session,
        TikTokClient(TOKEN, base_url=tiktok.url, session=session) as client,
    ):
        client.user_info({"user.info.basic"})

    assert tiktok.requests[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_the_machines_proxy_is_not_asked_for_the_machine_itself(tiktok, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    tiktok.will(ok({"user": {}}))

    with TikTokClient(TOKEN, base_url=tiktok.url) as client:
        client.user_info({"user.info.basic"})

    assert len(tiktok.requests) == 1


@pytest.mark.parametrize("token", ["", "act.with\nnewline", "act. blank", "act.ü"])
def test_a_token_that_can_not_be_one_is_refused_without_being_named(token):
    with pytest.raises(ValueError, match="visible ASCII") as refused:
        TikTokClient(token, base_url="http://127.0.0.1:9")

    assert not token or token not in str(refused.value)


def test_logs_name_the_log_id_and_never_a_secret(tiktok, client, caplog):
    caplog.set_level(logging.DEBUG)
    tiktok.will(
        failure("privacy_level_option_mismatch", 403),
        ok({"publish_id": "v_pub_file~v2-1.7", "upload_url": "https://u.example/?token=hush"}),
        ok({"publish_id": "", "upload_url": "https://u.example/?token=hush"}, log_id="log-3"),
        Reply(silent=True),
    )

    for _ in range(4):
        with contextlib.suppress(errors.TikTokError):
            client.start_video(POST, plan(1_000))

    ours = [record.getMessage() for record in caplog.records if record.name == "tiktok.client"]
    cut = ours.pop()
    assert cut.startswith("/v2/post/publish/video/init/ got no answer: ")
    assert ours == [
        "/v2/post/publish/video/init/ failed: privacy_level_option_mismatch: "
        "because of privacy_level_option_mismatch (HTTP 403, log_id log-9)",
        "/v2/post/publish/video/init/ failed: the answer says ok but lacks publish_id or "
        "upload_url (log_id log-3)",
    ]
    assert TOKEN not in caplog.text
    assert "hush" not in caplog.text
