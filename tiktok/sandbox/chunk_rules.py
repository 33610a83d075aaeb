"""The arithmetic of a chunked upload (Protocol 8.1).

Whether "MB" is 10^6 or 2^20 bytes is not settled (Protocol 8.2), so a plan passes when all of it
is right in one of the two readings.
"""

from dataclasses import dataclass

from tiktok.sandbox.refusals import invalid

READINGS = (10**6, 2**20)
LARGEST_FILE = 4 * 2**30  # 4 GB in the wider reading
MOST_CHUNKS = 1_000


@dataclass(frozen=True, slots=True)
class ChunkPlan:
    """What an init announces: all in bytes, but `count`."""

    size: int
    chunk_size: int
    count: int


def check(plan: ChunkPlan) -> None:
    """Raise Refusal when no reading of the rules allows the plan."""
    if not 1 <= plan.size <= LARGEST_FILE:
        raise invalid("video size is invalid")
    if not 1 <= plan.count <= MOST_CHUNKS:
        raise invalid("total chunk count is invalid")
    if plan.chunk_size < 1 or plan.chunk_size > plan.size:
        raise invalid("chunk size is invalid")
    complaints = [_complaint(plan, megabyte) for megabyte in READINGS]
    if all(complaints):
        raise invalid(complaints[-1])


def _complaint(plan: ChunkPlan, megabyte: int) -> str:
    """Return what is wrong with the plan when MB means `megabyte` bytes; empty: nothing."""
    if plan.count != plan.size // plan.chunk_size:  # rule 1
        return "total chunk count is invalid"
    if plan.count == 1:  # rules 3, 4 and 7: a single chunk is the whole video
        whole = plan.chunk_size == plan.size and plan.size <= 64 * megabyte
        return "" if whole else "chunk size is invalid"
    if plan.size < 5 * megabyte:  # rule 3
        return "chunk size is invalid"
    last = plan.size - (plan.count - 1) * plan.chunk_size
    if not 5 * megabyte <= plan.chunk_size <= 64 * megabyte or last > 128 * megabyte:  # rule 2
        return "chunk size is invalid"
    return ""
