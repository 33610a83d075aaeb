"""What leaves the house when SENTRY_DSN is set: a real process reports to a real socket."""

import gzip
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings

# Each secret is made when it runs: the lines of the program itself are told.
PROGRAM = """
import logging
import django
import requests
import sentry_sdk

django.setup()

from django.test import Client
from tiktok import oauth

def secret(name):
    return name[::-1].upper()

def refresh():
    refresh_token = secret("in-a-variable")
    try:
        requests.put("http://127.0.0.1:1/video/?upload_token=" + secret("in-an-address"), timeout=1)
    except requests.ConnectionError:
        raise RuntimeError("the refresh broke") from None

try:
    refresh()
except RuntimeError:
    logging.getLogger("tiktok").exception("it broke")

def broken(state):
    raise RuntimeError("the callback broke")

oauth.take = broken
browser = Client(raise_request_exception=False, headers={"host": "localhost"})
browser.get("/api/v1/auth/tiktok/callback", {"state": "known", "code": secret("in-a-query")})
browser.get(
    "/api/v1/auth/tiktok/callback",
    {"state": "known"},
    headers={"referer": "http://localhost/?code=" + secret("in-a-header")},
)
from posts.models import PulledMedia

def broken_too(secret):
    raise RuntimeError("the fetch broke")

PulledMedia.behind = broken_too
browser.get("/pulled/" + secret("in-a-path") + "/1.jpg")
sentry_sdk.flush()
"""


@pytest.fixture
def sentry():
    """A server that takes everything; the address, and what has arrived."""
    arrived: list[str] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            zipped = self.headers.get("Content-Encoding") == "gzip"
            arrived.append((gzip.decompress(body) if zipped else body).decode())
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Take) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://key@127.0.0.1:{server.server_port}/1", arrived
        server.shutdown()


@pytest.mark.django_db
def test_a_report_says_what_broke_and_opens_no_door(sentry):
    address, arrived = sentry

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=settings.BASE_DIR,
        env=os.environ | {"SENTRY_DSN": address, "DJANGO_SETTINGS_MODULE": "scheduler.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    told = "".join(arrived)
    assert "the refresh broke" in told
    assert "the callback broke" in told
    assert "the fetch broke" in told
    hidden = ["in-a-variable", "in-an-address", "in-a-query", "in-a-header", "in-a-path"]
    assert [name for name in hidden if name[::-1].upper() in told] == []
