"""Every line says which request and which publication it belongs to."""

import io
import logging
import re

import pytest

from posts.in_hand import publication_in_hand
from scheduler.logs import request_in_hand


@pytest.fixture
def lines(monkeypatch):
    """What our own handler writes, in our own format."""
    written = io.StringIO()
    [handler] = [each for each in logging.getLogger("django").handlers if each.name == "console"]
    monkeypatch.setattr(handler, "stream", written)
    return lambda: written.getvalue().splitlines()


def ids_of(line: str) -> tuple[str, str]:
    found = re.search(r"request=(\S+) publication=(\S+)", line)
    assert found is not None, line
    return found.group(1), found.group(2)


@pytest.mark.django_db
def test_a_line_from_a_request_carries_its_id(client, lines):
    response = client.get("/.well-known/nothing-is-here", headers={"X-Request-ID": "proxy-12345"})

    assert response.headers["X-Request-ID"] == "proxy-12345"
    [line] = [line for line in lines() if "nothing-is-here" in line]
    assert ids_of(line) == ("proxy-12345", "-")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_line_tells_the_address_of_what_a_platform_fetches(client, lines, method):
    getattr(client, method)("/pulled/q7Zr-the-secret/1.jpg")
    logging.getLogger("django").error("broken at %s", "http://localhost/pulled/q7Zr-the-secret/1")

    assert lines() != []
    assert [line for line in lines() if "the-secret" in line] == []


def test_a_request_without_an_id_gets_one_of_its_own(client):
    ids = [client.get("/healthz").headers["X-Request-ID"] for _ in range(2)]
    assert all(re.fullmatch(r"[0-9a-f]{16}", each) for each in ids)
    assert ids[0] != ids[1]


@pytest.mark.parametrize("forged", ["short", "x" * 65, "two\twords", "<script>alert(1)</script>"])
def test_an_id_that_could_forge_a_line_is_not_taken(client, forged):
    response = client.get("/healthz", headers={"X-Request-ID": forged})
    assert re.fullmatch(r"[0-9a-f]{16}", response.headers["X-Request-ID"])


def test_the_id_does_not_outlive_its_request(client):
    client.get("/healthz", headers={"X-Request-ID": "proxy-12345"})
    assert request_in_hand.get() == "-"


def test_a_line_of_a_worker_carries_its_publication(lines):
    in_hand = publication_in_hand.set(42)
    try:
        logging.getLogger("django").warning("the platform is slow")
    finally:
        publication_in_hand.reset(in_hand)
    logging.getLogger("django").warning("nothing in hand")

    assert [ids_of(line) for line in lines()] == [("-", "42"), ("-", "-")]
