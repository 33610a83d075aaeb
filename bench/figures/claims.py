"""What a claim costs among a million publications, with 20,000 that wait for something else."""

import json
from collections.abc import Iterator

from bench.stage import Stage
from bench.table import Row

PUBLICATIONS, BLOCKED = 1_000_000, 20_000


def among_a_million(stage: Stage) -> Iterator[Row]:
    with stage.house(PUBLISHING="off") as house:
        out = house.run("-m", "bench.crowd", str(PUBLICATIONS), str(BLOCKED))
    said = json.loads(out.splitlines()[-1])
    yield Row(
        "claim query with 1,000,000 publications and 20,000 blocked rows",
        f"{said['query_ms']:.2f} ms (median)",
        "under 5 ms",
        f"whole claim, with its write and commit: {said['claim_ms']:.1f} ms",
        said["query_ms"] < 5,
    )
