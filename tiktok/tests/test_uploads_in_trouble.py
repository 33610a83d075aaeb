"""An upload that is cut, stopped, delayed or misunderstood: what is known then, and what is not."""

import threading

import pytest

from tiktok.chunks import ChunkPlan, plan
from tiktok.tests.scripted_server import Reply
from tiktok.tests.upload_stage import Guard, Sending, StopNow, StoredFile, taken
from tiktok.upload_errors import Interrupted, LastAnswerLost
from tiktok.uploads import Outcome

SIZE = 3_500_123
CHUNKS = ChunkPlan(SIZE, 1_000_000, 3)


@pytest.fixture
def sending(tiktok):
    return Sending(StoredFile(SIZE), CHUNKS, f"{tiktok.url}/video/?token=hush", tiktok.url)


def ranges(tiktok):
    return [request.headers["content-range"].split("/")[0] for request in tiktok.requests]


FIRST, SECOND, LAST = "bytes 0-999999", "bytes 1000000-1999999", "bytes 2000000-3500122"


@pytest.mark.parametrize("cut", [Reply(hang_up_after=0), Reply(hang_up_after=300_000)])
def test_a_line_cut_in_mid_chunk_is_an_interruption(tiktok, sending, cut):
    tiktok.will(taken(999_999, SIZE), cut)

    with pytest.raises(Interrupted) as interrupted:
        sending.start()

    assert interrupted.value.confirmed == 1_000_000
    assert interrupted.value.retryable is True
    assert sending.confirmed == [1_000_000]
    assert sending.guard.last_blocks == 0
    assert sending.source.open == 0


def test_a_lost_answer_to_a_chunk_in_the_middle_is_an_interruption(tiktok, sending):
    tiktok.will(Reply(silent=True))

    with pytest.raises(Interrupted) as interrupted:
        sending.start()

    assert interrupted.value.confirmed == 0
    assert ranges(tiktok) == [FIRST]


def test_a_tiktok_that_went_away_before_the_last_chunk_has_not_got_it(tiktok, sending):
    tiktok.will(Reply(hang_up_after=0))
    sending.source, sending.chunks = StoredFile(40_000_000), plan(40_000_000)

    with pytest.raises(Interrupted):
        sending.start()

    assert sending.guard.last_blocks == 0


def nobody_listens(sending):
    sending.url = sending.api_url = "http://127.0.0.1:1"


def test_a_tiktok_that_does_not_listen_has_got_nothing(sending):
    nobody_listens(sending)

    with pytest.raises(Interrupted):
        sending.start(2)

    assert sending.guard.last_blocks == 0


@pytest.mark.parametrize(
    "reply",
    [
        Reply(silent=True),
        Reply(500, b"oops"),
        Reply(502, b"<html>"),
        Reply(429),
        Reply(302, b"", {"Location": "/"}),
        Reply(416),
        taken(1_999_999, SIZE, status=416),
        taken(1_999_999, SIZE, status=206),
    ],
)
def test_after_the_last_block_an_unclear_answer_is_never_repeated(tiktok, sending, reply):
    tiktok.will(reply, Reply(201))

    with pytest.raises(LastAnswerLost) as lost:
        sending.start(2)

    assert lost.value.retryable is False
    assert lost.value.outcome_known is False
    assert sending.guard.last_blocks == 1
    assert ranges(tiktok) == [LAST]


def test_a_last_answer_that_takes_too_long_is_lost(tiktok, sending):
    release = threading.Event()
    tiktok.will(Reply(201, after=release))
    sending.timeout = (5.0, 0.1)

    with pytest.raises(LastAnswerLost):
        sending.start(2)
    release.set()


def test_a_whole_file_in_one_chunk_can_lose_its_only_answer(tiktok, sending):
    tiktok.will(Reply(silent=True))
    sending.source, sending.chunks = StoredFile(100_000), plan(100_000)

    with pytest.raises(LastAnswerLost):
        sending.start()


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 429])
def test_trouble_at_tiktok_means_the_same_chunk_again(tiktok, sending, status):
    tiktok.will(Reply(206), Reply(status), Reply(status, b"oops"), Reply(206), Reply(201))

    assert sending.start() is Outcome.COMPLETE

    assert ranges(tiktok) == [FIRST, SECOND, SECOND, SECOND, LAST]
    assert {request.sha256 for request in tiktok.requests[1:4]} == {tiktok.requests[1].sha256}


def test_trouble_that_does_not_end_is_an_interruption(tiktok, sending):
    tiktok.will(Reply(206), *[Reply(503, b"", {"Retry-After": "20"})] * 3, Reply(206))

    with pytest.raises(Interrupted) as interrupted:
        sending.start()

    assert interrupted.value.confirmed == 1_000_000
    assert interrupted.value.http_status == 503
    assert interrupted.value.retry_after == 20
    assert ranges(tiktok) == [FIRST, SECOND, SECOND, SECOND]


def test_a_pause_ends_when_the_guard_says_so(tiktok, sending):
    tiktok.will(Reply(503))
    sending.pauses = (3_600.0,)
    sending.guard = Guard(stop_when=lambda: len(tiktok.requests) == 1)

    with pytest.raises(StopNow):
        sending.start()

    assert ranges(tiktok) == [FIRST]


def test_416_means_going_on_from_where_tiktok_is(tiktok, sending):
    tiktok.will(taken(1_999_999, SIZE, status=416), Reply(201))

    assert sending.start() is Outcome.COMPLETE

    assert ranges(tiktok) == [FIRST, LAST]
    assert sending.confirmed == [2_000_000, SIZE]


def test_416_may_mean_going_back(tiktok, sending):
    tiktok.will(taken(0, SIZE, status=416), *[Reply(206)] * 2, Reply(201))

    assert sending.start(1) is Outcome.COMPLETE

    assert ranges(tiktok) == [SECOND, FIRST, SECOND, LAST]
    assert sending.confirmed == [0, 1_000_000, 2_000_000, SIZE]


def test_206_may_say_that_a_chunk_is_missing(tiktok, sending):
    tiktok.will(taken(0, SIZE), Reply(206), Reply(206), Reply(201))

    assert sending.start() is Outcome.COMPLETE
    assert ranges(tiktok) == [FIRST, FIRST, SECOND, LAST]


@pytest.mark.parametrize("uploaded", [SIZE - 1, SIZE])
def test_416_with_everything_there_must_be_confirmed(tiktok, sending, uploaded):
    tiktok.will(taken(uploaded, SIZE, status=416))

    assert sending.start(1) is Outcome.TO_CONFIRM

    assert sending.guard.last_blocks == 0


def test_a_416_that_says_nothing_needs_the_status(tiktok, sending):
    tiktok.will(Reply(416))

    with pytest.raises(Interrupted) as interrupted:
        sending.start(1)

    assert interrupted.value.confirmed == 1_000_000


def test_201_before_the_last_chunk_must_be_confirmed(tiktok, sending):
    tiktok.will(Reply(201))

    assert sending.start() is Outcome.TO_CONFIRM
    assert ranges(tiktok) == [FIRST]


def test_a_tiktok_that_never_agrees_is_not_asked_for_ever(tiktok, sending):
    tiktok.will(*[taken(0, SIZE, status=416)] * 20)

    with pytest.raises(Interrupted) as interrupted:
        sending.start()

    assert ranges(tiktok) == [FIRST] * 4
    assert interrupted.value.http_status == 416


def test_an_acceptance_of_half_a_file_is_not_believed(tiktok, sending):
    tiktok.will(Reply(201, early=True, drains=False))
    sending.source, sending.chunks = StoredFile(60_000_000), plan(60_000_000)

    with pytest.raises(Interrupted) as interrupted:
        sending.start()

    assert interrupted.value.confirmed == 0
    assert sending.confirmed == []


def test_a_guard_stops_a_chunk_in_the_middle(tiktok, sending):
    guard = sending.guard = Guard()
    guard.stop_when = lambda: guard.looks > 20

    with pytest.raises(StopNow, match="the lease is gone"):
        sending.start()

    [cut] = tiktok.received(1)
    assert cut.complete is False
    assert 0 < cut.length < 1_000_000
    assert sending.confirmed == []
    assert sending.source.open == 0


def test_a_guard_that_stops_before_the_last_block_keeps_it_here(tiktok, sending):
    sending.guard = Guard(stop_before_last=True)

    with pytest.raises(StopNow, match="canceled"):
        sending.start(2)

    [cut] = tiktok.received(1)
    assert cut.complete is False
    assert cut.length <= 1_500_123 - 1
    assert sending.guard.last_blocks == 1


def test_what_the_ledger_raises_stops_the_upload(tiktok, sending):
    class Ledger(list):
        def append(self, count):
            raise StopNow("somebody else has taken over")

    tiktok.will(Reply(206))
    sending.confirmed = Ledger()

    with pytest.raises(StopNow, match="taken over"):
        sending.start()

    assert ranges(tiktok) == [FIRST]
