"""The pretend TikTok on a socket. Troubles come about here, before or after what was asked for."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from tiktok.tests.model.pretend import Gone, PretendTikTok, Refusal, now

ENDPOINTS = {
    "/v2/post/publish/creator_info/query/": "creator_info",
    "/v2/post/publish/video/init/": "init",
    "/v2/post/publish/inbox/video/init/": "init",
    "/v2/post/publish/status/fetch/": "status",
    "/v2/oauth/token/": "token",
    "/v2/oauth/revoke/": "revoke",
}


@contextmanager
def served(tiktok: PretendTikTok) -> Iterator[PretendTikTok]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(tiktok))
    server.daemon_threads = True
    tiktok.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    yield tiktok
    server.shutdown()
    thread.join()
    server.server_close()


def _handler_of(tiktok: PretendTikTok) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 64 * 1024

        def do_POST(self) -> None:
            endpoint = ENDPOINTS[self.path]
            self._answer_with(endpoint, self._body(), getattr(tiktok, endpoint))

        def do_PUT(self) -> None:
            publish_id = self.path.rpartition("/")[2]
            self._answer_with(
                "upload",
                self._body(),
                lambda data: tiktok.put(publish_id, self.headers["Content-Range"], data),
            )

        def _body(self) -> bytes:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if len(body) < length:
                self.close_connection = True
            return body

        def _answer_with(self, endpoint: str, body: bytes, act: Callable[[Any], Any]) -> None:
            if self.close_connection and endpoint == "upload":
                return  # cut off in the middle: nothing of it counts
            try:
                tiktok.boundary()
                status, headers, answer = self._act(endpoint, body, act)
                tiktok.boundary()
            except Gone:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _act(
            self, endpoint: str, body: bytes, act: Callable[[Any], Any]
        ) -> tuple[int, dict[str, str], bytes]:
            with tiktok.lock:
                waiting = tiktok.troubles[endpoint]
                trouble = waiting.popleft() if waiting else ""
                match trouble.partition(" "):
                    case ("reset_before", *_):
                        raise Gone
                    case ("refuse", _, rest):
                        status, _, code = rest.partition(" ")
                        return int(status), {}, _error(code) if endpoint != "upload" else b""
                    case ("html", *_):
                        return 502, {}, b"<html>bad gateway</html>"
                answered = self._effect(endpoint, body, act)
                match trouble:
                    case "reset_after":
                        raise Gone
                    case "html_after":
                        return 502, {}, b"<html>bad gateway</html>"
                    case "truncated":
                        return answered[0], answered[1], answered[2][: len(answered[2]) // 2]
                return answered

        def _effect(
            self, endpoint: str, body: bytes, act: Callable[[Any], Any]
        ) -> tuple[int, dict[str, str], bytes]:
            if endpoint == "upload":
                status, content_range = act(body)
                return status, {"Content-Range": content_range} if content_range else {}, b""
            if endpoint in {"token", "revoke"}:
                return 200, {}, json.dumps(act(parse_qs(body.decode()))).encode()
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            if tiktok.tokens.get(bearer, datetime.min.replace(tzinfo=UTC)) <= now():
                return 401, {}, _error("access_token_invalid")
            try:
                data = act(json.loads(body or b"{}"))
            except Refusal as refusal:
                return refusal.status, {}, _error(refusal.code)
            envelope = {"data": data, "error": {"code": "ok", "message": "", "log_id": "log"}}
            return 200, {}, json.dumps(envelope).encode()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: hypothesis tells the steps."""

    return Handler


def _error(code: str) -> bytes:
    error = {"code": code, "message": "as the model wants it", "log_id": "log"}
    return json.dumps({"data": {}, "error": error}).encode()
