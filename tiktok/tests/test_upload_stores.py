"""An upload whose own store fails: TikTok must never take the rest for the file."""

import pytest

from tiktok.chunks import ChunkPlan
from tiktok.tests.upload_stage import Sending, StoredFile
from tiktok.upload_errors import SourceUnreadable

SIZE = 3_500_123


@pytest.fixture
def sending(tiktok):
    return Sending(StoredFile(SIZE), ChunkPlan(SIZE, 1_000_000, 3), tiktok.url, tiktok.url)


@pytest.mark.parametrize("error", [BrokenPipeError, ConnectionResetError, TimeoutError, KeyError])
def test_trouble_of_our_store_comes_out_as_it_is(tiktok, sending, error):
    class Broken(StoredFile):
        def blocks(self, first, last):
            yield self.bytes(first, first + 100)
            raise error("our disk")

    digest = sending.source.sha256
    sending.source, sending.expected_sha256 = Broken(SIZE), digest

    with pytest.raises(error, match="our disk"):
        sending.start()

    assert tiktok.received(1)[0].length <= 100


class Cropped(StoredFile):
    """Gives `more` bytes than it was asked for, or fewer."""

    def __init__(self, size, *, more):
        super().__init__(size)
        self.more = more

    def blocks(self, first, last):
        return super().blocks(first, last + self.more)


@pytest.mark.parametrize("more", [-1, -70_000, 1, 70_000])
@pytest.mark.parametrize("start", [0, 2])
def test_a_store_that_gives_too_little_or_too_much_is_found_out(tiktok, sending, more, start):
    digest = sending.source.sha256
    sending.source, sending.expected_sha256 = Cropped(SIZE, more=more), digest

    with pytest.raises(SourceUnreadable):
        sending.start(start)

    assert all(not request.complete for request in tiktok.requests)
    assert sending.guard.last_blocks == 0
    assert sending.source.open == 0
