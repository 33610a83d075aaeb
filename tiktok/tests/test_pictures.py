"""A creator's picture is copied with care: it comes from an address that somebody else chose."""

import gzip
import io
import socket
import threading
import time

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from tiktok.oauth import pictures
from tiktok.oauth.pictures import copy_picture, discard_picture, is_acceptable
from tiktok.tests.scripted_server import Reply, ScriptedServer


def drawing(kind="PNG", size=(300, 200), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


@pytest.fixture
def tiktok(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    with ScriptedServer() as server:
        settings.TIKTOK_API_URL = server.url
        yield server


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_redrawn_in_our_own_size(tiktok, kind):
    tiktok.will(Reply(body=drawing(kind)))

    name = copy_picture(f"{tiktok.url}/face")

    with default_storage.open(name) as file, Image.open(file) as copy:
        assert (copy.format, copy.size) == ("PNG", (256, 256))
    [request] = tiktok.requests
    assert "authorization" not in request.headers
    discard_picture(name)
    assert not default_storage.exists(name)


def test_nothing_of_theirs_is_in_our_copy(tiktok):
    hidden = drawing("JPEG", comment=b"<script>alert(1)</script>") + b"<html>and more</html>"
    tiktok.will(Reply(body=hidden))

    with default_storage.open(copy_picture(f"{tiktok.url}/face")) as file:
        content = file.read()

    assert b"script" not in content
    assert b"html" not in content


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, b"gone"),
        Reply(302, headers={"Location": "http://127.0.0.1:1/secret"}),
        Reply(body=b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        Reply(body=b"<html>Log in to the guest network</html>"),
        Reply(body=b""),
        Reply(body=drawing()[:100]),
        Reply(body=drawing("GIF")),
        Reply(body=drawing(size=(5000, 10))),
        Reply(body=b"x" * (pictures.LARGEST + 1)),
        Reply(body=gzip.compress(drawing()), headers={"Content-Encoding": "gzip"}),
        Reply(silent=True),
    ],
    ids=[
        "gone",
        "sent elsewhere",
        "svg",
        "html",
        "empty",
        "cut off",
        "gif",
        "huge edge",
        "huge file",
        "compressed",
        "no answer",
    ],
)
def test_anything_else_is_no_picture(tiktok, reply):
    tiktok.will(reply)

    assert copy_picture(f"{tiktok.url}/face") == ""

    assert len(tiktok.received(1)) == 1  # no second request, wherever it might lead


def test_a_picture_that_does_not_come_is_given_up(tiktok, monkeypatch):
    monkeypatch.setattr(pictures, "TIMEOUT", (1, 0.2))
    ever = threading.Event()
    tiktok.will(Reply(body=drawing(), after=ever))

    assert copy_picture(f"{tiktok.url}/face") == ""
    ever.set()


def test_a_picture_that_trickles_in_is_given_up(settings, monkeypatch):
    monkeypatch.setattr(pictures, "LONGEST", 0.3)
    given_up = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        settings.TIKTOK_API_URL = f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread = threading.Thread(target=_trickle, args=[listening, given_up])
        thread.start()
        began = time.monotonic()

        assert copy_picture(f"{settings.TIKTOK_API_URL}/face") == ""

        assert time.monotonic() - began < 5
        given_up.set()
        thread.join()


def _trickle(listening: socket.socket, given_up: threading.Event) -> None:
    """A byte every 20 ms, for as long as anybody listens."""
    connection, _ = listening.accept()
    with connection:
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not given_up.wait(0.02):
            try:
                connection.sendall(b"x")
            except OSError:
                return


@pytest.mark.parametrize(
    ("url", "acceptable"),
    [
        ("https://p16-sign-va.tiktokcdn.com/face.jpeg?x-expires=1", True),
        ("http://p16-sign-va.tiktokcdn.com/face.jpeg", False),
        ("https://127.0.0.1/face", False),
        ("https://[::1]/face", False),
        ("https://169.254.169.254/latest/meta-data/", False),
        ("https://10.0.0.7/face", False),
        ("https://localhost/face", False),
        ("https://admin.localhost/face", False),
        ("https://database/face", False),
        ("file:///etc/passwd", False),
        ("ftp://example.com/face", False),
        ("//example.com/face", False),
        ("", False),
        ("http://127.0.0.1:8900/avatars/alice.png", True),
        ("http://127.0.0.1:8901/avatars/alice.png", False),
        ("https://[broken/face", False),
        (r"https://127.0.0.1\@p16-sign-va.tiktokcdn.com/face", False),
        (r"https://127.0.0.1\.tiktokcdn.com/face", False),
        ("https://somebody@p16-sign-va.tiktokcdn.com/face", False),
    ],
)
def test_only_addresses_in_the_open_are_asked(settings, url, acceptable):
    settings.TIKTOK_API_URL = "http://127.0.0.1:8900"

    assert is_acceptable(url) is acceptable
