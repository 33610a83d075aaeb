"""Exactly once, whenever the worker dies: the table of docs/faults.md is found out here.

All workers are killed at one blow, while each of many publications is at another step; then a new
one goes on. What happened is counted where it counts: at TikTok.
"""

import hashlib
import signal
from functools import partial
from pathlib import Path

import pytest

from posts.media.sample import make_sample_photo
from scheduler.tests.faults.held_writes import HeldWrites
from scheduler.tests.faults.kill_steps import SIX_CHUNKS, STEPS, AtAWrite, AtTikTok, Step, Wave
from scheduler.tests.faults.killing import SandboxOf, chunks_sent_twice, family, send_signal
from scheduler.tests.faults.posts_due import Planned, Wanted, make_due, plan_for_tomorrow, said_of
from scheduler.tests.house import House, wait_for
from tiktok.tests.fault_tables import table, write_table
from tiktok.tests.stage import padded_video
from tiktok.tests.story import order, report, trouble, tune

pytestmark = pytest.mark.django_db

LEASE = 30  # seconds: longer than it takes until all are stopped
HEAD = ["The worker is killed", "Inits", "Whole chunks sent twice", "Live", "The post says"]
OVER = {"published", "delivered", "held", "failed", "unconfirmed"}


class KillTable:
    """A house in which a worker is stopped at every step at once."""

    def __init__(self, house: House, holds: HeldWrites, files: dict[str, Path]) -> None:
        self.house, self.holds = house, holds
        self.sandbox = SandboxOf(house)
        self.sha256_of = {
            name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()
        }
        wanted = [Wanted(str(files[step.needs]), step.mode) for step in STEPS]
        self.steps = list(zip(STEPS, plan_for_tomorrow(house, wanted), strict=True))
        self.stops = {step.killed: self._stop(step, planned) for step, planned in self.steps}

    def _stop(self, step: Step, planned: Planned) -> int:
        """Arm what will stop its worker; returns the number of the hold."""
        stop = step.stop
        if isinstance(stop, AtTikTok):
            details = {"creator": planned.handle} | stop.details
            return trouble(self.sandbox, stop.endpoint, stop.kind, **details)
        if isinstance(stop, AtAWrite):
            condition = stop.condition_for(planned.publication, planned.channel)
            return self.holds.hold(stop.table, stop.change, condition)
        return 0

    def begin(self, wave: Wave) -> None:
        """Make the publications of one wave due, and wait until each stands at its step."""
        steps = [(step, planned) for step, planned in self.steps if step.wave is wave]
        if wave is Wave.TOKENS:
            channels = [planned.channel for _, planned in steps]
            self.holds.change(
                "UPDATE accounts_channel SET access_expires_at = now() WHERE id = ANY(%s)", channels
            )
        make_due(self.house, [planned for _, planned in steps])
        for step, planned in steps:
            stands = partial(self.stands_still, step, planned)
            wait_for(stands, seconds=25, what=f"a stop {step.killed}")

    def stands_still(self, step: Step, planned: Planned) -> bool:
        self.look_sooner()
        if isinstance(step.stop, AtTikTok):
            stop = order(self.sandbox, f"troubles/{self.stops[step.killed]}/wait", seconds=0.2)
            return stop["holding"] == 1
        if isinstance(step.stop, AtAWrite):
            return self.holds.is_held(self.stops[step.killed])
        return said_of(self.house, planned) == "published"

    def kill_all_and_go_on(self) -> None:
        send_signal(family(self.house.processes["worker"]), signal.SIGKILL)
        self.holds.let_go()
        for step, _ in self.steps:
            if isinstance(step.stop, AtTikTok):
                order(self.sandbox, f"troubles/{self.stops[step.killed]}/release")
        self.house.start("worker")

    def is_over(self) -> bool:
        self.look_sooner()
        said = {said_of(self.house, planned).partition(":")[0] for _, planned in self.steps}
        return said <= OVER

    def look_sooner(self) -> None:
        """What waits for TikTok's word is looked after at once: the test need not wait."""
        self.holds.change(
            "UPDATE posts_publication SET next_step_at = now()"
            " WHERE id = ANY(%s) AND state = 'processing' AND lease_until IS NULL",
            [planned.publication for _, planned in self.steps],
        )

    def rows(self) -> list[list[str]]:
        """What is to be said about each step, after a look at TikTok's."""
        seen = [
            report(self.sandbox, "state")["publications"],
            report(self.sandbox, "uploads")["uploads"],
            report(self.sandbox, "videos")["videos"],
        ]
        return [
            self._row(
                step, planned, *([each for each in some if of(planned, each)] for some in seen)
            )
            for step, planned in self.steps
        ]

    def _row(self, step: Step, planned: Planned, begun, uploads, live) -> list[str]:
        if step.mode == "inbox":
            live = [each for each in uploads if each["completed_at"]]
        bytes_live = {sha256 for each in live for sha256 in each.get("photos") or [each["sha256"]]}
        assert bytes_live <= {self.sha256_of[step.needs]}
        counts = [len(begun), chunks_sent_twice(uploads), len(live)]
        return [step.killed, *map(str, counts), said_of(self.house, planned)]


def of(planned: Planned, reported: dict[str, str]) -> bool:
    return reported["creator"] == planned.handle


@pytest.fixture
def house(tmp_path):
    many = {"PUBLISH_THREADS": str(len(STEPS) + 5), "PUBLISH_PROCESSES": "1"}
    with House(tmp_path, LEASE_SECONDS=str(LEASE), **many) as house:
        yield house


@pytest.fixture
def kill_table(house, video_file, tmp_path):
    quickly = {"processing_seconds": 0, "moderation_seconds": 0, "pull_before_answering": True}
    tune(SandboxOf(house), **quickly)
    files = {
        "video": video_file,
        "photo": tmp_path / "photo.jpg",
        "six chunks": padded_video(video_file, tmp_path / "large.mp4", SIX_CHUNKS),
    }
    make_sample_photo(files["photo"], width=270, height=360)
    with HeldWrites(house.environment["DATABASE_URL"]) as holds:
        yield KillTable(house, holds, files)


def test_whenever_the_worker_dies_there_is_one_live_video(kill_table, request):
    for wave in Wave:
        kill_table.begin(wave)
    kill_table.kill_all_and_go_on()
    wait_for(kill_table.is_over, seconds=180, what="the end of every publication")

    found = [HEAD, *kill_table.rows()]
    if request.config.getoption("--write-faults"):
        write_table("kill table", found)
    assert found == table("kill table")
    assert {row[3] for row in found[1:] if row[4] in {"published", "delivered"}} == {"1"}
