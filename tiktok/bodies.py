"""The body of one PUT: a chunk that is read while it leaves, block by block (Protocol 8.6)."""

import hashlib
from collections.abc import Generator, Iterator
from typing import Protocol

from tiktok.hashing import Hasher
from tiktok.upload_errors import SourceChanged, SourceUnreadable

BLOCK_BYTES = 1_048_576  # http.client's 16 KiB would cost a call for each, and a look at the lease


class Source(Protocol):
    """A stored file. It must be the same bytes each time it is read."""

    @property
    def size(self) -> int: ...  # bytes

    def blocks(self, first: int, last: int) -> Iterator[bytes]:
        """The bytes from `first` to `last`, both included, in blocks of a bounded size.

        A generator is closed when it is no longer needed.
        """
        ...


class Guard(Protocol):
    """Says, by raising, that nothing more may leave. What it raises comes out of the upload."""

    def before_block(self) -> None:
        """Called often: before a request begins, before and after a block is read, in pauses."""
        ...

    def before_last_block(self) -> None:
        """Called once, before the block with the very last byte of the file leaves.

        Until it has returned nothing can appear at TikTok; afterwards everything can.
        """
        ...


class BodyCut(Exception):
    """Leaves `read` in place of what really happened, which is in the reader's `failure`.

    urllib3 takes an OSError for the network's and may go on without the rest of the body.
    """


class BodyReader:
    """Bytes `first` to `last` of `source` as a file for `requests`, of which it knows the length.

    `hasher` has been fed with everything before `first`, and is fed on with what leaves; it may be
    left out when `first` is 0. Before the last block of the file leaves, its digest must be
    `expected_sha256` (hex); otherwise SourceChanged, and TikTok never has the whole file.
    """

    def __init__(
        self,
        source: Source,
        *,
        first: int,
        last: int,
        guard: Guard,
        expected_sha256: str,
        hasher: Hasher | None = None,
    ) -> None:
        if hasher is None and first > 0:
            raise ValueError("a body that begins inside of the file needs a hasher fed so far")
        self.hasher: Hasher = hasher or hashlib.sha256()
        self.failure: BaseException | None = None  # why the body was cut
        self.last_block_left = False  # the last byte of the file may be on its way
        self._source = source
        self._guard = guard
        self._expected_sha256 = expected_sha256.lower()
        self._first, self._position, self._end = first, first, last + 1
        self._blocks: Iterator[bytes] | None = None
        self._rest = b""  # of a block that was larger than what was asked for

    def __len__(self) -> int:
        return self._end - self._first

    @property
    def is_exhausted(self) -> bool:
        return self._position == self._end

    def read(self, size: int = BLOCK_BYTES) -> bytes:
        """At most `size` bytes, at the end none. Raises BodyCut when no more may leave."""
        if size < 1:
            raise ValueError("a body is read in blocks, never at once")
        if self.failure is not None:
            raise BodyCut
        try:
            return self._next_block(size)
        except BaseException as error:
            self.failure = error
            raise BodyCut from error

    def close(self) -> None:
        """Let go of the source."""
        _close(self._blocks)

    def _next_block(self, size: int) -> bytes:
        if self.is_exhausted:
            return b""
        self._guard.before_block()
        if not self._rest:
            self._rest = self._read_source()
        block, self._rest = self._rest[:size], self._rest[size:]
        self._position += len(block)
        if self.is_exhausted:
            self._expect_the_end()
        self.hasher.update(block)
        self._guard.before_block()  # reading may have taken long
        if self._position == self._source.size:
            self._let_the_last_block_go()
        return block

    def _read_source(self) -> bytes:
        if self._blocks is None:
            self._blocks = self._source.blocks(self._first, self._end - 1)
        for block in self._blocks:
            if len(block) > self._end - self._position:
                raise SourceUnreadable(f"more than the {len(self)} bytes that were asked for")
            if block:
                return block
        raise SourceUnreadable(f"ended {self._end - self._position} bytes early")

    def _expect_the_end(self) -> None:
        if self._blocks is not None and any(self._blocks):
            raise SourceUnreadable(f"more than the {len(self)} bytes that were asked for")

    def _let_the_last_block_go(self) -> None:
        if self.hasher.hexdigest() != self._expected_sha256:
            raise SourceChanged("the file's SHA-256 is not the approved one")
        self._guard.before_last_block()
        self.last_block_left = True


def hash_before(position: int, source: Source, guard: Guard) -> Hasher:
    """A hasher fed with everything before `position`, for an upload that goes on from there.

    What left earlier is gone, so this reads the file again: only so can the last block be held
    back when the file as a whole is not the approved one.
    """
    hasher = hashlib.sha256()
    if position == 0:
        return hasher
    missing = position
    blocks = source.blocks(0, position - 1)
    try:
        for block in blocks:
            guard.before_block()
            hasher.update(block)
            missing -= len(block)
    finally:
        _close(blocks)
    if missing:
        raise SourceUnreadable(f"{abs(missing)} bytes too {'few' if missing > 0 else 'many'}")
    return hasher


def _close(blocks: Iterator[bytes] | None) -> None:
    """End a generator, so that its file or connection is closed now and not some time later."""
    if isinstance(blocks, Generator):
        blocks.close()
