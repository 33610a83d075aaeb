"""A web site of an app's own, from which the sandbox fetches; it behaves as it is told."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass
class Page:
    body: bytes
    content_type: str = "video/mp4"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    declared: int | None = None  # Content-Length, when it is not the truth
    ranges: bool = True


class MediaSite:
    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []  # method, path, headers
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    def put(self, name: str, body: bytes, **values) -> str:
        """Serve `body`; returns its address."""
        self.pages[f"/{name}"] = Page(body, **values)
        return f"{self.url}/{name}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=[0.01], daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(site) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                site.asked.append((self.command, self.path, headers))
                page = site.pages.get(self.path, Page(b"nothing", "text/plain", 404))
                status, body, more = page.status, page.body, dict(page.headers)
                wanted = headers.get("range")
                if wanted and page.ranges and status == 200:
                    first, last = (int(each) for each in wanted.removeprefix("bytes=").split("-"))
                    last = min(last, len(body) - 1)
                    more["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
                    status, body = 206, body[first : last + 1]
                self.send_response(status)
                self.send_header("Content-Type", page.content_type)
                length = len(body) if page.declared is None else page.declared
                self.send_header("Content-Length", str(length))
                for name, value in more.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_HEAD = answer

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        return Handler
