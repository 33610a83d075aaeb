"""The sandbox as a process of its own: started, killed, started again."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from tiktok.sandbox import Sandbox, SandboxError
from tiktok.tests.sandbox.caller import (
    FILM,
    VIDEO_INIT,
    Caller,
    begin_put,
    chunked,
    put,
    sha256,
    until,
)

ROOT = Path(__file__).parents[3]
CHUNK = 5_000_000
BIG_FILM = FILM + os.urandom(2 * CHUNK - len(FILM))
AS_MODULE = [sys.executable, "-m", "tiktok.sandbox"]
BACK_TO_THE_FIRST_VERSION = """
DROP TABLE webhooks;
DROP TABLE pulls;
ALTER TABLE publications DROP COLUMN pulled;
ALTER TABLE publications DROP COLUMN is_photos;
ALTER TABLE publications DROP COLUMN title;
ALTER TABLE publications DROP COLUMN auto_add_music;
ALTER TABLE publications DROP COLUMN photo_cover_index;
PRAGMA user_version = 1;
"""
# The command needs nothing of the project's but these two settings.
AS_COMMAND = [
    sys.executable,
    "-c",
    "import sys\n"
    "from django.conf import settings\n"
    "settings.configure(SITE_URL='http://localhost:8000', SANDBOX_PORT=0, SANDBOX_STATE='unused')\n"
    "from django.core.management import ManagementUtility\n"
    "from tiktok.management.commands.tiktok_sandbox import Command\n"
    "Command().run_from_argv(['manage.py', 'tiktok_sandbox', *sys.argv[1:]])\n",
]


class Process:
    """A sandbox that runs elsewhere, and can be killed."""

    def __init__(self, state: Path, *, port: int = 0, how: list[str] = AS_MODULE) -> None:
        self.process = subprocess.Popen(
            [*how, "--port", str(port), "--state", str(state)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.output = self.process.stdout
        self.greeting = self.output.readline()
        [self.url] = re.findall(r"http://127\.0\.0\.1:\d+", self.greeting)
        self.port = int(self.url.rpartition(":")[2])

    def get(self, what: str) -> dict[str, Any]:
        return requests.get(f"{self.url}/sandbox/{what}", timeout=10).json()

    def order(self, what: str, **body) -> dict[str, Any]:
        return requests.post(f"{self.url}/sandbox/{what}", json=body, timeout=10).json()

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(10)
        self.output.close()
        return code


@pytest.fixture
def start(tmp_path):
    started = []

    def start(**options):
        started.append(Process(tmp_path / "state", **options))
        return started[-1]

    yield start
    for each in started:
        if each.process.poll() is None:
            each.end(signal.SIGKILL)


@pytest.mark.parametrize("how", [AS_MODULE, AS_COMMAND], ids=["module", "command"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_when_told(start, how, number):
    process = start(how=how)
    assert process.greeting.startswith(f"TikTok sandbox: {process.url}/ (")
    assert requests.get(process.url, timeout=10).status_code == 200
    # An idle connection that stays open keeps nobody from stopping.
    with socket.create_connection(("127.0.0.1", process.port)):
        assert process.end(number) == 0


def test_a_call_that_is_held_keeps_nobody_from_stopping(tmp_path, in_thread):
    sandbox = Sandbox(tmp_path / "state").start()
    sandbox.make_creator("alice")
    alice = Caller(sandbox, sandbox.connect("alice")["access_token"])
    trouble = sandbox.add_trouble("video_init", "hold")
    answer = in_thread(alice.init)
    assert sandbox.wait_for_trouble(trouble)
    began = time.monotonic()
    sandbox.stop()
    assert time.monotonic() - began < 3
    assert answer().code == "ok"  # it is let go and still answered
    sandbox.stop()  # a second time does no harm


@pytest.mark.parametrize("how", [AS_MODULE, AS_COMMAND], ids=["module", "command"])
def test_a_taken_port_gets_one_clear_line(tmp_path, how):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = subprocess.run(
            [*how, "--port", str(port), "--state", str(tmp_path / "state")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert answer.returncode == 1
    [line] = answer.stderr.strip().splitlines()
    assert f"can not listen on 127.0.0.1:{port}: Address already in use" in line


def test_a_taken_folder_gets_one_clear_line(tmp_path, sandbox):
    with pytest.raises(SandboxError, match="Another sandbox already uses"):
        Sandbox(tmp_path / "state").start()
    assert requests.get(sandbox.url, timeout=10).status_code == 200


def test_a_kill_in_mid_upload_loses_only_the_chunk_on_its_way(start):
    first = start()
    first.order("settings", processing_seconds=0, moderation_seconds=0)
    first.order("creators", handle="alice")
    token = first.order("connect", creator="alice")["access_token"]
    post = {"privacy_level": "PUBLIC_TO_EVERYONE"}
    body = {"post_info": post, "source_info": chunked(len(BIG_FILM), CHUNK, 2)}
    data = Caller(first, token).post(VIDEO_INIT, body).data
    assert put(data["upload_url"], BIG_FILM[:CHUNK], 0, len(BIG_FILM)).status_code == 206
    half = begin_put(
        data["upload_url"], BIG_FILM[CHUNK : CHUNK + 1_000_000], CHUNK, len(BIG_FILM), CHUNK
    )
    until(lambda: len(first.get("uploads")["uploads"][0]["puts"]) == 2)
    first.order("troubles", endpoint="status", kind="code", times=1)
    assert first.end(signal.SIGKILL) == -signal.SIGKILL
    half.close()

    second = start(port=first.port)

    alice = Caller(second, token)
    assert alice.post("/v2/post/publish/status/fetch/", {}).code == "internal_error"
    assert alice.status(data["publish_id"])["uploaded_bytes"] == CHUNK
    assert put(data["upload_url"], BIG_FILM[CHUNK:], CHUNK, len(BIG_FILM)).status_code == 201
    [video] = second.get("videos")["videos"]
    assert (video["sha256"], video["public"]) == (sha256(BIG_FILM), True)
    [upload] = second.get("uploads")["uploads"]
    assert [sent["status"] for sent in upload["puts"]] == [206, None, 201]
    first_call = second.get("requests")["requests"][0]
    assert (first_call["endpoint"], first_call["creator"]) == ("video_init", "alice")


def test_processing_goes_on_while_nobody_runs(tmp_path):
    folder = tmp_path / "state"
    with Sandbox(folder) as sandbox:
        sandbox.change_settings(processing_seconds=0.2, moderation_seconds=0)
        sandbox.make_creator("alice")
        token = sandbox.connect("alice")["access_token"]
        publish_id = Caller(sandbox, token).publish()
    with Sandbox(folder) as sandbox:
        alice = Caller(sandbox, token)
        until(lambda: alice.status(publish_id)["status"] == "PUBLISH_COMPLETE")
        assert sandbox.state()["settings"]["processing_seconds"] == 0.2


def test_a_state_of_an_older_version_is_brought_up_to_date(tmp_path):
    folder = tmp_path / "state"
    with Sandbox(folder) as sandbox:
        sandbox.make_creator("alice")
        token = sandbox.connect("alice")["access_token"]
        publish_id = Caller(sandbox, token).publish()
    with closing(sqlite3.connect(folder / "sandbox.sqlite3")) as db:
        now = tables_of(db)
        db.executescript(BACK_TO_THE_FIRST_VERSION)
    with Sandbox(folder) as sandbox:
        alice = Caller(sandbox, token)
        assert alice.status(publish_id)["status"] != "FAILED"
        alice.publish()
        until(lambda: len(sandbox.videos()) == 2)
    with closing(sqlite3.connect(folder / "sandbox.sqlite3")) as db:
        assert tables_of(db) == now


def tables_of(db: sqlite3.Connection) -> dict[str, set[Any]]:
    """The columns of each table: name, type, whether it may be empty, default."""
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {name: {row[1:5] for row in db.execute(f"PRAGMA table_info({name})")} for name in names}


def test_a_state_of_a_newer_version_is_not_touched(tmp_path):
    folder = tmp_path / "state"
    folder.mkdir()
    with sqlite3.connect(folder / "sandbox.sqlite3") as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(SandboxError, match="newer version"):
        Sandbox(folder).start()


def test_hundreds_of_connections_at_once(sandbox, alice, in_thread):
    idle = [socket.create_connection(("127.0.0.1", sandbox.port)) for _ in range(300)]
    try:
        sandbox.change_settings(init_per_window=1_000, direct_post_cap=1_000)
        done = [in_thread(lambda: alice_publishes(sandbox)) for _ in range(60)]
        assert len({publish() for publish in done}) == 60
        assert len(sandbox.videos()) == 60
    finally:
        for connection in idle:
            connection.close()


def alice_publishes(sandbox):
    token = sandbox.connect("alice")["access_token"]
    return Caller(sandbox, token).publish()


def test_the_memory_does_not_grow_with_the_file(start):
    process = start()
    process.order("creators", handle="alice")
    token = process.order("connect", creator="alice")["access_token"]

    def publish(size):
        data = Caller(process, token).init(size).data
        assert put(data["upload_url"], bytes(size)).status_code == 201

    def peak():
        status = Path(f"/proc/{process.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])

    publish(1_000_000)
    before = peak()
    publish(64_000_000)
    assert peak() - before < 8_000
