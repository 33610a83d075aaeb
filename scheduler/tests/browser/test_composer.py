"""The composer in a real browser: what is locked, said and kept while a person writes."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from scheduler.tests.browser.test_main_job import upload
from scheduler.tests.house import House
from tiktok.tests.stage import PASSWORD

A_PERSON_WITH_AN_ACCOUNT = """
from accounts.models import Workspace
from tiktok.tests import stage
dana = stage.person("dana", time_zone="Europe/Berlin")
stage.connected_channel(Workspace.personal_for(dana), "dana.draws")
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    """One that only these stories live in: others begin at a TikTok where nobody is yet."""
    with House(tmp_path_factory.mktemp("danas-house")) as house:
        house.shell(A_PERSON_WITH_AN_ACCOUNT)
        # Each look at the composer asks TikTok, and these stories look often; see `composer`.
        patience = {"creator_info_per_window": 10_000}
        requests.post(f"{house.sandbox_url}/sandbox/settings", json=patience, timeout=10)
        yield house


@pytest.fixture
def composer(at_home: Page, house: House) -> Page:
    page = at_home
    # Without motion, or a colour is measured while it is on its way to another.
    page.emulate_media(reduced_motion="reduce")
    house.ask_database("DELETE FROM tiktok_callbudget RETURNING id")  # a minute of its own
    page.goto(f"{house.url}/account/login/")
    page.get_by_label("Username or email").fill("dana")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.goto(f"{house.url}/app/posts/new/")
    return page


def publish_button(page: Page):
    """Whatever it is called: what goes into the inbox is not published by it."""
    return page.get_by_role("button", name=re.compile("^(Publish|Send to the TikTok inbox) now$"))


def why_off(page: Page) -> str:
    expect(publish_button(page)).to_be_disabled()
    reason = page.locator("[data-go-words]").inner_text()
    assert page.locator("[data-go-reason]").first.get_attribute("title") == reason
    return reason


def test_the_buttons_say_what_is_missing(composer: Page, house: House, clip: Path):
    page = composer
    assert why_off(page) == "Upload a video or photos first."
    upload(page, house, clip)
    assert why_off(page) == "Choose who can see this video."

    page.get_by_label("Who can see this video").select_option("PUBLIC_TO_EVERYONE")
    expect(publish_button(page)).to_be_enabled()

    page.get_by_role("switch", name="Disclose post content").check()
    assert why_off(page) == (
        "You need to indicate if your content promotes yourself, a third party, or both."
    )
    page.get_by_label("Your brand").check()
    expect(publish_button(page)).to_be_enabled()
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("Choose a time.")).to_be_visible()

    page.get_by_role("textbox", name="Caption").fill("👍" * 1_101)
    assert why_off(page) == "The caption is too long."
    expect(page.locator("[data-counter=id_caption]")).to_have_text("2 too many")


def test_labels_and_consent_follow_the_boxes(composer: Page):
    page = composer
    promotional = page.get_by_text("labeled as 'Promotional content'")
    partnership = page.get_by_text("labeled as 'Paid partnership'")
    policy = page.get_by_role("link", name="Branded Content Policy")
    music = page.get_by_role("link", name="Music Usage Confirmation")
    for hidden in (promotional, partnership, policy, page.get_by_label("Your brand")):
        expect(hidden).to_be_hidden()
    expect(music.and_(page.locator(":visible"))).to_have_count(1)

    page.get_by_role("switch", name="Disclose post content").check()
    expect(promotional).to_be_hidden()
    page.get_by_label("Your brand").check()
    expect(promotional).to_be_visible()
    page.get_by_label("Branded content").check()
    for shown in (partnership, policy):
        expect(shown).to_be_visible()
    expect(promotional).to_be_hidden()
    expect(music.and_(page.locator(":visible"))).to_have_count(1)

    page.get_by_role("switch", name="Disclose post content").uncheck()
    for hidden in (partnership, policy):
        expect(hidden).to_be_hidden()


def test_branded_content_and_privacy_lock_each_other(composer: Page):
    page = composer
    audience = page.get_by_label("Who can see this video")
    only_you = audience.locator("option[value=SELF_ONLY]")
    page.get_by_role("switch", name="Disclose post content").check()

    audience.select_option("SELF_ONLY")
    expect(page.get_by_label("Branded content")).to_be_disabled()
    expect(page.get_by_text("can not be visible to you only")).to_be_visible()

    audience.select_option("PUBLIC_TO_EVERYONE")
    page.get_by_label("Branded content").check()
    expect(only_you).to_be_disabled()
    sentence = "Branded content visibility cannot be set to private."
    expect(only_you).to_have_attribute("title", sentence)
    expect(page.get_by_text(sentence)).to_be_visible()


def test_the_road_to_the_inbox_asks_for_nothing_else(composer: Page, house: House, clip: Path):
    page = composer
    upload(page, house, clip)
    page.get_by_label("Send to my TikTok inbox as a draft").check()

    expect(page.get_by_label("Who can see this video")).to_be_hidden()
    expect(page.get_by_text("Open the notification there")).to_be_visible()
    expect(page.get_by_role("button", name="Send to the TikTok inbox now")).to_be_enabled()
    expect(page.get_by_role("button", name="Publish now")).to_have_count(0)


def test_at_the_daily_limit_a_later_day_can_be_planned(composer: Page, house: House, clip: Path):
    page = composer
    limit = {"endpoint": "creator_info", "kind": "code", "status": 200, "times": 1}
    limit |= {"code": "spam_risk_too_many_posts"}
    requests.post(f"{house.sandbox_url}/sandbox/troubles", json=limit, timeout=10)
    upload(page, house, clip)
    page.get_by_label("Who can see this video").select_option("SELF_ONLY")

    expect(page.get_by_role("button", name="Schedule")).to_be_enabled()
    expect(publish_button(page)).to_be_disabled()
    expect(page.get_by_text("Plan it for more than 24 hours from now")).to_be_visible()


def test_what_was_written_survives_a_reload_as_one_draft(composer: Page, house: House, clip: Path):
    page = composer
    upload(page, house, clip)
    page.get_by_role("textbox", name="Caption").fill("Ink on paper #drawing")
    page.get_by_label("Who can see this video").select_option("SELF_ONLY")
    page.locator("[data-cover-range]").fill("1200")
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    expect(page).to_have_url(re.compile(r"/app/posts/\d+/edit/$"))
    page.wait_for_timeout(1_500)  # the pause after which the last change is kept

    page.reload()

    expect(page.get_by_role("textbox", name="Caption")).to_have_value("Ink on paper #drawing")
    expect(page.get_by_label("Who can see this video")).to_have_value("SELF_ONLY")
    expect(page.locator("[data-cover-words]")).to_have_text("At 0:01.2")
    expect(page.get_by_text("Ready to post")).to_be_visible()
    expect(page.locator("#preview-caption .tag")).to_have_text("#drawing")
    page.goto(f"{house.url}/app/posts/?text=Ink+on+paper")
    expect(page.locator(".row")).to_have_count(1)


def test_a_wrong_file_is_refused_in_plain_words(composer: Page, tmp_path: Path, clip: Path):
    page = composer
    letter = tmp_path / "letter.mp4"
    letter.write_text("Dear editor,\n" * 100)
    page.locator("input[type=file]").set_input_files(letter)

    expect(page.get_by_text("“letter.mp4” can not be posted")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("This file is neither a video nor a photo")).to_be_visible()
    page.get_by_role("button", name="Choose another file").click()
    expect(page.get_by_text("Choose a video or photos, or drop them here")).to_be_visible()
    expect(page.locator("[name=medium]")).to_have_count(0)


def test_an_upload_shows_its_progress_and_can_be_cancelled(composer: Page, tmp_path: Path):
    page = composer
    large = tmp_path / "large.mp4"
    with large.open("wb") as file:
        file.truncate(150_000_000)
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1}
    slow.send("Network.emulateNetworkConditions", conditions | {"uploadThroughput": 2_000_000})
    page.locator("input[type=file]").set_input_files(large)

    expect(page.get_by_text("of 150 MB")).to_be_visible()
    expect(page.locator("[data-progress-percent]")).to_have_text(re.compile(r"^\d+ %$"))
    page.get_by_role("button", name="Cancel the upload").click()

    expect(page.get_by_text("Choose a video or photos, or drop them here")).to_be_visible()
    expect(page.locator("[data-upload-progress]")).to_be_hidden()
    expect(page.locator("[name=medium]")).to_have_count(0)


@pytest.fixture
def without_scripts(composer: Page, browser: Browser, house: House) -> Iterator[Page]:
    """The same person in a browser that runs no scripts."""
    context = browser.new_context(
        java_script_enabled=False, storage_state=composer.context.storage_state()
    )
    yield context.new_page()
    context.close()


def test_everything_works_without_scripts(without_scripts: Page, house: House, clip: Path):
    page = without_scripts
    page.goto(f"{house.url}/app/posts/new/")
    page.locator("input[type=file]").set_input_files(clip)
    page.get_by_role("button", name="Upload").click()
    for _ in range(60):
        if page.get_by_text("Ready to post").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    page.get_by_role("textbox", name="Caption").fill("By hand #paper")
    page.get_by_label("Who can see this video").select_option("SELF_ONLY")
    at = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(days=1)
    page.get_by_label("Date", exact=True).fill(f"{at:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill("18:30")
    page.get_by_role("button", name="Schedule", exact=True).click()

    expect(page.get_by_role("heading", name="By hand #paper")).to_be_visible()
    expect(page.locator(".badge").first).to_have_text("Scheduled")
    page.get_by_text("Another time").click()
    page.get_by_label("Time", exact=True).fill("19:45")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("19:45").first).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".badge").first).to_have_text("Canceled")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_can_be_used_by_everybody(composer: Page, house: House, clip: Path, theme: str):
    page = composer
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    upload(page, house, clip)
    page.get_by_role("textbox", name="Caption").fill("A sketch #drawing")
    page.get_by_role("switch", name="Disclose post content").check()
    page.get_by_label("Branded content").check()
    look_at(page)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".badge").first).to_have_text("Draft")
    look_at(page)
    page.goto(f"{house.url}/app/posts/")
    look_at(page)


def look_at(page: Page) -> None:
    """No rule of accessibility is broken, and nothing scrolls sideways on any screen."""
    for width in (1440, 768, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        broken = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in broken] == []
