"""How a file is cut into chunks, so that TikTok takes it under every reading (Protocol 8.2)."""

from dataclasses import dataclass

from tiktok.errors import RefusedHere
from tiktok.limits import CHUNK_BYTES, VIDEO_MAX_BYTES, WHOLE_MAX_BYTES


@dataclass(frozen=True, slots=True)
class ChunkPlan:
    """Store it with the attempt: an upload goes on by the plan it was announced with.

    All figures but `count` are bytes, all indexes count from 0, all bounds are inclusive.
    """

    size: int
    chunk_size: int
    count: int

    def __post_init__(self) -> None:
        # TikTok's arithmetic: rounded down, so the last chunk takes the remainder (8.1, 1), and
        # a single chunk is the whole file (8.1, 7).
        whole = self.count == 1 and self.chunk_size == self.size
        cut = self.count > 1 and self.chunk_size > 0 and self.count == self.size // self.chunk_size
        if self.size < 1 or not (whole or cut):
            raise ValueError(
                f"{self.count} chunks of {self.chunk_size} bytes do not make {self.size} bytes"
            )

    def first(self, index: int) -> int:
        """Where chunk `index` begins; for `index == count` this is the size."""
        return self.size if index >= self.count else index * self.chunk_size

    def last(self, index: int) -> int:
        """The last byte of chunk `index`.

        >>> page_example = ChunkPlan(50_000_123, 10_000_000, 5)
        >>> [page_example.last(index) for index in range(5)]
        [9999999, 19999999, 29999999, 39999999, 50000122]
        """
        return self.first(index + 1) - 1

    def content_range(self, index: int) -> str:
        """The header of one PUT (8.4).

        >>> ChunkPlan(25, 10, 2).content_range(1)
        'bytes 10-24/25'
        """
        return f"bytes {self.first(index)}-{self.last(index)}/{self.size}"

    def next_chunk_after(self, uploaded: int, *, exact: bool = False) -> int:
        """Which chunk to send next; `count` means that everything is there.

        By default `uploaded` is what the answer to a PUT says, which is a count or a last index:
        nobody knows. As accepted bytes end on a chunk's end, one formula serves both (8.4).
        With `exact` it is a count that may end anywhere: `uploaded_bytes` of the status (10).

        >>> plan = ChunkPlan(25, 10, 2)
        >>> [plan.next_chunk_after(answered) for answered in (0, 9, 10, 24, 25)]
        [0, 1, 1, 2, 2]
        >>> [plan.next_chunk_after(received, exact=True) for received in (9, 10, 24, 25)]
        [0, 1, 1, 2]
        """
        received = max(uploaded, 0) if exact else max(uploaded, -1) + 1
        if received >= self.size:
            return self.count
        # A part of the enlarged last chunk is no whole chunk.
        return min(received // self.chunk_size, self.count - 1)


def plan(size: int) -> ChunkPlan:
    """The plan for a file of `size` bytes; raises RefusedHere when TikTok would not take it.

    >>> plan(64_000_000)
    ChunkPlan(size=64000000, chunk_size=64000000, count=1)
    >>> plan(64_000_001)
    ChunkPlan(size=64000001, chunk_size=10000000, count=6)
    """
    if size < 1:
        raise RefusedHere("The file is empty (0 bytes).", what_to_do="Upload the video again.")
    if size > VIDEO_MAX_BYTES:
        raise RefusedHere(
            f"The file has {size:,} bytes; TikTok takes at most {VIDEO_MAX_BYTES:,} (4 GB).",
            what_to_do="Export it with a lower bit rate and upload it again.",
        )
    if size <= WHOLE_MAX_BYTES:
        return ChunkPlan(size, size, 1)
    return ChunkPlan(size, CHUNK_BYTES, size // CHUNK_BYTES)
