"""A server on a socket that says what a test tells it to, in order, and remembers what it got."""

import contextlib
import hashlib
import json
import socket
import ssl
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

_PIECE = 65_536
_PATIENCE = 10.0  # seconds that a test waits for something that must come


@dataclass(frozen=True)
class Reply:
    """One answer; `body` is sent as JSON unless it is bytes."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    early: bool = False  # answer without reading the body
    drains: bool = True  # after an early answer, take the body and throw it away
    hang_up_after: int | None = None  # cut the connection after so many bytes of the body
    silent: bool = False  # read everything, then hang up without an answer
    reads_after: threading.Event | None = None  # take no byte of the body before it is set
    after: threading.Event | None = None  # answer only when it is set


def ok(data: Any, *, log_id: str = "log-1") -> Reply:
    return Reply(body={"data": data, "error": {"code": "ok", "message": "", "log_id": log_id}})


def failure(code: str, status: int, **more: Any) -> Reply:
    error = {"code": code, "message": f"because of {code}", "log_id": "log-9"}
    return Reply(status, {"data": {}, "error": error}, **more)


@dataclass
class Request:
    method: str
    path: str  # with its query
    headers: dict[str, str]  # names in lower case
    length: int = 0  # bytes of the body that arrived
    sha256: str = ""
    body: bytes = b""
    complete: bool = False  # the body came as long as it was announced

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class ScriptedServer:
    """Answers with `replies` one after the other, and with 500 when there is none left."""

    def __init__(
        self, *replies: Reply, keep_bodies: bool = True, tls: ssl.SSLContext | None = None
    ) -> None:
        self.replies = list(replies)
        self.requests: list[Request] = []
        self.keep_bodies = keep_bodies
        self.connections = 0
        self._news = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.script = self
        self._scheme = "https" if tls else "http"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def will(self, *replies: Reply) -> None:
        self.replies.extend(replies)

    def next_reply(self) -> Reply:
        with self._news:
            return self.replies.pop(0) if self.replies else Reply(500, b"nothing in the script")

    def remember(self, request: Request) -> None:
        with self._news:
            self.requests.append(request)
            self._news.notify_all()

    def received(self, count: int) -> list[Request]:
        """Wait until `count` requests have ended, one way or the other."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.requests) >= count, _PATIENCE)
            return list(self.requests)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    script: ScriptedServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.script.connections += 1

    def _answer(self) -> None:
        script = self.server.script
        reply = script.next_reply()
        request = Request(
            self.command, self.path, {name.lower(): value for name, value in self.headers.items()}
        )
        expected = int(self.headers.get("Content-Length", 0))
        if reply.reads_after is not None:
            assert reply.reads_after.wait(_PATIENCE)
        try:
            if not reply.early:
                self._read(request, expected, reply.hang_up_after)
        finally:
            script.remember(request)
        if reply.hang_up_after is not None or reply.silent:
            self._hang_up()
            return
        if reply.after is not None:
            assert reply.after.wait(_PATIENCE)
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response_only(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        if reply.early:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        if reply.early and reply.drains:
            self._drain(expected)

    do_GET = do_POST = do_PUT = _answer

    def _read(self, request: Request, expected: int, limit: int | None) -> None:
        wanted = expected if limit is None else min(limit, expected)
        hasher, kept = hashlib.sha256(), bytearray()
        try:
            while request.length < wanted:
                piece = self.rfile.read1(min(_PIECE, wanted - request.length))
                if not piece:
                    break
                request.length += len(piece)
                hasher.update(piece)
                if self.server.script.keep_bodies:
                    kept += piece
        finally:
            request.sha256, request.body = hasher.hexdigest(), bytes(kept)
            request.complete = request.length == expected
        if request.length < wanted:
            self.close_connection = True
            raise ConnectionAbortedError

    def _drain(self, expected: int) -> None:
        """Throw the body away, so that closing does not destroy the answer on its way."""
        with contextlib.suppress(OSError):
            while expected > 0 and (piece := self.rfile.read1(min(_PIECE, expected))):
                expected -= len(piece)
        self.close_connection = True

    def _hang_up(self) -> None:
        """Cut the connection with a reset, as a broken line does."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:
        """The tests look at `requests` instead."""
