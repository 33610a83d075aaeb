"""The whole house as real processes: sandbox, web, worker and dispatcher on ports of their own."""

import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg
import requests
from django.conf import settings

TEMPLATE = "house_template"  # migrated once for all houses, which takes seconds each time


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(condition: Callable[[], Any], *, seconds: float = 30, what: str = "") -> Any:
    """What `condition` returns as soon as it is true; a failure after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what or condition} did not happen within {seconds} s")


class House:
    """Use it as a context manager; `folder` keeps its database, files and logs."""

    COMMANDS = {
        "sandbox": ["manage.py", "tiktok_sandbox"],
        "web": ["-m", "gunicorn", "-c", "scheduler/gunicorn_conf.py", "scheduler.wsgi"],
        "worker": ["manage.py", "work"],
        "dispatcher": ["manage.py", "dispatch"],
    }

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port, self.sandbox_port = free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        self.sandbox_url = f"http://127.0.0.1:{self.sandbox_port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = (
            {
                name: value
                for name, value in os.environ.items()
                if name in {"PATH", "HOME", "LANG", "PYTHONPATH"}
            }
            | {
                "PORT": str(self.port),
                "SANDBOX_PORT": str(self.sandbox_port),
                "SITE_URL": self.url,
                "SECRET_KEY": os.environ["SECRET_KEY"],
                "DATABASE_URL": _database_of_its_own(folder),
                "MEDIA_ROOT": str(folder / "uploads"),
                "SANDBOX_STATE": str(folder / "sandbox"),
                "EMAIL_URL": "console:",
            }
            | environment
        )

    def __enter__(self) -> Self:
        self.manage("prepare")
        with ExitStack() as leaves_nobody_behind:
            leaves_nobody_behind.push(self.__exit__)
            for name in self.COMMANDS:
                self.start(name)
            wait_for(self.is_ready, seconds=60, what="the house being ready")
            leaves_nobody_behind.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes.values():  # all at once: none of them waits for another
            process.send_signal(signal.SIGTERM)
        for name in list(self.processes):
            self.stop(name)
        for name in self.COMMANDS:  # pytest shows this when the test has failed
            sys.stdout.write(f"--- {name} ---\n{self.log(name)[-4000:]}\n")

    def manage(self, *arguments: str) -> str:
        """Run a command of `manage.py` to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def shell(self, code: str) -> str:
        """Run Python inside the app, on the house's own database."""
        return self.manage("shell", "--no-imports", "-c", code).strip()

    def ask_database(self, question: str) -> list[tuple[Any, ...]]:
        """What the house's own database answers, without starting a process for it."""
        url = self.environment["DATABASE_URL"]
        if url.startswith("sqlite"):
            with closing(
                sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30, isolation_level=None)
            ) as database:
                return database.execute(question).fetchall()
        with psycopg.connect(url) as server:
            return server.execute(question.encode()).fetchall()

    def state_of(self, publication: str) -> str:
        question = f"SELECT state FROM posts_publication WHERE id = {int(publication)}"
        [(state,)] = self.ask_database(question)
        return str(state)

    def start(self, name: str, **environment: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, *self.COMMANDS[name]],
            cwd=settings.BASE_DIR,
            env=self.environment | environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self.processes[name] = process
        return process

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def is_ready(self) -> bool:
        try:
            sandbox = requests.get(f"{self.sandbox_url}/", timeout=5)
            web = requests.get(f"{self.url}/readyz", timeout=5)
        except (requests.ConnectionError, requests.Timeout):
            return False
        return sandbox.ok and web.ok


def _database_of_its_own(folder: Path) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    if parts.scheme == "sqlite":
        return f"sqlite:///{folder / 'house.sqlite3'}"
    name = f"house_{secrets.token_hex(4)}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", [TEMPLATE])
        if not server.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]
        ).fetchone():
            server.execute(f'CREATE DATABASE "{TEMPLATE}"')
            _migrate(urlunsplit(parts._replace(path=f"/{TEMPLATE}")))
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{TEMPLATE}"')
    return urlunsplit(parts._replace(path=f"/{name}"))


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": url},
        check=True,
    )
