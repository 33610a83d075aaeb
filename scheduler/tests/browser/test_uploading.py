"""Uploading in parts from a real browser: pauses, a connection that breaks, another visit."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Page, Request, Route, expect

from scheduler.tests.browser.test_composer import A_PERSON_WITH_AN_ACCOUNT, composer
from scheduler.tests.house import House

__all__ = ["composer"]  # a fixture: a person who is about to write a post

SIZE = 26_000_000  # bytes: four parts of 6 MB, and one of 2
PARTS = [1, 2, 3, 4, 5]
PATIENCE = 60_000  # milliseconds


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("house-of-parts"), UPLOAD_PART_MB="6") as house:
        house.shell(A_PERSON_WITH_AN_ACCOUNT)
        yield house


@pytest.fixture(scope="module")
def large(tmp_path_factory, clip: Path) -> Path:
    """A video that is as long as it says, with a tail that no player minds."""
    path = tmp_path_factory.mktemp("large") / "sunrise.mp4"
    content = clip.read_bytes()
    free = (SIZE - len(content)).to_bytes(4, "big") + b"free"
    path.write_bytes((content + free + bytes(range(256)) * 110_000)[:SIZE])
    return path


@pytest.fixture
def sent(composer: Page) -> list[int]:
    """The numbers of the parts that have arrived."""
    arrived: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PUT" and (number := re.search(r"(?<=/parts/)\d+", request.url)):
            arrived.append(int(number[0]))

    composer.on("requestfinished", note)
    return arrived


class Line:
    """How the browser reaches the world."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")

    def becomes(self, *, offline: bool = False, upload: int = -1) -> None:
        """`upload` is in bytes a second; -1 is as fast as it goes."""
        conditions = {"offline": offline, "latency": 0, "downloadThroughput": -1}
        self.session.send(
            "Network.emulateNetworkConditions", conditions | {"uploadThroughput": upload}
        )


@pytest.fixture
def line(composer: Page) -> Line:
    return Line(composer)


def choose(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)


def is_ready(page: Page) -> None:
    expect(page.get_by_text("Ready to post")).to_be_visible(timeout=PATIENCE)


def wait_for_part(page: Page, sent: list[int], number: int) -> None:
    while number not in sent:
        page.wait_for_event("requestfinished", timeout=PATIENCE)


def digest_in(house: House) -> str:
    """The SHA-256 of the newest file in the store, over the bytes themselves."""
    [(key,)] = house.ask_database(
        "SELECT storage_key FROM posts_media ORDER BY created_at DESC LIMIT 1"
    )
    return hashlib.sha256((house.folder / "uploads" / key).read_bytes()).hexdigest()


def test_a_large_file_arrives_in_parts(composer: Page, house: House, large: Path, sent):
    choose(composer, large)

    is_ready(composer)
    assert sent == PARTS
    assert digest_in(house) == hashlib.sha256(large.read_bytes()).hexdigest()


def test_a_connection_that_breaks_is_waited_out(
    composer: Page, house: House, large: Path, sent, line: Line, complaints: list[str]
):
    line.becomes(upload=3_000_000)
    choose(composer, large)
    wait_for_part(composer, sent, 1)

    line.becomes(offline=True)
    expect(composer.get_by_text("You are offline, waiting.")).to_be_visible(timeout=PATIENCE)
    before = list(sent)
    line.becomes()

    is_ready(composer)
    assert sent == PARTS, before
    assert digest_in(house) == hashlib.sha256(large.read_bytes()).hexdigest()
    assert {each for each in complaints if "ERR_INTERNET_DISCONNECTED" not in each} == set()
    complaints.clear()


def test_another_visit_goes_on_where_it_was(
    composer: Page, house: House, large: Path, sent, line: Line, tmp_path: Path
):
    page = composer
    page.on("dialog", lambda dialog: dialog.accept())  # yes, leave this page
    line.becomes(upload=3_000_000)
    choose(page, large)
    wait_for_part(page, sent, 1)
    line.becomes(upload=100_000)  # which leaves a minute for each of the others
    paused = page.get_by_text("Paused. What has arrived is kept")
    page.get_by_role("button", name="Pause").click()
    expect(paused).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Resume").click()
    expect(paused).to_be_hidden(timeout=PATIENCE)
    page.get_by_role("button", name="Pause").click()
    expect(paused).to_be_visible(timeout=PATIENCE)

    page.reload()
    expect(page.get_by_text("Not finished yet.")).to_be_visible(timeout=PATIENCE)
    here = sorted(sent)
    assert here == PARTS[: len(here)]
    done = sum(min(6_000_000, SIZE - 6_000_000 * (number - 1)) for number in here)
    expect(page.get_by_text(f"{100 * done // SIZE} % is here")).to_be_visible(timeout=PATIENCE)

    # A file as long as it, and as far as it goes, is another one.
    other = tmp_path / "other.mp4"
    other.write_bytes(bytes(SIZE))
    choose(page, other)
    expect(page.get_by_text("Uploading “other.mp4”")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Cancel the upload").click()
    expect(page.get_by_text("Choose a video or photos, or drop them here")).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.locator("[data-unfinished]")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator("[data-unfinished]")).to_contain_text("sunrise.mp4")

    line.becomes()
    sent.clear()
    choose(page, large)
    is_ready(page)
    assert here + sent == PARTS
    assert digest_in(house) == hashlib.sha256(large.read_bytes()).hexdigest()
    assert house.ask_database("SELECT count(*) FROM posts_upload") == [(0,)]


def test_what_is_cancelled_before_the_server_answers_is_given_up_too(
    composer: Page, house: House, large: Path
):
    held: list[tuple[Route, APIResponse]] = []
    composer.route("**/uploads/", lambda route: held.append((route, route.fetch())))
    choose(composer, large)
    while not held:
        composer.wait_for_timeout(50)  # milliseconds; lets Playwright's own loop turn
    assert house.ask_database("SELECT count(*) FROM posts_upload") == [(1,)]

    composer.get_by_role("button", name="Cancel the upload").click()
    [(route, answer)] = held
    route.fulfill(response=answer)

    expect(composer.get_by_text("Choose a video or photos, or drop them here")).to_be_visible()
    assert house.ask_database("SELECT count(*) FROM posts_upload") == [(0,)]
