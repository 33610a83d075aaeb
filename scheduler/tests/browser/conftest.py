"""A real Chromium that speaks up about anything a page should not do."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from scheduler.tests.browser.launching import CHROMIUM, LAUNCH
from scheduler.tests.house import House

# Playwright's loop runs in the main thread; the tests ask the database there all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    assert CHROMIUM, "Install Debian's package chromium: the browser tests need it."
    return LAUNCH


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("house")) as house:
        yield house


@pytest.fixture
def complaints(context: BrowserContext, house: House) -> Iterator[list[str]]:
    """What the browser complained about, and every request to a foreign host; must stay empty."""
    heard: list[str] = []
    known = (house.url, house.sandbox_url, "blob:", "data:")

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            heard.append(message.text)

    def watch(request: Request) -> None:
        if not request.url.startswith(known):
            heard.append(f"foreign request: {request.url}")

    context.on("console", listen)
    context.on("request", watch)
    context.on("weberror", lambda error: heard.append(str(error.error)))
    yield heard
    assert heard == []


@pytest.fixture
def at_home(page: Page, house: House, complaints: list[str]) -> Page:
    """A page at the front door."""
    page.set_default_timeout(15_000)
    page.goto(house.url)
    return page


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    return {"timezone_id": "Europe/Berlin", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture(scope="session")
def clip(tmp_path_factory) -> Path:
    """A video of three seconds that is worth looking at."""
    from posts.media.sample import make_sample_video

    path = tmp_path_factory.mktemp("clip") / "Sunrise over the ridge.mp4"
    make_sample_video(path, seconds=3, width=540, height=960)
    return path
