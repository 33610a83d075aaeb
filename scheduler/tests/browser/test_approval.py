"""Two people, each with a browser: one asks, the other answers, until it is published."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from scheduler.tests.house import House
from tiktok.tests.stage import PASSWORD

STAGE = """
from pathlib import Path
from accounts.models import Role, Workspace
from posts.media.probe import examine
from scheduler.tests.browser.gallery import Film
from tiktok.tests import stage
olga = stage.person("olga", time_zone="Europe/Berlin")
kim = stage.person("kim", time_zone="Europe/Berlin")
workspace = Workspace.personal_for(olga)
workspace.memberships.create(user=kim, role=Role.CONTRIBUTOR)
channel = stage.connected_channel(workspace, "olgas.boats")
clip, poster = Path({clip!r}), Path({poster!r})
examine(clip, poster_path=poster)
medium = Film(clip, poster.read_bytes()).medium(workspace)
print(stage.composed(kim, channel, [medium], caption="A rope and a knot").post_id)
"""


@pytest.fixture
def kims(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context()


def log_in(page: Page, house: House, name: str) -> Page:
    page.set_default_timeout(15_000)
    page.goto(f"{house.url}/account/login/")
    page.get_by_label("Username or email").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    return page


def test_what_is_asked_is_sent_back_asked_again_approved_and_published(
    at_home: Page, kims: BrowserContext, house: House, clip: Path
):
    poster = str(house.folder / "poster.jpg")
    post = house.shell(STAGE.format(clip=str(clip), poster=poster)).splitlines()[-1]
    detail = f"{house.url}/app/posts/{post}/"
    olga, kim = log_in(at_home, house, "olga"), log_in(kims.new_page(), house, "kim")

    ask(kim, detail, note="Is the knot right?")
    expect(kim.locator(".badge").first).to_have_text("Awaiting approval")
    expect(kim.get_by_role("button", name="Approve")).to_have_count(0)

    olga.goto(house.url)
    olga.get_by_role("link", name="To approve").click()
    olga.get_by_role("link", name="A rope and a knot").click()
    expect(olga.get_by_text("Is the knot right?").first).to_be_visible()
    olga.evaluate("window.stillTheSamePage = true")
    olga.get_by_label("Comment").fill("@kim, which knot is it?")
    olga.get_by_role("button", name="Comment").click()
    expect(olga.locator(".timeline").get_by_text("which knot is it?")).to_be_visible()
    assert olga.evaluate("window.stillTheSamePage") is True
    olga.get_by_text("Send back", exact=True).click()
    olga.get_by_label("What should change?").fill("Name the knot.")
    olga.get_by_role("button", name="Send it back").click()
    expect(olga.locator(".badge").first).to_have_text("Draft")

    kim.goto(detail)
    expect(kim.locator("#sent-back")).to_contain_text("Name the knot.")
    ask(kim, detail, note="It is a bowline.", caption="A rope and a bowline")

    olga.goto(detail)
    expect(olga.locator(".changes ins")).to_have_text("bowline")
    expect(olga.locator(".changes del")).to_have_text("knot")
    tomorrow_at_noon(olga)
    olga.get_by_role("button", name="Approve for this time").click()
    expect(olga.locator(".badge").first).to_have_text("Scheduled")
    olga.get_by_role("button", name="Publish now").click()
    expect(olga.locator(".badge").first).to_have_text("Published", timeout=120_000)


def ask(page: Page, detail: str, *, note: str, caption: str = "") -> None:
    page.goto(f"{detail}edit/")
    if caption:
        page.get_by_role("textbox", name="Caption").fill(caption)
    page.get_by_label("A note for whoever looks at it").fill(note)
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.get_by_text("Sent for approval.")).to_be_visible()


def tomorrow_at_noon(page: Page) -> None:
    tomorrow = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(days=1)
    page.get_by_label("Date", exact=True).fill(f"{tomorrow:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill("12:00")
