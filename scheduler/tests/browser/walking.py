"""Every page of a house, read from the map of addresses: as a visitor and as who lives there."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import requests
from playwright.sync_api import Page

from scheduler.tests.addresses import all_addresses
from scheduler.tests.house import House
from tiktok.tests.stage import PASSWORD

FILL = "import json; from scheduler.tests.browser import gallery; print(json.dumps(gallery.fill()))"
# Not pages: answers for scripts and players, and doors for machines.
NO_PAGES = re.compile(
    r"posts:(media_|uploads|state$|autosave$|plan$)|^(healthz|readyz|pulled)$|(avatar|webhook)$"
)
# After the theme has changed, or a colour is measured while it is on its way to another.
TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True)
class Place:
    name: str  # of its file
    path: str


class Gallery(House):
    """Without the processes that publish: what is shown stays as it is."""

    COMMANDS = {name: House.COMMANDS[name] for name in ("sandbox", "web")}

    def __init__(self, folder: Path, **environment: str) -> None:
        super().__init__(folder, **environment)
        self.known: dict[str, object] = {}

    def fill(self) -> None:
        patience = {"creator_info_per_window": 10_000}
        requests.post(f"{self.sandbox_url}/sandbox/settings", json=patience, timeout=10)
        self.known = json.loads(self.shell(FILL).splitlines()[-1])

    def is_ready(self) -> bool:
        """Its web process answers; nobody publishes here, which /readyz would miss."""
        try:
            answers = [requests.get(f"{url}", timeout=5) for url in (self.url, self.sandbox_url)]
        except (requests.ConnectionError, requests.Timeout):
            return False
        return all(answer.ok for answer in answers)

    def places(self) -> Iterator[Place]:
        """Each address that shows a page when it is asked for, and a post in each state."""
        for address in all_addresses():
            if NO_PAGES.search(str(address)) or not set(address.arguments) <= set(self.known):
                continue
            yield Place(_file_name(str(address)), address.path(self.known))
        yield Place("no-such-page", "/no-such-page/")
        for name, post_id in self.known.items():
            if name.startswith("post in "):
                yield Place(_file_name(name), f"/app/posts/{post_id}/")

    def log_in(self, page: Page) -> None:
        page.goto(f"{self.url}/account/login/")
        page.get_by_label("Username or email").fill("dana")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Log in", exact=True).click()
        page.get_by_role("heading", name="Today", exact=True).wait_for()
        self.be_sure(page)

    def be_sure(self, page: Page) -> None:
        """Say once more who it is, as pages ask that can not be undone."""
        page.goto(f"{self.url}/account/reauthenticate/")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Continue", exact=True).click()
        page.wait_for_url(lambda url: "reauthenticate" not in url)

    def open(self, page: Page, place: Place) -> int:
        """The status of the page; 0 when this address shows none to who only looks."""
        url = f"{self.url}{place.path}"
        answer = page.request.get(url, max_redirects=0)
        is_page = "text/html" in answer.headers.get("content-type", "") and answer.text()
        if not is_page or answer.status in {HTTPStatus.FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
            return 0
        page.goto(url)
        return answer.status


def _file_name(words: str) -> str:
    return re.sub(r"\W+", "-", words).strip("-")
