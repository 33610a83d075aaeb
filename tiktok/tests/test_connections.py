"""An answer has so much time as a whole, and so much room, however it is spread."""

import gzip
import logging
import socket
import threading
import time
from contextlib import contextmanager

import pytest

from tiktok import errors
from tiktok.client import TikTokClient
from tiktok.tests.scripted_server import Reply, ScriptedServer
from tiktok.tokens import TokenClient

OK = b'{"data": {"user": {}}, "error": {"code": "ok", "message": "", "log_id": "log-1"}}'
SECONDS = 0.5


@contextmanager
def a_server_that_sends(*pieces: bytes, every: float = 0.0, for_ever: bool = False):
    """It reads one request, sends the pieces with pauses, and keeps the connection open."""
    over = threading.Event()

    def serve() -> None:
        with listener, listener.accept()[0] as connection:
            connection.recv(65_536)
            try:
                while not over.is_set():
                    for piece in pieces:
                        connection.sendall(piece)
                        over.wait(every)
                    if not for_ever:
                        break
                over.wait()
            except OSError:
                pass  # the client has had enough

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def ask(url: str) -> float:
    """Ask for something and be disappointed; how many seconds that took."""
    began = time.monotonic()
    with (
        TikTokClient("act.1", base_url=url, timeout=(5, SECONDS)) as client,
        pytest.raises(errors.Unreachable) as slow,
    ):
        client.user_info({"user.info.basic"})
    assert slow.value.sent is True
    return time.monotonic() - began


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([bytes([letter]) for letter in HEAD * 100], id="a head in single letters"),
        pytest.param([HEAD, b"Content-Length: 9999\r\n\r\n", *[b" "] * 9999], id="a body in drops"),
        pytest.param(
            [HEAD, b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\n \r\n"] * 9999], id="in chunks"
        ),
        pytest.param([b"HTTP/1.1 100 Continue\r\n\r\n"] * 9999, id="continue, continue, continue"),
    ],
)
def test_an_answer_that_trickles_in_is_given_up(pieces):
    with a_server_that_sends(*pieces, every=0.01, for_ever=True) as url:
        assert SECONDS <= ask(url) < SECONDS + 2


def test_each_answer_has_its_own_time():
    with ScriptedServer() as tiktok:
        tiktok.will(Reply(body=OK), Reply(body=OK))
        with TikTokClient("act.1", base_url=tiktok.url, timeout=(1, SECONDS)) as client:
            client.user_info({"user.info.basic"})
            threading.Event().wait(SECONDS)
            client.user_info({"user.info.basic"})
        assert tiktok.connections == 1


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(b" " * 2_000_000 + OK, {}, id="two megabytes"),
        pytest.param(
            gzip.compress(b" " * 200_000_000 + OK), {"Content-Encoding": "gzip"}, id="a bomb"
        ),
        pytest.param(b"not packed", {"Content-Encoding": "gzip"}, id="not what it says"),
    ],
)
def test_an_answer_that_nobody_can_read_is_a_fault_of_tiktoks(body, headers):
    with ScriptedServer(Reply(200, body, headers)) as tiktok:
        client = TikTokClient("act.1", base_url=tiktok.url)
        with client, pytest.raises(errors.ServerFault) as caught:
            client.user_info({"user.info.basic"})

    assert caught.value.outcome_known is False


def test_a_packed_answer_is_unpacked():
    with (
        ScriptedServer(Reply(200, gzip.compress(OK), {"Content-Encoding": "gzip"})) as tiktok,
        TikTokClient("act.1", base_url=tiktok.url) as client,
    ):
        assert client.user_info({"user.info.basic"}).log_id == "log-1"


def test_a_revoke_that_nobody_can_read_did_not_succeed():
    with ScriptedServer(Reply(200, b"not packed", {"Content-Encoding": "gzip"})) as tiktok:
        client = TokenClient("key", "secret", base_url=tiktok.url)
        with client, pytest.raises(errors.ServerFault):
            client.revoke("act.1")


@pytest.mark.parametrize("number", [b"1e99999999", b"1e-99999999", b"NaN", b"-1", b"true", b"[]"])
def test_a_figure_that_is_none_is_left_out(number):
    odd = OK.replace(b'"user": {}', b'"user": {"video_count": %s}' % number)
    with (
        ScriptedServer(Reply(200, odd)) as tiktok,
        TikTokClient("act.1", base_url=tiktok.url) as client,
    ):
        assert client.user_info({"user.info.stats"}).video_count is None


def test_a_number_beyond_all_numbers_is_a_fault_of_tiktoks():
    odd = OK.replace(b"{}", b'{"video_count": 1e9999999999999999999}')
    with (
        ScriptedServer(Reply(200, odd)) as tiktok,
        TikTokClient("act.1", base_url=tiktok.url) as client,
        pytest.raises(errors.ServerFault),
    ):
        client.user_info({"user.info.stats"})


def test_headers_that_make_no_sense_tell_no_secret(caplog):
    caplog.set_level(logging.DEBUG)
    head = HEAD + b"Content-Length: %d\r\nwhat is this\r\n\r\n" % len(OK)
    with (
        a_server_that_sends(head + OK) as url,
        TikTokClient("act.1", base_url=f"{url}/hush") as client,
    ):
        client.user_info({"user.info.basic"})

    assert [each.name for each in caplog.records if "hush" in each.getMessage()] == [
        "urllib3.connectionpool"  # which is silenced for uploads, see upload_transport.py
    ]
