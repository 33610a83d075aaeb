"""Real processes that die, freeze or stop in the middle of an upload, on either database."""

import json
import signal
import time

import psutil
import pytest

from scheduler.tests.faults.killing import SandboxOf, family, plan_in, puts, send_signal
from scheduler.tests.house import House, wait_for
from tiktok.tests.stage import padded_video
from tiktok.tests.story import inits, live, order, report, trouble, tune

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

LEASE = 3  # seconds


@pytest.fixture
def house(tmp_path):
    with House(tmp_path, LEASE_SECONDS=str(LEASE)) as house:
        yield house


@pytest.fixture
def sandbox(house):
    sandbox = SandboxOf(house)
    tune(sandbox, processing_seconds=0, moderation_seconds=0)
    return sandbox


def test_a_worker_killed_in_mid_upload_leaves_one_live_video(house, sandbox, video_file, tmp_path):
    file = padded_video(video_file, tmp_path / "long.mp4", 75_000_000)
    held = trouble(sandbox, "upload", "hold", chunk=3, after_bytes=1_000_000)
    publication = plan_in(house, file)
    assert order(sandbox, f"troubles/{held}/wait", seconds=60)["hits"] == 1

    send_signal(family(house.processes["worker"]), signal.SIGKILL)
    killed_at = time.time()
    order(sandbox, f"troubles/{held}/release")
    house.start("worker")

    wait_for(lambda: live(sandbox), seconds=60, what="the video going live")
    wait_for(lambda: house.state_of(publication) == "published", what="the post being published")
    assert len(live(sandbox)) == 1
    assert len(inits(sandbox)) == 1
    [upload] = report(sandbox, "uploads")["uploads"]
    finished = [put["content_range"] for put in upload["puts"] if put["status"] in {201, 206}]
    assert len(finished) == len(set(finished)) == 7
    resumed_at = min(put["at"] for put in upload["puts"] if put["at"] > killed_at)
    assert resumed_at - killed_at < LEASE + 15


def test_a_frozen_worker_that_wakes_up_sends_nothing_more(house, sandbox, video_file, tmp_path):
    file = padded_video(video_file, tmp_path / "whole.mp4", 60_000_000)
    held = trouble(sandbox, "upload", "hold", after_bytes=1_000_000)
    publication = plan_in(house, file)
    assert order(sandbox, f"troubles/{held}/wait", seconds=60)["hits"] == 1
    frozen = family(house.processes.pop("worker"))

    send_signal(frozen, signal.SIGSTOP)
    house.start("worker")
    wait_for(lambda: live(sandbox), seconds=60, what="the other worker publishing it")
    wait_for(lambda: house.state_of(publication) == "published", what="the post being published")
    seen = len(report(sandbox, "requests")["requests"])
    send_signal(frozen, signal.SIGCONT)
    order(sandbox, f"troubles/{held}/release")

    # The held request ends because the one who woke up cuts it off.
    wait_for(lambda: all(put["ended_at"] for put in puts(sandbox)), what="the old upload ending")
    cut, whole = sorted(puts(sandbox), key=lambda put: put["at"])
    assert whole["status"] == 201
    assert cut["status"] is None
    # What it had handed to the network before it froze still arrives: never all of it.
    assert cut["bytes_received"] < 30_000_000
    assert len(live(sandbox)) == 1
    assert len(inits(sandbox)) == 1
    assert len(report(sandbox, "requests")["requests"]) == seen
    send_signal(frozen, signal.SIGTERM)
    psutil.wait_procs(frozen, timeout=30)


def test_stopping_in_mid_upload_hands_over_to_the_next(house, sandbox, video_file, tmp_path):
    file = padded_video(video_file, tmp_path / "long.mp4", 75_000_000)
    tune(sandbox, upload_bytes_per_second=8_000_000)
    publication = plan_in(house, file)
    wait_for(lambda: [put for put in puts(sandbox) if put["status"] == 206], what="a chunk")

    began = time.monotonic()
    house.stop("worker")
    stopped_in = time.monotonic() - began
    tune(sandbox, upload_bytes_per_second=None)
    house.start("worker")

    wait_for(lambda: house.state_of(publication) == "published", seconds=60)
    assert stopped_in < 15
    assert len(live(sandbox)) == 1
    assert len(inits(sandbox)) == 1
    assert json.dumps(house.log("worker")).count("Traceback") == 0
