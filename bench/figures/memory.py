"""What web, worker and dispatcher keep while nobody wants anything."""

import time
from collections.abc import Iterator

from bench.house import OURS
from bench.stage import Stage
from bench.table import Row
from bench.watching import memory

SETTLE = 15.0  # seconds


def idle(stage: Stage) -> Iterator[Row]:
    with stage.house() as house:
        time.sleep(SETTLE)
        each = {name: memory(house.family(name)) for name in OURS}
    total = sum(each.values())
    yield Row(
        "idle memory of web, worker and dispatcher together",
        f"{total / 1e6:.0f} MB (PSS)",
        "under 300 MB",
        ", ".join(f"{name} {size / 1e6:.0f}" for name, size in each.items()),
        total < 300e6,
    )
