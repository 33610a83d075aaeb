"""HTTP/1.1 on a socket: heads parsed, bodies streamed, connections broken when asked to."""

import io
import re
import socket
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tiktok.sandbox.dispatch import dispatch
from tiktok.sandbox.messages import Body, ConnectionLost, Cut, Request, Response
from tiktok.sandbox.world import World

HOST_NAME = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:]{2,45}\](:[0-9]{1,5})?")
# Small, so that what a client believes to have sent is close to what has arrived here.
RECEIVE_BUFFER = 128 * 1024
LARGEST_LEFTOVER = 256 * 1024 * 1024  # bytes of a refused body that are still read
LINGER_SECONDS = 2.0
STOP_SECONDS = 3.0


class SandboxServer(ThreadingHTTPServer):
    """One thread for each connection; it knows its connections, so that it can end them."""

    daemon_threads = True
    request_queue_size = 1024

    def __init__(
        self, address: tuple[str, int], world: World, allowed_hosts: frozenset[str]
    ) -> None:
        self.world = world
        self.allowed_hosts = allowed_hosts
        self._guard = threading.Condition()
        self._connections: set[socket.socket] = set()
        self._busy = 0
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        # Not HTTPServer's: that asks the network for our name, which may take seconds.
        super(ThreadingHTTPServer, self).server_bind()
        host, self.server_port = self.server_address[:2]
        self.server_name = str(host)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._connections.discard(request)
            self._guard.notify_all()
        super().shutdown_request(request)

    def busy(self, change: int) -> None:
        """Count the requests that are being answered."""
        with self._guard:
            self._busy += change
            self._guard.notify_all()

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that goes away in the middle of an answer is no fault of ours.
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def end_connections(self) -> None:
        """Let running requests finish for a moment, then close everything."""
        with self._guard:
            self._guard.wait_for(lambda: not self._busy, STOP_SECONDS)
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # its own thread has just closed it
            self._guard.wait_for(lambda: not self._connections, STOP_SECONDS)


class _Drops(io.BytesIO):
    """Lets what is written go byte by byte."""

    def __init__(self, line: Any, world: World, seconds: float) -> None:
        super().__init__()
        self._line, self._world, self._seconds = line, world, seconds

    def write(self, data: Any) -> int:
        for byte in bytes(data):
            self._line.write(bytes([byte]))
            self._line.flush()
            self._world.sleep(self._seconds)
        return len(data)

    def close(self) -> None:
        self._line.close()
        super().close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024  # head and body leave together
    server: SandboxServer

    def setup(self) -> None:
        super().setup()
        self.connection.settimeout(self.server.world.settings.read_timeout_seconds)

    def answer(self) -> None:
        self.server.busy(+1)
        try:
            request = self._request()
            self._send(request, dispatch(self.server.world, request, self.server.allowed_hosts))
        except (Cut, ConnectionLost):
            self._reset()
        finally:
            self.server.busy(-1)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = answer

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        lengths = self.headers.get_all("Content-Length", [])
        has_framing = "Transfer-Encoding" not in self.headers and (
            not lengths or (len(lengths) == 1 and re.fullmatch("[0-9]{1,15}", lengths[0]))
        )
        length = int(lengths[0]) if lengths and has_framing else 0
        host = self.headers.get("Host", "")
        if not HOST_NAME.fullmatch(host):
            host = "{}:{}".format(*self.server.server_address[:2])
        return Request(
            method=self.command,
            path=unquote(parts.path),
            query=parse_qs(parts.query, keep_blank_values=True),
            raw_query=parts.query,
            headers=self.headers,
            stream=Body(self.rfile, length),  # type: ignore[arg-type]  # it is a BufferedReader
            has_framing=bool(has_framing),
            base_url=f"http://{host}",
            at=self.server.world.now(),
        )

    def _send(self, request: Request, response: Response) -> None:
        # A connection closed over unread bytes is reset, and takes the answer with it.
        if request.has_framing and request.stream.left <= LARGEST_LEFTOVER:
            request.stream.discard()
        else:
            self.close_connection = True
        if response.seconds_for_a_byte:
            self.wfile = _Drops(self.wfile, self.server.world, response.seconds_for_a_byte)
            self.close_connection = True
        body, file = response.body, response.file
        length = file.length if file else len(body)
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(length))
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in response.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        if response.cut == "half":
            body = body[: len(body) // 2]
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()
        if file and self.command != "HEAD":
            with file.path.open("rb") as source:
                self.connection.sendfile(source, file.first, file.length)
        if not request.has_framing or request.stream.left:
            self._linger()

    def _linger(self) -> None:
        """Read what still comes for a moment, so that the client can read the answer."""
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(LINGER_SECONDS)
        deadline = time.monotonic() + LINGER_SECONDS
        while time.monotonic() < deadline and self.connection.recv(RECEIVE_BUFFER):
            pass

    def _reset(self) -> None:
        """Break the connection at once: the client sees a reset, not an end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # Reader and writer hold the socket open: all must go for the reset to leave now.
        self.rfile.close()
        self.wfile.close()
        self.wfile = io.BytesIO()  # the base class flushes once more
        self.connection.close()

    def version_string(self) -> str:
        return "sandbox"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what came in is recorded, see recording.py."""
