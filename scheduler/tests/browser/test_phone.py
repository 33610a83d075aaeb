"""The inbox road to its end: the draft is delivered, a mail says so, a phone finishes it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from posts.tests.mail_server import MailServer, a_mail_server
from scheduler.tests.browser.walking import TWO_FRAMES
from scheduler.tests.house import House, wait_for
from tiktok.tests.stage import PASSWORD

A_DRAFT_THAT_IS_DUE = """
from pathlib import Path
from django.utils import timezone
from accounts.models import Workspace
from tiktok.tests import stage
erin = stage.person("erin", time_zone="Europe/Berlin")
workspace = Workspace.personal_for(erin)
channel = stage.connected_channel(workspace, "erin.eats")
medium = stage.stored_medium(workspace, Path({clip!r}))
publication = stage.composed(
    erin, channel, [medium], caption="Lunch, at last 🍜 #noodles", mode="inbox", privacy_level=""
)
publication.schedule(timezone.now(), by=erin)
print(publication.pk)
"""


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with a_mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory, mail_server: MailServer) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("erins-house")
    with House(folder, EMAIL_URL=f"smtp://127.0.0.1:{mail_server.port}") as house:
        yield house


@pytest.fixture
def phone(browser: Browser, house: House) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        permissions=["clipboard-read", "clipboard-write"],
        has_touch=True,
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def test_a_mail_leads_to_the_page_that_finishes_it(
    house: House, mail_server: MailServer, phone: Page, clip: Path
):
    publication = house.shell(A_DRAFT_THAT_IS_DUE.format(clip=str(clip)))

    [(to, mail)] = wait_for(lambda: mail_server.received, seconds=60, what="the mail")

    assert to == "erin@example.com"
    body = mail.get_body(("plain",))
    assert body is not None
    link = re.search(r"http\S+/finish/", body.get_content())
    assert link is not None
    # Without motion, or a colour is measured while it is on its way to another.
    phone.emulate_media(reduced_motion="reduce")
    phone.goto(link.group())
    phone.get_by_label("Username or email").fill("erin")
    phone.get_by_label("Password", exact=True).fill(PASSWORD)
    phone.get_by_role("button", name="Log in", exact=True).click()
    expect(phone.get_by_role("heading", name="Finish it in TikTok")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    for scheme in ("light", "dark"):
        phone.emulate_media(color_scheme=scheme)
        phone.evaluate(TWO_FRAMES)  # until it is drawn in the other colours
        broken = Axe().run(phone).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["failureSummary"]) for rule in broken] == []

    phone.get_by_role("button", name="Copy the caption").click()
    expect(phone.get_by_role("button", name="Copied")).to_be_visible()
    assert phone.evaluate("navigator.clipboard.readText()") == "Lunch, at last 🍜 #noodles"
    phone.get_by_role("button", name="I posted it").click()

    expect(phone.get_by_role("heading", name="Posted")).to_be_visible()
    expect(phone.get_by_text("Well done.")).to_be_visible()
    assert house.state_of(publication) == "published"
