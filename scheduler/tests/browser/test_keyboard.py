"""The main job without a mouse: every control is reached by Tab, and seen when it is."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from scheduler.tests.house import House

FARTHEST = 80  # presses of Tab to the next thing that one wants
HAS_FOCUS = "it => it === document.activeElement"
OUTLINE = (
    "it => getComputedStyle(it).outlineStyle !== 'none' || it.matches('.choice *, .dropzone *')"
)


def test_a_post_is_planned_by_keys_alone(at_home: Page, house: House, clip: Path):
    page = at_home
    press(page, page.get_by_role("link", name="Sign up").first)
    write(page, page.get_by_label("Username"), "kilian")
    write(page, page.get_by_label("Email"), "kilian@example.com")
    write(page, page.get_by_label("Password", exact=True), "sesame street 9")
    press(page, page.get_by_role("button", name="Create account"))
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()

    press(page, page.get_by_role("button", name="Connect TikTok"))
    choose(page, page.get_by_role("radio", name="A new creator"))
    write(page, page.get_by_role("textbox", name="Handle"), "kilian.knits")
    write(page, page.get_by_role("textbox", name="Display name"), "Kilian Knits")
    press(page, page.get_by_role("button", name="Authorize"))
    expect(page.get_by_text("Kilian Knits").first).to_be_visible()

    press(page, page.get_by_role("link", name="New post").first)
    expect(page.get_by_role("heading", name="New post")).to_be_visible()
    # Playwright begins to listen beside what follows: the way to the input gives it the time.
    with page.expect_file_chooser() as chooser:
        press(page, page.locator("input[type=file]"))
    chooser.value.set_files(clip)
    expect(page.get_by_text("Ready to post")).to_be_visible(timeout=60_000)

    write(page, page.get_by_role("textbox", name="Caption"), "Two needles #knitting")
    who = page.get_by_label("Who can see this video")
    write(page, who, "Everyone")
    expect(who).to_have_value("PUBLIC_TO_EVERYONE")
    at = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(days=1)
    write(page, page.get_by_label("Date", exact=True), f"{at:%m%d%Y}")
    write(page, page.get_by_label("Time", exact=True), "0930AM")
    press(page, page.get_by_role("button", name="Schedule", exact=True))

    expect(page.locator(".badge").first).to_have_text("Scheduled")


def reach(page: Page, control: Locator) -> None:
    """Press Tab until it has the focus, and shows that."""
    expect(control).to_be_visible()
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        if control.evaluate(HAS_FOCUS):
            assert control.evaluate(OUTLINE), f"{control} does not show that it has the focus"
            return
    raise AssertionError(f"{control} is not reached by Tab")


def choose(page: Page, radio: Locator) -> None:
    """Tab leads into the group, to what is chosen or its last; the arrows go round in it."""
    inside = page.locator("input[type=radio]:focus")
    for _ in range(FARTHEST):
        page.keyboard.press("ArrowDown" if inside.count() else "Tab")
        if radio.is_checked() and inside.count():
            return
    raise AssertionError(f"{radio} can not be chosen by keys")


def press(page: Page, control: Locator) -> None:
    reach(page, control)
    page.keyboard.press("Enter")


def write(page: Page, control: Locator, words: str) -> None:
    reach(page, control)
    page.keyboard.type(words)
