"""Photos in a real browser: chosen together, put in order by hand, and scheduled as one post."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from posts.media.sample import make_sample_photo
from scheduler.tests.browser.test_composer import house, look_at, why_off
from scheduler.tests.house import House
from tiktok.tests.stage import PASSWORD

__all__ = ["house"]  # a fixture: the house of those stories, anew for these


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    """Three photos of different kinds."""
    folder = tmp_path_factory.mktemp("photos")
    made = [folder / name for name in ("beach.jpg", "dune.png", "sea.webp")]
    for variation, path in enumerate(made):
        make_sample_photo(path, width=540, height=720, variation=variation)
    return made


@pytest.fixture
def composer(at_home: Page, house: House) -> Page:
    page = at_home
    # Without motion, or a colour is measured while it is on its way to another.
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{house.url}/account/login/")
    page.get_by_label("Username or email").fill("dana")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    page.goto(f"{house.url}/app/posts/new/")
    return page


def choose(page: Page, files: list[Path], *, in_all: int) -> None:
    page.locator("input[type=file]").set_input_files(files)
    expect(page.locator(".photo[data-state=ready]")).to_have_count(in_all, timeout=60_000)


def order(page: Page) -> list[str | None]:
    return [photo.get_attribute("data-name") for photo in page.locator(".photo").all()]


def drag(page: Page, name: str, *, onto: str) -> None:
    middles = []
    for each in (name, onto):
        box = page.locator(f".photo[data-name='{each}'] [data-handle]").bounding_box()
        assert box
        middles.append((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    (x, y), (to_x, to_y) = middles
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(to_x, to_y, steps=8)
    page.mouse.up()


def test_photos_are_put_in_order_get_a_cover_and_are_scheduled(
    composer: Page, house: House, files: list[Path]
):
    page = composer
    choose(page, files[:2], in_all=2)
    choose(page, files[2:], in_all=3)
    assert order(page) == ["beach.jpg", "dune.png", "sea.webp"]
    assert why_off(page) == "Choose who can see these photos."
    expect(page.get_by_label("Duet")).to_have_count(0)

    drag(page, "sea.webp", onto="beach.jpg")
    assert order(page) == ["sea.webp", "beach.jpg", "dune.png"]
    later = page.get_by_role("button", name="Move beach.jpg later")
    later.focus()
    page.keyboard.press("Enter")
    assert order(page) == ["sea.webp", "dune.png", "beach.jpg"]
    expect(page.locator("[data-photo-said]")).to_have_text("beach.jpg: place 3 of 3")

    page.get_by_role("textbox", name="Title").fill("Three mornings")
    page.keyboard.press("Enter")  # sends nothing
    page.get_by_role("textbox", name="Description").fill("At the sea #morning")
    expect(page.locator("[data-counter=id_title]")).to_have_text("14 / 90")
    page.get_by_role("group", name="Cover").get_by_role("radio", name="Photo 2").check()
    page.get_by_label("Who can see these photos").select_option("PUBLIC_TO_EVERYONE")
    expect(page.get_by_label("Add music")).not_to_be_checked()
    expect(page.locator("#saved")).to_contain_text("Draft saved")
    page.wait_for_timeout(1_500)  # the pause after which the last change is kept
    page.reload()

    assert order(page) == ["sea.webp", "dune.png", "beach.jpg"]
    shown = page.locator("#preview-media img")
    expect(shown).to_have_count(3)
    expect(page.locator("#preview-heading")).to_have_text("Three mornings")
    at = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(days=1)
    page.get_by_label("Date", exact=True).fill(f"{at:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill("18:30")
    page.get_by_role("button", name="Schedule", exact=True).click()

    expect(page.locator(".badge").first).to_have_text("Scheduled")
    expect(page.get_by_role("heading", name="Three mornings")).to_be_visible()
    expect(page.get_by_text("Photo 2 of 3")).to_be_visible()
    look_at(page)
    page.goto(f"{house.url}/app/posts/?text=Three+mornings")
    expect(page.get_by_text("3 photos")).to_be_visible()
    look_at(page)


def test_photos_can_be_removed_and_do_not_mix_with_a_video(
    composer: Page, files: list[Path], clip: Path, tmp_path: Path
):
    page = composer
    letter = tmp_path / "letter.jpg"
    letter.write_text("Dear editor,\n" * 100)
    choose(page, [files[0], letter], in_all=1)
    expect(page.get_by_text("neither a video nor a photo")).to_be_visible(timeout=60_000)
    look_at(page)
    page.get_by_role("button", name="Remove letter.jpg").click()
    assert order(page) == ["beach.jpg"]

    choose(page, [clip], in_all=2)
    assert why_off(page) == "A post is either one video or photos, never both."
    page.get_by_role("button", name="Remove beach.jpg").click()

    expect(page.get_by_text("Ready to post")).to_be_visible()
    expect(page.get_by_label("Duet")).to_be_visible()
    expect(page.get_by_role("textbox", name="Title")).to_be_hidden()
    assert why_off(page) == "Choose who can see this video."


def test_photos_go_into_the_inbox_with_their_words(composer: Page, files: list[Path]):
    page = composer
    choose(page, files[:1], in_all=1)
    page.get_by_label("Send to my TikTok inbox as a draft").check()

    expect(page.get_by_text("version 31.8 or newer")).to_be_visible()
    expect(page.get_by_role("group", name="Cover")).to_be_visible()
    expect(page.get_by_label("Add music")).to_be_hidden()
    page.get_by_role("textbox", name="Title").fill("a" * 91)
    assert why_off(page) == "The title is too long."


@pytest.fixture
def without_scripts(composer: Page, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        java_script_enabled=False, storage_state=composer.context.storage_state()
    )
    yield context.new_page()
    context.close()


def test_photos_work_without_scripts(without_scripts: Page, house: House, files: list[Path]):
    page = without_scripts
    page.goto(f"{house.url}/app/posts/new/")
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("button", name="Upload").click()
    for _ in range(60):
        if page.locator(".photo[data-state=ready]").count() == 3:
            break
        page.wait_for_timeout(500)
        page.reload()
    page.get_by_role("button", name="Move beach.jpg later").click()
    page.get_by_role("button", name="Remove sea.webp").click()
    assert order(page) == ["dune.png", "beach.jpg"]

    page.get_by_role("textbox", name="Title").fill("Two mornings")
    page.get_by_role("textbox", name="Title").press("Enter")

    expect(page.get_by_role("heading", name="Two mornings")).to_be_visible()
    expect(page.locator(".badge").first).to_have_text("Draft")
    expect(page).to_have_url(re.compile(r"/app/posts/\d+/$"))
