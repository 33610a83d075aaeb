"""One installation as real processes, each with its own log, on ports that were free."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, LiteralString, Self

import psutil
import psycopg
import requests

from bench.postgres import Postgres

ROOT = Path(__file__).resolve().parent.parent
OURS = ("web", "worker", "dispatcher")
COMMANDS = {
    "sandbox": ["manage.py", "tiktok_sandbox"],
    "sink": ["-m", "bench.sink"],
    "web": ["-m", "gunicorn", "-c", "scheduler/gunicorn_conf.py", "scheduler.wsgi"],
    "worker": ["manage.py", "work"],
    "dispatcher": ["manage.py", "dispatch"],
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(
    condition: Callable[[], Any], *, seconds: float, what: str, every: float = 0.05
) -> Any:
    """What `condition` returns as soon as it is true; TimeoutError after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(every)
    raise TimeoutError(f"{what} did not happen within {seconds:.0f} s")


class House:
    """Use it as a context manager. `tiktok` is "sandbox" or "sink"."""

    def __init__(self, postgres: Postgres, folder: Path, *, tiktok: str, **settings: str) -> None:
        folder.mkdir()
        self.folder = folder
        self.postgres = postgres
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._tiktok = tiktok
        port, tiktok_port = free_port(), free_port()
        self.url = f"http://localhost:{port}"
        self.tiktok_url = f"http://127.0.0.1:{tiktok_port}"
        self.database = postgres.new_database()
        self.environment = {
            name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ
        } | {
            "PORT": str(port),
            "SANDBOX_PORT": str(tiktok_port),
            "SITE_URL": self.url,
            "SECRET_KEY": "for the benchmark only, long enough to be taken seriously",
            "DATABASE_URL": self.database,
            "MEDIA_ROOT": str(folder / "uploads"),
            "SANDBOX_STATE": str(folder / "sandbox"),
            "EMAIL_URL": "console:",
            "LOG_LEVEL": "WARNING",
        }
        self.environment |= settings

    def __enter__(self) -> Self:
        try:
            self.run("manage.py", "prepare")
            for name in (self._tiktok, *OURS):
                self.start(name)
            wait_for(self._is_ready, seconds=60, what="the installation being ready")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in list(self.processes):
            self.stop(name)

    def run(self, *command: str) -> str:
        """Run a Python command in this installation's environment to its end."""
        done = subprocess.run(  # noqa: S603  # our own commands
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self, name: str) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(  # noqa: S603  # our own commands
            [sys.executable, *COMMANDS[name]],
            cwd=ROOT,
            env=self.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill(self, name: str) -> None:
        """SIGKILL to the process and everything below it."""
        for process in reversed(self.family(name)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.processes.pop(name).wait()

    def family(self, name: str) -> list[psutil.Process]:
        """The process of this name and everything below it."""
        root = psutil.Process(self.processes[name].pid)
        return [root, *root.children(recursive=True)]

    def sql(self, statement: LiteralString, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database) as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def ask(self, what: str, **body: Any) -> Any:
        """Ask the sandbox's own door; with a body, order something there."""
        address = f"{self.tiktok_url}/sandbox/{what}"
        answer = requests.request("POST" if body else "GET", address, json=body, timeout=300)
        answer.raise_for_status()
        return answer.json()

    def _is_ready(self) -> bool:
        try:
            pages = [requests.get(f"{url}/", timeout=5) for url in (self.tiktok_url,)]
            pages.append(requests.get(f"{self.url}/readyz", timeout=5))
        except requests.ConnectionError:
            return False
        return all(page.ok for page in pages)
