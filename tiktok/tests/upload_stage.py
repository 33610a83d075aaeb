"""What an upload needs around it: a stored file, somebody who says stop, and a ledger."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tiktok.chunks import ChunkPlan
from tiktok.tests.scripted_server import Reply
from tiktok.uploads import Outcome, upload


class StoredFile:
    """Bytes that differ everywhere, made while they are read, so that size costs nothing."""

    def __init__(self, size: int, *, block: int = 65_536, salt: bytes = b"") -> None:
        self.size = size
        self.block = block
        self.salt = salt
        self.reads: list[tuple[int, int]] = []
        self.open = 0  # how many readings have not ended

    def blocks(self, first: int, last: int) -> Iterator[bytes]:
        self.reads.append((first, last))
        self.open += 1
        try:
            for start in range(first, last + 1, self.block):
                yield self.bytes(start, min(start + self.block, last + 1))
        finally:
            self.open -= 1

    def bytes(self, start: int, end: int) -> bytes:
        """Every 4,096 bytes are one repeated digest of where they lie."""
        pages = range(start // 4_096, (end + 4_095) // 4_096)
        whole = b"".join(hashlib.sha256(b"%d" % page + self.salt).digest() * 128 for page in pages)
        skipped = pages.start * 4_096
        return whole[start - skipped : end - skipped]

    @property
    def sha256(self) -> str:
        hasher = hashlib.sha256()
        for block in self.blocks(0, self.size - 1):
            hasher.update(block)
        return hasher.hexdigest()


class StopNow(OSError):
    """A guard may raise anything, also what looks like trouble of the network."""


@dataclass
class Guard:
    """Lets everything pass until `stop_when` says so."""

    stop_when: Callable[[], bool] = lambda: False
    stop_before_last: bool = False
    looks: int = 0
    last_blocks: int = 0

    def before_block(self) -> None:
        self.looks += 1
        if self.stop_when():
            raise StopNow("the lease is gone")

    def before_last_block(self) -> None:
        self.last_blocks += 1
        if self.stop_before_last:
            raise StopNow("a person has canceled")


@dataclass
class Sending:
    """One call of `upload`, with everything a story may want to change or look at."""

    source: StoredFile
    chunks: ChunkPlan
    url: str
    api_url: str
    guard: Guard = field(default_factory=Guard)
    confirmed: list[int] = field(default_factory=list)
    expected_sha256: str = ""
    pauses: tuple[float, ...] = (0.01, 0.01)
    timeout: tuple[float, float] = (5.0, 5.0)

    def start(self, index: int = 0) -> Outcome:
        return upload(
            self.chunks,
            self.source,
            url=self.url,
            api_url=self.api_url,
            content_type="video/mp4",
            expected_sha256=self.expected_sha256 or self.source.sha256,
            guard=self.guard,
            confirmed=self.confirmed.append,
            start=index,
            pauses=self.pauses,
            timeout=self.timeout,
        )


def taken(uploaded: int, size: int, status: int = 206) -> Reply:
    """TikTok's answer to a PUT; `uploaded` may be a count or a last index."""
    return Reply(status, b"", {"Content-Range": f"bytes 0-{uploaded}/{size}"})
