"""The web process as gunicorn runs it, and what strange clients can do to it."""

import importlib
import socket
from types import SimpleNamespace

import pytest
import requests

from scheduler.tests.house import House, wait_for


@pytest.fixture
def web(tmp_path):
    house = House(tmp_path)
    house.manage("prepare")
    house.start("web")

    def answers() -> bool:
        try:
            return requests.get(f"{house.url}/healthz", timeout=5).ok
        except requests.ConnectionError:
            return False

    try:
        wait_for(answers, what="the web process answering")
        yield house
    finally:
        house.stop("web")


def test_a_header_does_not_move_the_house(web):
    """A proxy that keeps strangers away from /admin/ must see the address that we see."""
    moved = requests.get(
        f"{web.url}/elsewhere/healthz", headers={"Script_Name": "/elsewhere"}, timeout=5
    )

    assert moved.status_code == 404


@pytest.fixture
def stalled(monkeypatch):
    """A connection that the web process has taken, and whose client does nothing."""
    monkeypatch.setenv("DATABASE_POOL", "off")  # reading the file would set it
    conf = importlib.import_module("scheduler.gunicorn_conf")
    monkeypatch.setattr(conf, "STALLED_SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        conf.when_ready(SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)]))
        with socket.create_connection(listener.getsockname()):
            taken, _ = listener.accept()
            with taken:
                yield taken


def test_a_client_that_sends_nothing_loses_its_thread(stalled):
    with pytest.raises(BlockingIOError):
        stalled.recv(1)


def test_a_client_that_takes_nothing_loses_its_thread(stalled):
    with pytest.raises(BlockingIOError):
        stalled.sendall(bytes(50_000_000))
