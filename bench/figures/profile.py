"""Where the processor's time goes in a burst, by kind of work and by step."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.figures.bursts import run
from bench.house import ROOT
from bench.stage import Stage
from bench.table import Row

POSTS = 200
CREW = "posts/crew.py"  # at the root of whatever publishes
# Each sample counts for the first of these that its stack contains.
KINDS: dict[str, tuple[str, ...]] = {
    "the database": ("/psycopg/", "/django/db/"),
    "requests to TikTok": ("/requests/", "/urllib3/", "http/client.py"),
    "our own code": ("",),
}
STEPS: dict[str, tuple[str, ...]] = {
    "claiming": ("Claims.claim_due",),
    "polling": ("polling.py:poll",),
    "sending the bytes": ("uploading.py:send_bytes",),
    "up to the answer to init": ("sending.py:send",),
    "the rest": ("",),
}


def of_a_burst(stage: Stage) -> Iterator[Row]:
    folder = stage.folder / "profile"
    folder.mkdir()
    settings = {"PYTHONPATH": str(ROOT / "bench" / "profiling"), "BENCH_PROFILE": str(folder)}
    with stage.house(**settings) as house:
        run(house, posts=POSTS, apart=0)
    samples = read(folder)
    for what, groups in (("kind of work", KINDS), ("step", STEPS)):
        yield Row(f"where that time goes, by {what}", shares(samples, groups))


def read(folder: Path) -> Counter[str]:
    """Microseconds for each stack of a thread that publishes."""
    found: Counter[str] = Counter()
    for file in folder.glob("*.json"):
        found.update(json.loads(file.read_text())["microseconds"])
    return Counter({stack: spent for stack, spent in found.items() if CREW in stack})


def shares(samples: Counter[str], groups: dict[str, tuple[str, ...]]) -> str:
    spent: Counter[str] = Counter()
    for stack, microseconds in samples.items():
        name = next(name for name, marks in groups.items() if any(mark in stack for mark in marks))
        spent[name] += microseconds
    total = sum(spent.values()) or 1
    return ", ".join(f"{name} {100 * count / total:.0f} %" for name, count in spent.most_common())
