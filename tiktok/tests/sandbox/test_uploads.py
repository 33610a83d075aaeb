"""PUT to the upload_url (Protocol 8.4, 8.5)."""

import http.client
import os
import threading
from urllib.parse import urlsplit

import pytest

from tiktok.tests.sandbox.caller import (
    CANCEL,
    FILM,
    VIDEO_INIT,
    begin_put,
    chunked,
    put,
    sha256,
    until,
)

CHUNK = 5_000_000
BIG_FILM = FILM + os.urandom(2 * CHUNK + 1_234_567 - len(FILM))  # two chunks, the last enlarged


def first_chunk():
    return BIG_FILM[:CHUNK]


def last_chunk():
    return BIG_FILM[CHUNK:]


@pytest.fixture
def big(alice):
    """The publish_id and upload_url of a video in two chunks."""
    body = {
        "post_info": {"privacy_level": "PUBLIC_TO_EVERYONE"},
        "source_info": chunked(len(BIG_FILM), CHUNK, 2),
    }
    return alice.post(VIDEO_INIT, body).data


@pytest.fixture
def small(alice):
    return alice.init().data


def send(data, piece, first, **headers):
    return put(data["upload_url"], piece, first, len(BIG_FILM), **headers)


def received(sandbox):
    """The bytes that each PUT has brought so far."""
    return [sent["bytes_received"] for sent in sandbox.uploads()[0]["puts"]]


def test_one_chunk_is_created(sandbox, alice, small):
    answer = put(small["upload_url"], FILM)

    size = len(FILM)
    assert (answer.status_code, answer.content) == (201, b"")
    assert answer.headers["Content-Range"] == f"bytes 0-{size - 1}/{size}"
    [upload] = sandbox.uploads()
    assert (upload["size"], upload["received"], upload["sha256"]) == (size, size, sha256(FILM))
    [sent] = upload["puts"]
    assert (sent["content_range"], sent["bytes_received"]) == (f"bytes 0-{size - 1}/{size}", size)
    assert (sent["status"], sent["has_authorization"], sent["running"]) == (201, False, False)
    assert sent["at"] <= sent["last_byte_at"] <= sent["ended_at"]


def test_chunks_go_in_order_and_arrive_unchanged(sandbox, alice, big):
    size = len(BIG_FILM)

    first = send(big, first_chunk(), 0)
    assert (first.status_code, first.headers["Content-Range"]) == (206, f"bytes 0-4999999/{size}")
    assert alice.status(big["publish_id"])["uploaded_bytes"] == CHUNK
    last = send(big, last_chunk(), CHUNK)
    assert (last.status_code, last.headers["Content-Range"]) == (201, f"bytes 0-{size - 1}/{size}")

    [video] = sandbox.videos()
    assert (video["size"], video["sha256"]) == (size, sha256(BIG_FILM))


def test_a_range_that_does_not_fit_the_progress_is_answered_with_it(big):
    size = len(BIG_FILM)
    early = send(big, last_chunk(), CHUNK)
    assert (early.status_code, early.headers["Content-Range"]) == (416, f"bytes */{size}")
    send(big, first_chunk(), 0)
    again = send(big, first_chunk(), 0)
    assert (again.status_code, again.headers["Content-Range"]) == (416, f"bytes 0-4999999/{size}")


@pytest.mark.parametrize(
    ("piece", "first"),
    [
        (BIG_FILM[: CHUNK - 1], 0),
        (BIG_FILM[: CHUNK + 1], 0),
        (BIG_FILM[1:CHUNK], 1),
        (BIG_FILM, 0),
    ],
    ids=["shorter", "longer", "shifted", "whole"],
)
def test_a_chunk_is_as_long_as_the_plan_says(big, piece, first):
    assert send(big, piece, first).status_code == 416


@pytest.mark.parametrize(
    "headers",
    [
        {"Content_Type": "application/octet-stream"},
        {"Content_Type": ""},
        {"Content_Range": ""},
        {"Content_Range": "bytes=0-4999999"},
        {"Content_Range": "bytes 0-4999999/*"},
        {"Content_Range": f"bytes 4999999-0/{len(BIG_FILM)}"},
        {"Content_Range": f"bytes 0-4999998/{len(BIG_FILM)}"},
        {"Content_Range": f"bytes 0-4999999/{len(BIG_FILM) + 1}"},
    ],
)
def test_wrong_headers_are_refused_and_the_chunk_can_be_sent_again(big, headers):
    assert send(big, first_chunk(), 0, **headers).status_code == 400
    assert send(big, first_chunk(), 0).status_code == 206


def test_a_body_without_a_length_is_refused(small):
    address = urlsplit(small["upload_url"])
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    headers = {"Content-Type": "video/mp4", "Content-Range": f"bytes 0-9/{len(FILM)}"}
    connection.request(
        "PUT",
        f"{address.path}?{address.query}",
        body=iter([b"12345", b"67890"]),
        headers=headers,
        encode_chunked=True,
    )
    assert connection.getresponse().status == 400
    connection.close()


@pytest.mark.parametrize("kind", ["video/mp4", "video/quicktime", "video/webm"])
def test_three_content_types_are_taken(small, kind):
    assert put(small["upload_url"], FILM, Content_Type=kind).status_code == 201


def test_an_address_lives_an_hour(sandbox, small):
    sandbox.change_settings(clock_offset_seconds=3_599)
    assert put(small["upload_url"], FILM[:-1], Content_Type="x").status_code == 400
    sandbox.change_settings(clock_offset_seconds=3_600)
    assert put(small["upload_url"], FILM).status_code == 403


def test_an_unknown_address_is_not_found(alice, small):
    assert put(small["upload_url"] + "x", FILM).status_code == 404
    assert put(small["upload_url"].replace("upload_id=", "upload_id=1"), FILM).status_code == 404
    assert put(small["upload_url"].partition("?")[0], FILM).status_code == 404
    assert alice.post(CANCEL, {"publish_id": small["publish_id"]}).code == "ok"
    assert put(small["upload_url"], FILM).status_code == 404


def test_what_is_complete_is_not_taken_twice(sandbox, small):
    put(small["upload_url"], FILM)
    again = put(small["upload_url"], FILM)
    assert again.status_code == 416
    assert again.headers["Content-Range"] == f"bytes 0-{len(FILM) - 1}/{len(FILM)}"
    assert len(sandbox.videos()) == 1


def test_the_upload_needs_no_token_and_notes_one_that_comes_along(sandbox, alice, small):
    sandbox.change_settings(clock_offset_seconds=7_201 - 3_600)
    put(small["upload_url"], FILM, Authorization="Bearer act.secret")
    [upload] = sandbox.uploads(small["publish_id"])
    assert [sent["has_authorization"] for sent in upload["puts"]] == [True]


def test_a_chunk_that_breaks_off_counts_for_nothing(sandbox, alice, big):
    send(big, first_chunk(), 0)
    half = last_chunk()[:1_000_000]
    connection = begin_put(
        big["upload_url"], half, CHUNK, len(BIG_FILM), declared=len(last_chunk())
    )
    until(lambda: received(sandbox) == [CHUNK, len(half)])
    assert sandbox.uploads()[0]["puts"][1]["running"] is True
    connection.close()

    until(lambda: not sandbox.uploads()[0]["puts"][1]["running"])
    cut = sandbox.uploads()[0]["puts"][1]
    assert (cut["status"], cut["bytes_received"]) == (None, 1_000_000)
    assert alice.status(big["publish_id"])["uploaded_bytes"] == CHUNK
    assert send(big, last_chunk(), CHUNK).status_code == 201
    assert sandbox.videos()[0]["sha256"] == sha256(BIG_FILM)


def test_of_two_senders_of_one_chunk_the_first_to_finish_counts(sandbox, big):
    frozen = begin_put(big["upload_url"], b"?" * 100_000, 0, len(BIG_FILM), declared=CHUNK)
    until(lambda: received(sandbox) == [100_000])

    assert send(big, first_chunk(), 0).status_code == 206
    assert send(big, last_chunk(), CHUNK).status_code == 201

    # It wakes up and sends on: what it sends is counted, and changes nothing.
    frozen.sendall(b"?" * (CHUNK - 100_000))
    assert frozen.recv(12) == b"HTTP/1.1 416"
    frozen.close()
    assert received(sandbox)[0] == CHUNK
    assert sandbox.uploads()[0]["sha256"] == sha256(BIG_FILM)


def test_many_send_the_same_chunk_at_once_and_one_is_taken(sandbox, small):
    statuses = []
    senders = [
        threading.Thread(target=lambda: statuses.append(put(small["upload_url"], FILM).status_code))
        for _ in range(8)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(statuses) == [201] + [416] * 7
    assert len(sandbox.videos()) == 1


def test_the_line_can_be_made_slow(sandbox, small):
    sandbox.change_settings(upload_bytes_per_second=8_000)
    put(small["upload_url"], FILM)
    [sent] = sandbox.uploads()[0]["puts"]
    assert sent["ended_at"] - sent["at"] >= 0.9 * len(FILM) / 8_000


def test_every_answer_can_be_made_late(sandbox, alice):
    sandbox.change_settings(latency_ms=150)
    alice.publish()
    [init] = sandbox.requests("video_init")
    [sent] = sandbox.uploads()[0]["puts"]
    assert init["ended_at"] - init["at"] >= 0.15
    assert sent["ended_at"] - sent["at"] >= 0.15


def test_no_half_chunk_is_left_behind(sandbox, tmp_path, big):
    begin_put(big["upload_url"], b"x" * 1_000, 0, len(BIG_FILM), declared=CHUNK).close()
    send(big, b"wrong", 3)
    until(lambda: all(not sent["running"] for sent in sandbox.uploads()[0]["puts"]))
    assert list((tmp_path / "state" / "incoming").iterdir()) == []
