"""`manage.py work` and `manage.py dispatch` as real processes on the tests' own database."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from posts.cluster import kill_session
from posts.leases import clock
from posts.models import Heartbeat, Installation
from posts.models.heartbeat import Kind
from posts.tests.plain_platform import a_channel, a_publication, register_plain

pytestmark = pytest.mark.django_db(transaction=True)

CANARY_SECONDS = 3
GRACE = 2


@pytest.fixture(autouse=True)
def _prepared():
    Installation.claim_if_new()
    Heartbeat.beat(Kind.TIDY)  # nothing to tidy up for a while


def wait_for(condition: Callable[[], object], *, seconds: float = 30, what: str = "") -> None:
    deadline = clock() + seconds
    while not condition():
        assert clock() < deadline, f"{what or condition} did not happen within {seconds} s"
        threading.Event().wait(0.05)


class Process(psutil.Popen):
    """A command of manage.py on this test's database."""

    def __init__(self, *command: str, **arguments: Any) -> None:
        self._output = tempfile.TemporaryFile("w+")  # noqa: SIM115  # as long as the process
        super().__init__(
            [sys.executable, "manage.py", *command],
            stdout=self._output,
            stderr=subprocess.STDOUT,
            **arguments,
        )

    def all_output(self) -> str:
        """What it printed until its end, which this waits for."""
        self.wait()
        self._output.seek(0)
        return self._output.read()


@contextmanager
def running(*command: str) -> Iterator[Process]:
    """Run the command, and see to its end whatever happens."""
    name = connection.settings_dict["NAME"]
    parts = urlsplit(os.environ["DATABASE_URL"])
    address = parts._replace(path=f"/{name}" if parts.scheme.startswith("postgres") else str(name))
    process = Process(
        *command,
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": urlunsplit(address), "PUBLISH_PROCESSES": "1"},
    )
    family: list[psutil.Process] = []
    try:
        yield process
    finally:
        if process.is_running():
            family = process.children(recursive=True)
            process.kill()
        for member in family:
            if member.is_running():
                member.kill()
        process.wait()


@contextmanager
def a_worker() -> Iterator[Process]:
    with running("work", f"--canary-seconds={CANARY_SECONDS}", f"--grace={GRACE}") as work:
        wait_until_it_works()
        yield work


def wait_until_it_works() -> None:
    """A canary comes through that was not under way before."""
    soon = timezone.now() + timedelta(seconds=1)
    wait_for(
        lambda: Heartbeat.objects.filter(kind=Kind.WORKER, at__gt=soon).exists(),
        what="a canary coming through",
    )


def main_process(work: Process) -> psutil.Process:
    [main] = work.children()
    return main


def sentinel(work: Process) -> psutil.Process:
    [sentinel] = main_process(work).children()
    return sentinel


def first_worker(work: Process) -> psutil.Process:
    """Started first, and so the one that waits at the queue while the others wait for it."""
    return min(sentinel(work).children(), key=lambda child: (child.create_time(), child.pid))


def none_is_alive(processes: list[psutil.Process]) -> bool:
    return not any(map(is_alive, processes))


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_whatever_part_of_the_cluster_dies_it_works_again():
    with a_worker() as work:
        for part in (first_worker, sentinel, main_process):
            cluster = main_process(work).children(recursive=True)
            part(work).kill()
            if part is not first_worker:
                wait_for(partial(none_is_alive, cluster), what="the end of the broken cluster")
            wait_until_it_works()


def test_a_stop_leaves_nobody_behind_and_no_traceback():
    with a_worker() as work:
        family = work.children(recursive=True)
        began = clock()
        work.terminate()
        output = work.all_output()

        assert clock() - began < GRACE + 5
        assert work.returncode == 0
        wait_for(partial(none_is_alive, family), seconds=2)
        assert "Traceback" not in output
    left = Heartbeat.objects.filter(kind__in=[Kind.WORKER, Kind.CANARY])
    assert (left.count(), OrmQ.objects.count()) == (0, 0)


def test_when_work_itself_is_killed_its_cluster_ends_by_itself():
    with a_worker() as work:
        family = work.children(recursive=True)
        work.kill()
        work.wait()

        wait_for(partial(none_is_alive, family), seconds=GRACE + 10)


def test_when_work_and_main_are_killed_at_once_the_workers_end_too():
    with a_worker() as work:
        family = work.children(recursive=True)
        main = main_process(work)
        work.kill()
        main.kill()
        work.wait()

        wait_for(partial(none_is_alive, family), seconds=GRACE + 10)


def test_a_probe_in_a_group_of_its_own_ends_with_the_cluster():
    probe = "subprocess.Popen(['sleep', '60'], process_group=0)"
    cluster = psutil.Popen(
        [sys.executable, "-c", f"import subprocess, time; {probe}; time.sleep(60)"],
        start_new_session=True,
    )
    wait_for(cluster.children)
    family = [cluster, *cluster.children()]

    kill_session(cluster.pid)

    cluster.wait()
    wait_for(partial(none_is_alive, family), seconds=5)


def test_the_dispatcher_wakes_for_what_is_scheduled_while_it_sleeps(monkeypatch, alice, workspace):
    register_plain(monkeypatch)
    publication = a_publication(alice, a_channel(workspace))
    with running("dispatch") as dispatcher:
        wait_for(lambda: Heartbeat.objects.filter(kind=Kind.DISPATCHER).exists())
        assert OrmQ.objects.count() == 0

        publication.schedule(timezone.now(), by=alice)
        wait_for(OrmQ.objects.exists, seconds=5)

        began = clock()
        dispatcher.send_signal(signal.SIGINT)
        output = dispatcher.all_output()
        assert clock() - began < 5
        assert (dispatcher.returncode, output) == (0, "")


def test_dispatch_once_says_what_it_did(monkeypatch, alice, workspace):
    register_plain(monkeypatch)
    publication = a_publication(alice, a_channel(workspace))
    publication.schedule(timezone.now(), by=alice)
    with running("dispatch", "--once") as dispatcher:
        output = dispatcher.all_output()
        assert output.splitlines()[0] == f"{publication.pk}  Sunrise to Sunrise: scheduled"
        assert output.splitlines()[-1] == "Hints given: 1"
