"""How quickly bytes leave, against the same file sent by `requests` alone; and the memory."""

import time
from collections.abc import Iterator
from pathlib import Path

import requests

from bench.figures.bursts import in_state
from bench.house import House, wait_for
from bench.stage import Stage
from bench.table import Row
from bench.watching import Peak, memory

GIGABIT = 125_000_000  # bytes a second
LARGE = 1_000_000_000  # bytes
LARGER = 2_000_000_000
ROUNDS = 3  # of each; the best counts, since other work on the machine only slows down


def on_a_line(stage: Stage) -> Iterator[Row]:
    yield from against_bare_put(
        stage, "to a line of 1 Gbit/s", least=0.95, SINK_BYTES_PER_SECOND=str(GIGABIT)
    )


def without_limit(stage: Stage) -> Iterator[Row]:
    yield from against_bare_put(stage, "to a sink without limit", least=0.7)


def against_bare_put(stage: Stage, where: str, *, least: float, **settings: str) -> Iterator[Row]:
    with stage.house(tiktok="sink", **settings) as house:
        seed(house, posts=ROUNDS, size=LARGE)
        [file] = (house.folder / "uploads" / "media").iterdir()
        bare = max(put(house, file) for _ in range(ROUNDS))
        ours = max(upload(house, number) for number in range(ROUNDS))
    yield Row(
        f"upload of 1 GB {where}",
        f"{ours / 1e6:.0f} MB/s, {ours / bare:.2f} of the reference",
        f"{least} of the reference",
        f"bare requests.put: {bare / 1e6:.0f} MB/s",
        ours >= least * bare,
    )


def memory_while_uploading(stage: Stage) -> Iterator[Row]:
    with stage.house(tiktok="sink", SINK_BYTES_PER_SECOND=str(GIGABIT)) as house:
        seed(house, posts=1, size=LARGER)
        idle = memory(house.family("worker"))
        with Peak(lambda: memory(house.family("worker"))) as peak:
            upload(house, 0)
        more = peak.value - idle
    yield Row(
        "worker memory during an upload of 2 GB, over its idle memory",
        f"{more / 1e6:.0f} MB more (PSS)",
        "under 64 MB more",
        f"idle: {idle / 1e6:.0f} MB",
        more < 64e6,
    )


def seed(house: House, *, posts: int, size: int) -> None:
    house.run("-m", "bench.seed", f"--posts={posts}", f"--bytes={size}", "--made-up-tokens")


def put(house: House, file: Path) -> float:
    """Bytes a second of a bare `requests.put`."""
    began = time.monotonic()
    with file.open("rb") as body:
        requests.put(f"{house.tiktok_url}/bare", data=body, timeout=60).raise_for_status()
    return LARGE / (time.monotonic() - began)


def upload(house: House, number: int) -> float:
    """Bytes a second of one publication, from its first PUT's arrival to the last answer."""
    before = len(uploads(house))
    house.sql(
        "UPDATE posts_publication SET due_at = now(), next_step_at = now(), next_check_at = NULL"
        " WHERE id = (SELECT id FROM posts_publication ORDER BY id OFFSET %s LIMIT 1)",
        number,
    )
    wait_for(
        lambda: in_state(house, "published") == number + 1,
        seconds=180,
        what="the upload being published",
        every=0.5,
    )
    [done] = uploads(house)[before:]
    size = house.sql("SELECT size FROM posts_attempt ORDER BY id DESC LIMIT 1")[0][0]
    return float(size) / (done["ended"] - done["began"])


def uploads(house: House) -> list[dict[str, float]]:
    answer = requests.get(f"{house.tiktok_url}/uploads", timeout=30)
    found: list[dict[str, float]] = answer.json()
    return found
