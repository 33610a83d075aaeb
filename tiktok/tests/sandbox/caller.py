"""The least that a client of TikTok's needs, so that these tests read as stories."""

import hashlib
import socket
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, urlsplit

import requests

from tiktok.sandbox import Sandbox

CALLBACK = "https://scheduler.example/callback"
LOOPBACK = "http://localhost:8000/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3"

CREATOR_INFO = "/v2/post/publish/creator_info/query/"
VIDEO_INIT = "/v2/post/publish/video/init/"
INBOX_INIT = "/v2/post/publish/inbox/video/init/"
CONTENT_INIT = "/v2/post/publish/content/init/"
STATUS = "/v2/post/publish/status/fetch/"
CANCEL = "/v2/post/publish/cancel/"
USER_INFO = "/v2/user/info/"
VIDEO_LIST = "/v2/video/list/"
VIDEO_QUERY = "/v2/video/query/"

T = TypeVar("T")

FILM = b"\x00\x00\x00\x18ftypisom" + bytes(range(256)) * 8  # begins like an MP4


class Answer(NamedTuple):
    status: int
    code: str
    data: dict[str, Any]
    message: str


class Caller:
    """A client with one creator's access token."""

    def __init__(self, sandbox: Sandbox, token: str) -> None:
        self.url = sandbox.url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        options.setdefault("headers", {"Content-Type": "application/json; charset=UTF-8"})
        return self._read(
            self.session.post(self.url + path, json=body, timeout=30, **options)
            if body is not None
            else self.session.post(self.url + path, timeout=30, **options)
        )

    def get(self, path: str, **params: str) -> Answer:
        return self._read(self.session.get(self.url + path, params=params, timeout=30))

    @staticmethod
    def _read(response: requests.Response) -> Answer:
        body = response.json()
        error = body["error"]
        assert error["log_id"]
        return Answer(response.status_code, error["code"], body.get("data"), error["message"])

    def init(self, size: int = len(FILM), **post: Any) -> Answer:
        """Announce a video in one chunk; by default for everyone."""
        body = {
            "post_info": {"privacy_level": "PUBLIC_TO_EVERYONE"} | post,
            "source_info": whole(size),
        }
        return self.post(VIDEO_INIT, body)

    def init_inbox(self, size: int = len(FILM)) -> Answer:
        return self.post(INBOX_INIT, {"source_info": whole(size)})

    def publish(self, film: bytes = FILM, **post: Any) -> str:
        """Announce and upload in one go; returns the publish_id."""
        return self._send(self.init(len(film), **post), film)

    def publish_to_inbox(self, film: bytes = FILM) -> str:
        return self._send(self.init_inbox(len(film)), film)

    def _send(self, answer: Answer, film: bytes) -> str:
        assert answer.code == "ok", answer
        assert put(answer.data["upload_url"], film).status_code == 201
        return str(answer.data["publish_id"])

    def status(self, publish_id: str) -> dict[str, Any]:
        answer = self.post(STATUS, {"publish_id": publish_id})
        assert answer.code == "ok", answer
        return answer.data


def whole(size: int) -> dict[str, Any]:
    return chunked(size, size, 1)


def chunked(size: int, chunk_size: int, count: int) -> dict[str, Any]:
    return {
        "source": "FILE_UPLOAD",
        "video_size": size,
        "chunk_size": chunk_size,
        "total_chunk_count": count,
    }


def put(
    upload_url: str,
    data: Any,
    first: int = 0,
    total: int | None = None,
    **headers: str,
) -> requests.Response:
    """Send one chunk that begins at byte `first`."""
    last = first + len(data) - 1
    sent = {
        "Content-Type": "video/mp4",
        "Content-Range": f"bytes {first}-{last}/{len(data) if total is None else total}",
    }
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.put(upload_url, data=data, headers=sent, timeout=30)


def begin_put(
    upload_url: str, piece: bytes, first: int, total: int, declared: int | None = None
) -> socket.socket:
    """Open a PUT by hand and send `piece`, perhaps less than declared; returns the socket."""
    address = urlsplit(upload_url)
    declared = len(piece) if declared is None else declared
    connection = socket.create_connection((address.hostname or "", address.port or 0), timeout=10)
    head = (
        f"PUT {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Content-Type: video/mp4\r\nContent-Length: {declared}\r\n"
        f"Content-Range: bytes {first}-{first + declared - 1}/{total}\r\n\r\n"
    )
    connection.sendall(head.encode() + piece)
    return connection


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def callback_of(location: str) -> dict[str, str]:
    """The parameters with which a browser came back."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def until(look: Callable[[], T], seconds: float = 10) -> T:
    """Look again and again until there is something to see."""
    deadline = monotonic() + seconds
    while not (seen := look()):
        assert monotonic() < deadline, "it did not happen in time"
        sleep(0.01)
    return seen
