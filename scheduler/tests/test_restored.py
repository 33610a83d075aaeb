"""A copy of the database comes up elsewhere, after the original has published from it."""

from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from posts.models.heartbeat import Kind
from scheduler.tests.house import House, wait_for
from tiktok.tests.story import inits, live, tune

pytestmark = pytest.mark.django_db


class Sandbox:
    def __init__(self, house: House) -> None:
        self.url = house.sandbox_url


def copy_of(url: str) -> str:
    """Copy a database that nobody is connected to; the address of the copy."""
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    server = urlunsplit(parts._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"'.encode())
    return urlunsplit(parts._replace(path=f"/{name}_copy"))


def is_alive(house: House, kind: Kind) -> bool:
    question = f"SELECT COUNT(*) FROM posts_heartbeat WHERE kind = '{kind.value}'"
    return house.ask_database(question) != [(0,)]


@pytest.fixture
def house(tmp_path):
    with House(tmp_path, LEASE_SECONDS="3") as house:
        yield house


def test_a_copy_does_not_publish_what_the_original_has_published(house, video_file):
    sandbox = Sandbox(house)
    tune(sandbox, processing_seconds=0, moderation_seconds=0)
    for name in ("web", "worker", "dispatcher"):
        house.stop(name)
    said = house.shell(
        f"from tiktok.tests.stage import planned; print('id', planned({str(video_file)!r}))"
    )
    publication = said.rsplit("id ", 1)[1]
    copy = copy_of(house.environment["DATABASE_URL"])

    house.start("worker")
    house.start("dispatcher")
    wait_for(lambda: house.state_of(publication) == "published", seconds=60)
    house.stop("worker")
    house.stop("dispatcher")

    # The copy comes up, with the post still planned: under another identity it does nothing.
    house.environment["DATABASE_URL"] = copy
    assert house.state_of(publication) == "scheduled"
    house.start("worker")
    house.start("dispatcher")
    wait_for(lambda: is_alive(house, Kind.WORKER), what="the copy's worker")
    wait_for(lambda: is_alive(house, Kind.DISPATCHER), what="the copy's dispatcher")
    assert "Hints given: 0" in house.manage("dispatch", "--once")
    assert house.state_of(publication) == "scheduled"

    # It is adopted: what may be live already waits for a person.
    assert "1 held" in house.manage("adopt", "--yes")
    house.manage("reconcile")
    assert house.state_of(publication) == "held"
    assert "Hints given: 0" in house.manage("dispatch", "--once")
    assert len(live(sandbox)) == 1
    assert len(inits(sandbox)) == 1
