"""A worker is killed in mid-upload: when the next byte arrives, and which."""

import time
from collections.abc import Iterator
from typing import Any

from bench.figures.bursts import in_state
from bench.house import House, wait_for
from bench.stage import Stage
from bench.table import Row

VIDEO_BYTES = 95_000_000  # in chunks
SPEED = 5_000_000  # bytes a second


def after_kill(stage: Stage) -> Iterator[Row]:
    with stage.house() as house:
        house.ask("settings", upload_bytes_per_second=SPEED, processing_seconds=0)
        house.run("-m", "bench.seed", "--posts=1", f"--bytes={VIDEO_BYTES}")
        house.sql(
            "UPDATE posts_publication SET due_at = now(), next_step_at = now(),"
            " next_check_at = NULL"
        )
        wait_for(lambda: finished(house), seconds=60, what="the first chunk", every=0.2)
        time.sleep(1)  # into the next chunk
        killed_at = time.time()
        house.kill("worker")
        house.start("worker")
        again = wait_for(
            lambda: [put for put in puts(house) if put["at"] > killed_at],
            seconds=150,
            what="the next byte",
            every=0.5,
        )
        house.ask("settings", upload_bytes_per_second=None)
        wait_for(lambda: in_state(house, "published") == 1, seconds=120, what="the end", every=0.5)
        ranges = finished(house)
        live = len(house.ask("videos")["videos"])
    seconds = again[0]["at"] - killed_at
    twice = len(ranges) - len(set(ranges))
    yield Row(
        "recovery after `kill -9` of the worker in mid-upload",
        f"{seconds:.1f} s to the next byte; {twice} finished chunks sent again; {live} live",
        "under 90 s, no finished chunk again",
        reached=seconds < 90 and twice == 0 and live == 1,
    )


def puts(house: House) -> list[dict[str, Any]]:
    return [put for upload in house.ask("uploads")["uploads"] for put in upload["puts"]]


def finished(house: House) -> list[str]:
    return [put["content_range"] for put in puts(house) if put["status"] in {201, 206}]
