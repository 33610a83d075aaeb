"""A TikTok that only takes bytes: as cheap as Python can be, so that the sender is measured.

    SANDBOX_PORT=8900 python -m bench.sink

It says yes to every call, and answers chunks with 206 and 201 as TikTok does (Protocol 8.4).
`SINK_BYTES_PER_SECOND` makes it a line of that speed. GET /uploads tells when each began and ended.
"""

import json
import os
import socket
import threading
import time

BUFFER = 1_048_576  # bytes
BURST = 262_144  # bytes that a slow line may take at once
CREATOR = {
    "creator_username": "creator0",
    "creator_nickname": "creator0",
    "privacy_level_options": ["PUBLIC_TO_EVERYONE", "SELF_ONLY"],
    "comment_disabled": False,
    "duet_disabled": False,
    "stitch_disabled": False,
    "max_video_post_duration_sec": 600,
}


class Line:
    """Lets `rate` bytes a second pass; None: as many as come."""

    def __init__(self, rate: float | None) -> None:
        self._rate = rate
        self._free_at = time.monotonic()

    def passed(self, count: int) -> None:
        if self._rate is None:
            return
        now = time.monotonic()
        self._free_at = max(self._free_at, now - BURST / self._rate) + count / self._rate
        if self._free_at > now:
            time.sleep(self._free_at - now)


class Sink:
    def __init__(self, port: int, rate: float | None) -> None:
        self._rate = rate
        self._uploads: list[dict[str, float]] = []
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self._url = f"http://127.0.0.1:{port}"

    def serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._talk, args=[connection], daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        buffer = bytearray(BUFFER)
        line = Line(self._rate)
        with connection:
            rest = b""
            while True:
                while b"\r\n\r\n" not in rest:
                    block = connection.recv(65_536)
                    if not block:
                        return
                    rest += block
                head, _, rest = rest.partition(b"\r\n\r\n")
                first, *lines = head.decode("latin-1").split("\r\n")
                method, path, _ = first.split()
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (each.partition(":") for each in lines)
                }
                began = time.time()
                left = int(headers.get("content-length", 0)) - len(rest)
                line.passed(len(rest))
                rest = b""
                while left > 0:
                    count = connection.recv_into(buffer, min(left, BUFFER))
                    if not count:
                        return
                    left -= count
                    line.passed(count)
                if method == "PUT":
                    connection.sendall(self._took(headers, began))
                else:
                    connection.sendall(_json(self._say(path)))

    def _took(self, headers: dict[str, str], began: float) -> bytes:
        """The answer to a chunk; a body without Content-Range is a whole file."""
        chunk, _, size = headers.get("content-range", "bytes 0-0/1").split()[1].partition("/")
        first, last = (int(number) for number in chunk.split("-"))
        if first == 0:
            self._uploads.append({"began": began})
        is_last = last + 1 == int(size)
        if is_last:
            self._uploads[-1]["ended"] = time.time()
        status = "201 Created" if is_last else "206 Partial Content"
        return (
            f"HTTP/1.1 {status}\r\nContent-Range: bytes 0-{last}/{size}\r\n"
            "Content-Length: 0\r\n\r\n"
        ).encode()

    def _say(self, path: str) -> object:
        if path == "/uploads":
            return self._uploads
        data: dict[str, object] = {}
        if "creator_info" in path:
            data = dict(CREATOR)
        elif "init" in path:
            number = len(self._uploads)
            data = {"publish_id": f"sink-{number}", "upload_url": f"{self._url}/video/{number}"}
        elif "status" in path:
            data = {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [1]}
        return {"data": data, "error": {"code": "ok", "message": "", "log_id": "sink"}}


def _json(value: object) -> bytes:
    body = json.dumps(value).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
        len(body),
        body,
    )


if __name__ == "__main__":
    said = os.environ.get("SINK_BYTES_PER_SECOND")
    Sink(int(os.environ["SANDBOX_PORT"]), float(said) if said else None).serve()
