"""Alice's browser plays a video, jumps to its middle, and comes back later."""

import os
from pathlib import Path

import pytest
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import RequestFactory

from posts.media.serving import range_response
from posts.media.sources import BLOCK, LocalSource

CONTENT = bytes(range(100))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "medium"
    path.write_bytes(CONTENT)
    return path


def ask(path: Path, method: str = "GET", filename: str | None = None, **headers: str):
    request = RequestFactory().generic(method, "/", headers=headers)
    return range_response(
        request, LocalSource(path), content_type="video/mp4", filename=filename, etag="abc"
    )


def body(response: HttpResponseBase) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        return response.getvalue()
    assert isinstance(response, HttpResponse)
    return response.content


def test_the_whole_video(path):
    response = ask(path)

    assert (response.status_code, body(response)) == (200, CONTENT)
    assert dict(response.items()) == {
        "Content-Type": "video/mp4",
        "Content-Length": "100",
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600",
        "Content-Disposition": "inline",
        "ETag": '"abc"',
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-", 0, 99),
        ("bytes=10-19", 10, 19),
        ("bytes=90-", 90, 99),
        ("bytes=90-1000", 90, 99),
        ("bytes=99-", 99, 99),
        ("bytes=-1", 99, 99),
        ("bytes=-100", 0, 99),
        ("bytes=-1000", 0, 99),
        ("Bytes=5-6", 5, 6),
    ],
)
def test_a_part_of_it(path, wanted, first, last):
    response = ask(path, Range=wanted)

    assert (response.status_code, body(response)) == (206, CONTENT[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/100"
    assert response["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("wanted", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_part_that_does_not_exist(path, wanted):
    response = ask(path, Range=wanted)

    assert (response.status_code, body(response)) == (416, b"")
    assert response["Content-Range"] == "bytes */100"


@pytest.mark.parametrize(
    "wanted",
    [
        "bytes=5-4",
        "bytes=-",
        "bytes=",
        "bytes=a-b",
        "seconds=1-2",
        "bytes=0-1,5-6",
        "bytes=+1-2",
        f"bytes={'9' * 5000}-",
        f"bytes=-{'9' * 5000}",
        "",
    ],
)
def test_what_makes_no_sense_gets_the_whole(path, wanted):
    response = ask(path, Range=wanted)

    assert (response.status_code, body(response)) == (200, CONTENT)
    assert "Content-Range" not in response


def test_a_part_goes_on_only_if_it_is_still_the_same_video(path):
    same = ask(path, Range="bytes=50-", **{"If-Range": '"abc"'})
    changed = ask(path, Range="bytes=50-", **{"If-Range": '"older"'})
    dated = ask(path, Range="bytes=50-", **{"If-Range": "Sun, 22 Nov 2026 12:00:00 GMT"})

    assert (same.status_code, body(same)) == (206, CONTENT[50:])
    assert (changed.status_code, body(changed)) == (200, CONTENT)
    assert (dated.status_code, body(dated)) == (200, CONTENT)


@pytest.mark.parametrize("known", ['"abc"', 'W/"abc"', '"older", "abc"', "*"])
def test_a_browser_that_has_it_already_gets_nothing(path, known):
    response = ask(path, Range="bytes=0-9", **{"If-None-Match": known})

    assert (response.status_code, body(response)) == (304, b"")
    assert response["ETag"] == '"abc"'


def test_a_browser_that_has_another_version_gets_it(path):
    assert ask(path, **{"If-None-Match": '"older"'}).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "status", "length"), [("", 200, "100"), ("bytes=10-19", 206, "10")]
)
def test_head_says_what_get_would_say_without_the_bytes(path, wanted, status, length):
    response = ask(path, "HEAD", Range=wanted)

    assert (response.status_code, body(response)) == (status, b"")
    assert response["Content-Length"] == length


@pytest.mark.parametrize(
    ("filename", "disposition"),
    [
        ("Sunrise.mp4", 'inline; filename="Sunrise.mp4"'),
        ('say "hi".mp4', 'inline; filename="say \\"hi\\".mp4"'),
        ("../../x.mp4\r\nSet-Cookie: a=b", 'inline; filename="x.mp4 Set-Cookie: a=b"'),
        ("Köln 🌅.mp4", "inline; filename*=utf-8''K%C3%B6ln%20%F0%9F%8C%85.mp4"),
    ],
)
def test_a_name_can_not_break_out_of_its_header(path, filename, disposition):
    assert ask(path, filename=filename)["Content-Disposition"] == disposition


def test_an_empty_file_is_served_too(path):
    path.write_bytes(b"")

    assert (ask(path).status_code, body(ask(path))) == (200, b"")
    assert ask(path)["Content-Length"] == "0"
    assert ask(path, Range="bytes=0-").status_code == 416


@pytest.mark.django_db  # the end of an answer lets Django look after its connections
def test_a_browser_that_goes_away_stops_the_reading(path):
    path.write_bytes(bytes(3 * BLOCK))
    response = ask(path)
    assert isinstance(response, StreamingHttpResponse)
    assert next(iter(response)) == bytes(BLOCK)
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    [opened] = [link for link in links if os.readlink(link) == str(path)]

    response.close()

    assert not opened.is_symlink() or os.readlink(opened) != str(path)
