"""What the stories about dying processes share."""

import signal
from collections import Counter
from pathlib import Path
from typing import Any

import psutil

from scheduler.tests.house import House
from tiktok.tests.story import report


class SandboxOf:
    """The sandbox of a house, as the steps of stories know it."""

    def __init__(self, house: House) -> None:
        self.url = house.sandbox_url


def plan_in(house: House, file: Path) -> str:
    """A post of Alice's, due now; the id of its publication."""
    said = house.shell(
        f"from tiktok.tests.stage import planned; print('id', planned({str(file)!r}))"
    )
    return said.rsplit("id ", 1)[1]


def family(process: Any) -> list[psutil.Process]:
    """A process and everything below it."""
    root = psutil.Process(process.pid)
    return [root, *root.children(recursive=True)]


def send_signal(processes: list[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        if process.is_running():
            process.send_signal(number)


def puts(sandbox: SandboxOf) -> list[dict[str, Any]]:
    return [put for each in report(sandbox, "uploads")["uploads"] for put in each["puts"]]


def chunks_sent_twice(uploads: list[dict[str, Any]]) -> int:
    """How many chunks arrived as a whole more than once."""
    whole: Counter[tuple[str, str]] = Counter()
    for upload in uploads:
        for put in upload["puts"]:
            first, last = map(int, put["content_range"].split()[1].split("/")[0].split("-"))
            if put["bytes_received"] == last - first + 1:
                whole[upload["upload_id"], put["content_range"]] += 1
    return sum(count - 1 for count in whole.values())
