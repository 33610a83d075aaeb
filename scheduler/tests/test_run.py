"""`manage.py run`, which `make run` calls: everything on one machine, as real processes."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import requests
from django.conf import settings

from scheduler.ports import Port
from scheduler.tests.house import free_port, wait_for


def environment(folder: Path, **variables: object) -> dict[str, str]:
    """A bare machine's, but for what keeps this test to itself."""
    bare = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return bare | {
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "MEDIA_ROOT": str(folder / "uploads"),
        "SANDBOX_STATE": str(folder / "sandbox"),
        "SECRET_KEY": os.environ["SECRET_KEY"],
        **{name: str(value) for name, value in variables.items()},
    }


def run_to_its_end(
    folder: Path, *command: str, **variables: object
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *(command or ("manage.py", "run"))],
        cwd=settings.BASE_DIR,
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def somebody_listens() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def free_from(number: int, *, besides: int = 0) -> int:
    return next(
        candidate
        for candidate in range(number, number + 100)
        if candidate != besides and not Port(candidate, "PORT").trouble
    )


def test_a_taken_port_is_answered_with_a_whole_command_before_anything_starts(tmp_path):
    with somebody_listens() as port:
        sandbox_port = free_from(port + 1)
        ran = run_to_its_end(tmp_path, PORT=port, SANDBOX_PORT=sandbox_port)
        other = free_from(port + 1, besides=sandbox_port)

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        f"Port {port} is taken. Choose others: PORT={other} SANDBOX_PORT={sandbox_port} make run\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_of_the_sandbox_leaves_the_other_as_it_is(tmp_path):
    with somebody_listens() as sandbox_port:
        port = free_from(sandbox_port + 1)
        ran = run_to_its_end(tmp_path, PORT=port, SANDBOX_PORT=sandbox_port)
        other = free_from(sandbox_port + 1, besides=port)

    assert ran.returncode == 1
    assert f"Choose others: PORT={port} SANDBOX_PORT={other} make run\n" in ran.stderr


def test_two_services_on_one_port_are_refused(tmp_path):
    port = free_from(20000)
    ran = run_to_its_end(tmp_path, PORT=port, SANDBOX_PORT=port)

    command = f"PORT={port} SANDBOX_PORT={free_from(port + 1)} make run"
    said = f"PORT and SANDBOX_PORT must differ. Choose others: {command}\n"
    assert (ran.returncode, ran.stderr) == (1, said)


def test_it_runs_everything_with_a_demo_until_ctrl_c_and_leaves_nothing(tmp_path):
    port, sandbox_port = free_port(), free_port()
    log = tmp_path / "log"
    with log.open("w") as output:
        run = psutil.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=settings.BASE_DIR,
            env=environment(tmp_path, PORT=port, SANDBOX_PORT=sandbox_port),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    family: list[psutil.Process] = []
    try:
        wait_for(lambda: is_ready(port) or run.poll() is not None, seconds=120, what="readiness")
        family = run.children(recursive=True)
        assert len(family) > 10
        assert requests.get(f"http://127.0.0.1:{sandbox_port}/", timeout=10).ok
        for question in (
            ["-m", "scheduler.healthcheck"],
            ["manage.py", "heartbeat", "worker"],
            ["manage.py", "heartbeat", "dispatcher"],
        ):
            assert run_to_its_end(tmp_path, *question, PORT=port).returncode == 0

        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=20) == 0
        wait_for(lambda: not psutil.wait_procs(family, timeout=0)[1], seconds=5, what="the end")
    finally:
        for process in [run, *family]:
            if process.is_running():
                process.kill()
    said = log.read_text()
    assert f"Open http://localhost:{port}\n" in said
    assert "  Mail is printed here, in this terminal.\n" in said
    assert "Log in as “demo” with the password" in said
    assert "Traceback" not in said
    assert " sending SIGKILL " not in said


def test_where_nothing_runs_nobody_is_said_to_be_alive(tmp_path):
    assert run_to_its_end(tmp_path, "manage.py", "prepare").returncode == 0

    asked = run_to_its_end(tmp_path, "manage.py", "heartbeat", "worker")
    assert asked.returncode == 1
    assert "has given a sign of life for a minute" in asked.stderr
    assert run_to_its_end(tmp_path, "-m", "scheduler.healthcheck", PORT=free_port()).returncode == 1


def is_ready(port: int) -> bool:
    try:
        return requests.get(f"http://localhost:{port}/readyz", timeout=10).ok
    except requests.ConnectionError:
        return False
