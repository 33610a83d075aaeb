"""An upload over a real socket, when everything goes well or TikTok says clearly what is wrong."""

import hashlib
import logging
import tracemalloc

import pytest

from tiktok.chunks import ChunkPlan, plan
from tiktok.tests.scripted_server import Reply, ScriptedServer
from tiktok.tests.upload_stage import Guard, Sending, StopNow, StoredFile, taken
from tiktok.upload_errors import (
    AddressNotTrusted,
    Interrupted,
    SourceChanged,
    UploadExpired,
    UploadRefused,
)
from tiktok.uploads import Outcome

SIZE = 2_500_123
CHUNKS = ChunkPlan(SIZE, 1_000_000, 2)  # the last chunk is larger than the first


@pytest.fixture
def sending(tiktok):
    return Sending(StoredFile(SIZE), CHUNKS, f"{tiktok.url}/video/?upload_token=hush", tiktok.url)


def test_chunks_arrive_in_order_and_are_the_file(tiktok, sending):
    tiktok.will(taken(999_999, SIZE), taken(SIZE - 1, SIZE, status=201))

    assert sending.start() is Outcome.COMPLETE

    assert sending.confirmed == [1_000_000, SIZE]
    assert sending.guard.last_blocks == 1
    assert [request.method for request in tiktok.requests] == ["PUT", "PUT"]
    assert {request.path for request in tiktok.requests} == {"/video/?upload_token=hush"}
    assert [request.headers["content-range"] for request in tiktok.requests] == [
        f"bytes 0-999999/{SIZE}",
        f"bytes 1000000-2500122/{SIZE}",
    ]
    assert [request.headers["content-length"] for request in tiktok.requests] == [
        "1000000",
        "1500123",
    ]
    assert b"".join(request.body for request in tiktok.requests) == sending.source.bytes(0, SIZE)
    for request in tiktok.requests:
        assert request.headers["content-type"] == "video/mp4"
        assert "authorization" not in request.headers
        assert "transfer-encoding" not in request.headers
    assert tiktok.connections == 1


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 1_048_576, 1_048_577, 3_000_000])
@pytest.mark.parametrize("block", [65_536, 3 * 1_048_576])
def test_a_small_file_goes_whole_whatever_the_size_of_a_block(tiktok, sending, size, block):
    tiktok.will(Reply(201))
    sending.source, sending.chunks = StoredFile(size, block=block), plan(size)

    assert sending.start() is Outcome.COMPLETE

    [request] = tiktok.requests
    assert request.headers["content-range"] == f"bytes 0-{size - 1}/{size}"
    assert request.sha256 == sending.source.sha256
    assert sending.guard.last_blocks == 1


@pytest.mark.parametrize("answered", [999_999, 1_000_000])
def test_a_count_and_a_last_index_mean_the_same(tiktok, sending, answered):
    tiktok.will(taken(answered, SIZE), Reply(201))

    assert sending.start() is Outcome.COMPLETE
    assert len(tiktok.requests) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Range": "nonsense"},
        {"Content-Range": f"bytes 0-17/{SIZE + 1}"},  # of another file
        {"Content-Range": "bytes 1000000-999999999999999999999999/*"},
    ],
)
def test_an_answer_without_a_readable_range_is_taken_at_its_status(tiktok, sending, headers):
    tiktok.will(Reply(206, b"", headers), Reply(201))

    assert sending.start() is Outcome.COMPLETE
    assert sending.confirmed == [1_000_000, SIZE]


def test_an_undocumented_200_is_accepted_but_must_be_confirmed(tiktok, sending):
    tiktok.will(Reply(200, b"ok"), Reply(200, b"ok"))

    assert sending.start() is Outcome.TO_CONFIRM
    assert sending.confirmed == [1_000_000, SIZE]


def test_206_to_everything_must_be_confirmed(tiktok, sending):
    tiktok.will(taken(999_999, SIZE), taken(SIZE - 1, SIZE))

    assert sending.start() is Outcome.TO_CONFIRM


def test_an_upload_goes_on_where_it_stopped(tiktok, sending):
    tiktok.will(Reply(201))

    assert sending.start(1) is Outcome.COMPLETE

    [request] = tiktok.requests
    assert request.headers["content-range"] == f"bytes 1000000-2500122/{SIZE}"
    assert request.body == sending.source.bytes(1_000_000, SIZE)


def test_with_everything_there_nothing_is_sent(tiktok, sending):
    assert sending.start(2) is Outcome.TO_CONFIRM
    assert tiktok.requests == []


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize(("start", "last_block_sent"), [(0, False), (1, True)])
def test_a_dead_address_is_told(tiktok, sending, status, start, last_block_sent):
    tiktok.will(Reply(status, b"expired"))

    with pytest.raises(UploadExpired) as dead:
        sending.start(start)

    assert dead.value.http_status == status
    assert dead.value.last_block_sent is last_block_sent
    assert len(tiktok.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 405, 413])
def test_a_refusal_is_not_repeated(tiktok, sending, status):
    tiktok.will(Reply(status, b"bad headers"))

    with pytest.raises(UploadRefused) as refused:
        sending.start()

    assert refused.value.http_status == status
    assert len(tiktok.requests) == 1


@pytest.mark.parametrize("location", ["/elsewhere/", "http://[broken"])
def test_no_byte_follows_a_redirect(tiktok, sending, location):
    tiktok.will(Reply(307, b"", {"Location": location}))

    with pytest.raises(UploadRefused):
        sending.start()

    assert len(tiktok.requests) == 1


def test_a_refusal_that_comes_before_the_bytes_is_heard(tiktok, sending):
    tiktok.will(Reply(403, b"expired", early=True))
    sending.source, sending.chunks = StoredFile(20_000_000), plan(20_000_000)

    with pytest.raises(UploadExpired):
        sending.start()


def test_a_file_that_is_not_the_approved_one_never_arrives_whole(tiktok, sending):
    tiktok.will(taken(999_999, SIZE), Reply(201))
    sending.expected_sha256 = StoredFile(SIZE, salt=b"approved").sha256

    with pytest.raises(SourceChanged):
        sending.start()

    last = tiktok.received(2)[1]
    assert last.complete is False
    assert last.length < 1_500_123
    assert sending.guard.last_blocks == 0


def test_a_file_that_changed_while_we_were_away_never_arrives_whole(tiktok, sending):
    sending.expected_sha256 = sending.source.sha256
    sending.source = StoredFile(SIZE, salt=b"other")

    with pytest.raises(SourceChanged):
        sending.start(1)

    assert tiktok.received(1)[0].complete is False


def test_a_digest_in_capitals_is_the_same_digest(tiktok, sending):
    tiktok.will(Reply(206), Reply(201))
    sending.expected_sha256 = sending.source.sha256.upper()

    assert sending.start() is Outcome.COMPLETE


def test_a_file_of_another_size_is_not_even_begun(tiktok, sending):
    sending.source = StoredFile(SIZE + 1)

    with pytest.raises(SourceChanged):
        sending.start()

    assert tiktok.requests == []


def test_no_byte_goes_to_a_stranger(tiktok, sending):
    sending.api_url = "https://open.tiktokapis.com"

    with pytest.raises(AddressNotTrusted) as refused:
        sending.start()

    assert tiktok.requests == []
    assert "hush" not in str(refused.value)


def test_who_may_send_no_block_begins_no_request(tiktok, sending):
    sending.guard = Guard(stop_when=lambda: True)

    with pytest.raises(StopNow):
        sending.start()

    assert tiktok.connections == 0


def test_logs_and_errors_keep_the_address_secret(tiktok, sending, caplog):
    caplog.set_level(logging.DEBUG)
    tiktok.will(Reply(503), Reply(503, b"oops"), Reply(hang_up_after=0))

    with pytest.raises(Interrupted) as lost:
        sending.start()

    assert "hush" not in caplog.text
    assert "hush" not in f"{lost.value!r} {lost.value.__cause__!r} {lost.value.__context__!r}"
    assert f"HTTP 503 to bytes 0-999999/{SIZE}: b'oops'" in caplog.text
    assert "chunk 1 of 2: " in caplog.text


def test_memory_does_not_grow_with_the_file():
    """64,000,000 bytes in one chunk; sender and receiver together keep some blocks of them."""
    size = 64_000_000
    source = StoredFile(size, block=262_144)
    digest = source.sha256
    with ScriptedServer(Reply(201), keep_bodies=False) as tiktok:
        sending = Sending(source, plan(size), tiktok.url, tiktok.url, expected_sha256=digest)
        tracemalloc.start()
        try:
            sending.start()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert tiktok.requests[0].sha256 == digest

    assert peak < 6_000_000


def test_the_stage_itself_is_sound():
    stored = StoredFile(10_000, block=3_000)
    whole = b"".join(stored.blocks(0, 9_999))

    assert len(whole) == 10_000
    assert whole == stored.bytes(0, 10_000)
    assert b"".join(stored.blocks(4_000, 4_999)) == whole[4_000:5_000]
    assert hashlib.sha256(whole).hexdigest() == stored.sha256
    assert stored.open == 0
