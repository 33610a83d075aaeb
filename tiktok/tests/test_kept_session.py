"""Connections to TikTok that are kept for the thread's next call, and what is not kept."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tiktok import kept_session as module
from tiktok.kept_session import kept_session


class Counting(ThreadingHTTPServer):
    """Hands out a cookie, and notes each connection and what was sent on it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.connections: set[tuple[str, int]] = set()
        self.cookies: list[str | None] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Counting

    def do_GET(self) -> None:
        self.server.connections.add(self.client_address)
        self.server.cookies.append(self.headers.get("Cookie"))
        self.send_response(200)
        self.send_header("Set-Cookie", "creator=alice")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Counting]:
    with Counting() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield server
        server.shutdown()
        thread.join()
        module._kept.used_at = 0.0


def test_calls_in_a_row_share_a_connection_and_no_cookie(server):
    for _ in range(3):
        kept_session(server.url).get(server.url)

    assert len(server.connections) == 1
    assert server.cookies == [None, None, None]


def test_another_thread_has_a_connection_of_its_own(server):
    def call() -> None:
        with kept_session(server.url) as session:
            session.get(server.url)

    kept_session(server.url).get(server.url)
    other = threading.Thread(target=call)
    other.start()
    other.join()

    assert len(server.connections) == 2


def test_what_was_idle_for_long_is_not_used_again(server):
    kept_session(server.url).get(server.url)
    module._kept.used_at -= module.LONGEST_IDLE + 1

    kept_session(server.url).get(server.url)

    assert len(server.connections) == 2
