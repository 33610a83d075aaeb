"""A real server with one page that takes files, and a browser that sends them to it."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from random import Random
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError

from posts.media.receiving import (
    ReceivedFile,
    UploadRefused,
    receiving,
)

CONTENT = Random(3).randbytes(700_001)
NO_RESERVE = 0


@dataclass
class Outcome:
    """What one request came to."""

    names: list[str] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    error: Exception | None = None
    files_after: list[str] = field(default_factory=list)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


class Site:
    """A server with one page that takes files and remembers what came of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.limit = 4_000_000_000
        self.reserve = NO_RESERVE
        self.outcomes: Queue[Outcome] = Queue()
        self.server = make_server("127.0.0.1", 0, self.answer, handler_class=Quiet)

    def answer(self, environ: dict[str, object], start_response: Callable[..., object]):
        outcome = Outcome()
        request = WSGIRequest(environ)
        try:
            with receiving(request, folder=self.folder, limit=self.limit, reserve=self.reserve):
                self.look(request, outcome)
        except (UploadRefused, UnreadablePostError) as error:
            outcome.error = error
        outcome.files_after = os.listdir(self.folder)
        self.outcomes.put(outcome)
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    def look(self, request: WSGIRequest, outcome: Outcome) -> None:
        outcome.fields = request.POST.dict()
        for received in request.FILES.getlist("video"):
            assert isinstance(received, ReceivedFile)
            outcome.names.append(str(received.name))
            outcome.contents.append(received.path.read_bytes())
            outcome.digests.append(received.sha256)
            outcome.lengths.append(received.length)
            outcome.paths.append(received.path)
            assert received.size == received.length

    def outcome(self) -> Outcome:
        return self.outcomes.get(timeout=20)


def form(*files: tuple[str, bytes], **fields: str) -> bytes:
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, content in files:
        head = f'--edge\r\nContent-Disposition: form-data; name="video"; filename="{name}"\r\n'
        parts.append(head.encode() + b"Content-Type: video/mp4\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + b"--edge--\r\n"


def begin(site: Site, length: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", site.server.server_port))
    connection.sendall(
        b"POST / HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: multipart/form-data; boundary=edge\r\n"
        b"Content-Length: %d\r\n\r\n" % length
    )
    return connection


def send(site: Site, body: bytes) -> Outcome:
    with begin(site, len(body)) as connection:
        connection.sendall(body)
        return site.outcome()
