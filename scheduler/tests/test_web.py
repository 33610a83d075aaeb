"""The web process as gunicorn runs it, asked by somebody on the other side of a proxy."""

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
