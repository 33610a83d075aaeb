"""Whatever part of the processes dies, or loses its database: the posts still go out, once."""

import signal
from collections.abc import Callable
from dataclasses import dataclass

import psutil
import pytest

from posts.draining import FRESH
from scheduler.tests.faults.kill_steps import SIX_CHUNKS
from scheduler.tests.faults.killing import SandboxOf, family, send_signal
from scheduler.tests.faults.posts_due import Planned, Wanted, make_due, plan_for_tomorrow, said_of
from scheduler.tests.house import House, wait_for
from tiktok.tests.fault_tables import table, write_table
from tiktok.tests.stage import padded_video
from tiktok.tests.story import order, report, trouble, tune

pytestmark = pytest.mark.django_db

LEASE = 3  # seconds
HEAD = ["What breaks", "While", "Started again by", "Inits", "Live videos", "The post says"]


class WatchfulHouse(House):
    """Its worker notices within seconds that its cluster is frozen."""

    COMMANDS = House.COMMANDS | {
        "worker": ["manage.py", "work", "--canary-seconds=4", "--grace=2"],
    }


def main_process(house: House) -> psutil.Process:
    return wait_for(psutil.Process(house.processes["worker"].pid).children)[0]


def sentinel(house: House) -> psutil.Process:
    return wait_for(main_process(house).children)[0]


def idle_process(house: House) -> psutil.Process:
    """The one that waits at the queue, while the others wait for it."""
    processes = wait_for(sentinel(house).children)
    return min(processes, key=lambda process: (process.create_time(), process.pid))


def kill_idle_process(house: House) -> None:
    idle_process(house).kill()


def kill_sentinel(house: House) -> None:
    sentinel(house).kill()


def kill_main_process(house: House) -> None:
    main_process(house).kill()


def kill_worker_command(house: House) -> None:
    house.processes["worker"].kill()
    house.start("worker")


def kill_dispatcher(house: House) -> None:
    house.processes["dispatcher"].kill()
    house.start("dispatcher")


def kill_everything(house: House) -> None:
    ours = ["web", "worker", "dispatcher"]
    send_signal([each for name in ours for each in family(house.processes[name])], signal.SIGKILL)
    for name in ours:
        house.start(name)


def cut_database_connections(house: House) -> None:
    house.ask_database(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@dataclass(frozen=True)
class Fault:
    what: str
    in_mid_upload: bool
    restart: str
    cause: Callable[[House], None]


OURSELVES, OUTSIDE, NOBODY = "`work`", "who runs it", "nobody"
FAULTS = (
    Fault("an idle process of the cluster", False, OURSELVES, kill_idle_process),
    Fault("the cluster's sentinel", False, OURSELVES, kill_sentinel),
    Fault("the cluster's sentinel", True, OURSELVES, kill_sentinel),
    Fault("the cluster's main process", False, OURSELVES, kill_main_process),
    Fault("the cluster's main process", True, OURSELVES, kill_main_process),
    Fault("`work` itself", True, OUTSIDE, kill_worker_command),
    Fault("the dispatcher", False, OUTSIDE, kill_dispatcher),
    Fault("web, worker and dispatcher at once", True, OUTSIDE, kill_everything),
    Fault("every connection to the database", False, NOBODY, cut_database_connections),
    Fault("every connection to the database", True, NOBODY, cut_database_connections),
)


@pytest.fixture
def house(tmp_path):
    with WatchfulHouse(tmp_path, LEASE_SECONDS=str(LEASE), PUBLISH_PROCESSES="1") as house:
        tune(SandboxOf(house), processing_seconds=0, moderation_seconds=0)
        yield house


def test_whatever_breaks_the_posts_go_out_once(house, video_file, tmp_path, request):
    large = padded_video(video_file, tmp_path / "large.mp4", SIX_CHUNKS)
    files = [large if fault.in_mid_upload else video_file for fault in FAULTS]
    planned = plan_for_tomorrow(house, [Wanted(str(file)) for file in files])

    found = [HEAD]
    for fault, post in zip(FAULTS, planned, strict=True):
        (break_in_mid_upload if fault.in_mid_upload else break_while_idle)(house, fault, post)
        found.append(row(house, fault, post))

    if request.config.getoption("--write-faults"):
        write_table("process table", found)
    assert found == table("process table")
    assert {row[4] for row in found[1:]} == {"1"}


def break_while_idle(house: House, fault: Fault, post: Planned) -> None:
    # A drain that was killed leaves its last beat behind, which counts for as long as it is fresh.
    drains = (
        "SELECT count(*) FROM posts_heartbeat"
        f" WHERE kind = 'drain' AND at > now() - interval '{FRESH.total_seconds()} seconds'"
    )
    wait_for(lambda: house.ask_database(drains) == [(0,)], what="rest")
    fault.cause(house)
    make_due(house, [post])
    wait_until_published(house, fault, post)


def break_in_mid_upload(house: House, fault: Fault, post: Planned) -> None:
    sandbox = SandboxOf(house)
    details = {"chunk": 3, "after_bytes": 1_000_000, "creator": post.handle}
    held = trouble(sandbox, "upload", "hold", **details)
    make_due(house, [post])
    assert order(sandbox, f"troubles/{held}/wait", seconds=60)["holding"] == 1
    fault.cause(house)
    order(sandbox, f"troubles/{held}/release")
    wait_until_published(house, fault, post)


def wait_until_published(house: House, fault: Fault, post: Planned) -> None:
    wait_for(
        lambda: said_of(house, post) == "published",
        seconds=90,
        what=f"a post after the end of {fault.what}",
    )


def row(house: House, fault: Fault, post: Planned) -> list[str]:
    sandbox = SandboxOf(house)
    uploads = [each for each in report(sandbox, "uploads")["uploads"] if of(post, each)]
    videos = [each for each in report(sandbox, "videos")["videos"] if of(post, each)]
    meanwhile = "in mid-upload" if fault.in_mid_upload else "idle"
    counts = [str(len(uploads)), str(len(videos))]
    return [fault.what, meanwhile, fault.restart, *counts, said_of(house, post)]


def of(post: Planned, reported: dict[str, str]) -> bool:
    return reported["creator"] == post.handle
