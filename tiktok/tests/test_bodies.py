"""A body that is read while it leaves: nothing leaves that may not, and the last block last."""

import contextlib
import hashlib

import pytest

from tiktok.bodies import BodyCut, BodyReader, hash_before
from tiktok.tests.upload_stage import Guard, StopNow, StoredFile
from tiktok.upload_errors import SourceChanged, SourceUnreadable

SIZE = 300_000
FILE = StoredFile(SIZE, block=50_000)


def reader(first=0, last=SIZE - 1, **changes):
    parts = {"source": FILE, "guard": Guard(), "expected_sha256": FILE.sha256} | changes
    return BodyReader(parts.pop("source"), first=first, last=last, **parts)


def read_all(body, size):
    return list(iter(lambda: body.read(size), b""))


def read_until_cut(body):
    """What has left when the body is cut."""
    left = []
    with contextlib.suppress(BodyCut):
        while block := body.read(50_000):
            left.append(block)
    assert body.failure is not None
    return b"".join(left)


@pytest.mark.parametrize("size", [1_000, 49_999, 50_000, 50_001, 1_000_000])
def test_a_body_is_the_file_in_blocks_of_at_most_what_is_asked_for(size):
    body = reader()

    blocks = read_all(body, size)

    assert b"".join(blocks) == FILE.bytes(0, SIZE)
    assert max(map(len, blocks)) == min(size, 50_000)
    assert len(body) == SIZE
    assert body.is_exhausted
    assert body.read(size) == b""


def test_a_body_may_be_one_chunk_of_the_file():
    guard = Guard()
    body = reader(100_000, 199_999, guard=guard, hasher=hash_before(100_000, FILE, guard))

    blocks = read_all(body, 60_000)

    assert b"".join(blocks) == FILE.bytes(100_000, 200_000)
    assert len(body) == 100_000
    assert guard.last_blocks == 0
    assert body.last_block_left is False
    assert body.hasher.hexdigest() == hashlib.sha256(FILE.bytes(0, 200_000)).hexdigest()


def test_the_last_block_waits_for_the_guard():
    left = 0

    class Careful(Guard):
        def before_last_block(self):
            super().before_last_block()
            assert left == 250_000
            assert body.last_block_left is False

    guard = Careful()
    body = reader(guard=guard)
    for block in iter(lambda: body.read(1_000_000), b""):
        left += len(block)

    assert left == SIZE
    assert guard.last_blocks == 1
    assert body.last_block_left is True


def test_the_guard_is_asked_before_a_block_is_read_and_before_it_leaves():
    class Slow(StoredFile):
        def blocks(self, first, last):
            for block in super().blocks(first, last):
                guard.stop_when = lambda: True  # the lease ends while the store takes its time
                yield block

    guard = Guard()
    body = reader(source=Slow(SIZE), guard=guard)

    with pytest.raises(BodyCut):
        body.read(1_000)

    assert isinstance(body.failure, StopNow)
    assert guard.looks == 2


def test_after_a_stop_nothing_more_leaves():
    guard = Guard(stop_when=lambda: guard.looks > 3)
    body = reader(guard=guard)
    body.read(1_000)

    for _ in range(2):
        with pytest.raises(BodyCut):
            body.read(1_000)

    assert guard.looks == 4
    body.close()
    assert FILE.open == 0


def test_a_changed_file_keeps_its_last_block():
    guard = Guard()
    body = reader(guard=guard, expected_sha256=hashlib.sha256(b"another").hexdigest())

    assert len(read_until_cut(body)) == 250_000

    assert isinstance(body.failure, SourceChanged)
    assert guard.last_blocks == 0
    assert body.last_block_left is False


@pytest.mark.parametrize("size", [0, -1])
def test_nobody_reads_a_body_at_once(size):
    with pytest.raises(ValueError, match="in blocks"):
        reader().read(size)


def test_a_body_from_the_middle_needs_the_digest_of_what_came_before():
    with pytest.raises(ValueError, match="hasher"):
        reader(100_000)


class Strange(StoredFile):
    """Gives just these blocks, whatever it is asked for."""

    def __init__(self, *blocks):
        super().__init__(sum(map(len, blocks)))
        self.given = blocks

    def blocks(self, first, last):
        return iter(self.given)


def test_empty_blocks_mean_nothing():
    source = Strange(b"", b"abc", b"", b"", b"def", b"")
    digest = hashlib.sha256(b"abcdef").hexdigest()
    body = BodyReader(source, first=0, last=5, guard=Guard(), expected_sha256=digest)

    assert read_all(body, 1_000) == [b"abc", b"def"]


@pytest.mark.parametrize(
    ("last", "left"),
    [
        (6, b"abcdef"),  # ends early
        (4, b"abc"),  # the second block is too long
        (2, b""),  # one block too many
    ],
)
def test_a_store_is_found_out_before_the_end_leaves(last, left):
    source = Strange(b"abc", b"def")
    source.size = 100
    body = BodyReader(source, first=0, last=last, guard=Guard(), expected_sha256="0" * 64)

    assert read_until_cut(body) == left
    assert isinstance(body.failure, SourceUnreadable)


@pytest.mark.parametrize("position", [0, 1, 50_000, SIZE])
def test_the_digest_of_what_came_before(position):
    hasher = hash_before(position, FILE, Guard())

    assert hasher.hexdigest() == hashlib.sha256(FILE.bytes(0, position)).hexdigest()


@pytest.mark.parametrize(("position", "said"), [(7, "1 bytes too few"), (5, "1 bytes too many")])
def test_a_store_is_found_out_while_it_is_read_again(position, said):
    with pytest.raises(SourceUnreadable, match=said):
        hash_before(position, Strange(b"abc", b"def"), Guard())


def test_reading_again_ends_when_the_guard_says_so():
    with pytest.raises(StopNow):
        hash_before(SIZE, FILE, Guard(stop_when=lambda: True))

    assert FILE.open == 0
