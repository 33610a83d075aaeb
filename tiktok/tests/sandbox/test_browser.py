"""The pages in a real Chromium, without scripts: consent, playing, both themes, a phone."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tiktok.tests.sandbox.caller import CALLBACK, callback_of, until
from tiktok.tests.sandbox.test_media import H264, film


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    quiet = [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    path = shutil.which("chromium")
    assert path, "these tests need Debian's Chromium"
    return browser_type_launch_args | {"executable_path": path, "args": quiet}


@pytest.fixture
def page(browser: Browser, sandbox) -> Iterator[Page]:
    """A phone's page on which no script runs; nothing may break a policy."""
    context = browser.new_context(
        base_url=sandbox.url,
        viewport={"width": 360, "height": 740},
        java_script_enabled=False,
        reduced_motion="reduce",
    )
    # The app that asks is elsewhere: what counts is that the browser goes back to it.
    context.route(f"{CALLBACK}**", lambda route: route.fulfill(body="back at the app"))
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    yield page
    context.close()
    assert [text for text in complaints if "Content Security Policy" in text] == []


CONSENT = (
    "/v2/auth/authorize/?client_key=sandbox-key&response_type=code"
    f"&scope=user.info.basic,video.upload,video.publish&redirect_uri={CALLBACK}&state=s1"
)


def test_bob_makes_himself_and_grants_a_part(sandbox, page):
    sandbox.make_creator("alice", display_name="Alice")
    page.goto(CONSENT)
    expect(page.get_by_label("Handle")).to_be_hidden()
    page.get_by_label("A new creator").check()
    page.get_by_label("Handle").fill("bob")
    page.get_by_label("Display name", exact=True).fill("Bob")
    page.get_by_label("Private account").check()
    page.get_by_label("Send drafts to your inbox").uncheck()

    page.get_by_role("button", name="Authorize").click()

    expect(page.locator("body")).to_have_text("back at the app")
    callback = callback_of(page.url)
    assert (callback["scopes"], callback["state"]) == ("user.info.basic,video.publish", "s1")
    bob = next(each for each in sandbox.state()["creators"] if each["handle"] == "bob")
    assert bob["private"] is True


def test_alice_cancels_without_choosing_anything(sandbox, page):
    sandbox.make_creator("alice")
    sandbox.make_creator("bob")
    page.goto(CONSENT)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("body")).to_have_text("back at the app")
    assert callback_of(page.url)["error"] == "access_denied"


def test_the_only_creator_is_chosen_already(sandbox, page):
    sandbox.make_creator("alice", display_name="Alice")
    page.goto(CONSENT)
    expect(page.get_by_label("Alice")).to_be_checked()


def test_a_draft_is_posted_by_hand(sandbox, alice, page, tmp_path):
    alice.publish_to_inbox(film(tmp_path / "a.mp4", **H264).read_bytes())
    page.goto("/@alice")
    page.get_by_label("Caption").fill("From the inbox #hello")
    page.get_by_label("Who can see it").select_option("Everyone")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("status")).to_have_text("The draft is posted.")
    [video] = sandbox.videos()
    assert (video["caption"], video["privacy"]) == ("From the inbox #hello", "PUBLIC_TO_EVERYONE")


@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
def test_what_was_published_plays(sandbox, alice, browser, tmp_path, name):
    path = film(tmp_path / name, seconds=2, **H264)
    alice.publish(path.read_bytes(), title="Sunrise")
    context = browser.new_context(base_url=sandbox.url)
    page = context.new_page()
    page.goto(sandbox.videos()[0]["path"])

    video = page.locator("video")

    video.evaluate("video => { video.muted = true; return video.play() }")

    until(lambda: video.evaluate("video => video.currentTime > 0.2"))
    assert video.evaluate("video => video.duration") == pytest.approx(2, abs=0.1)
    video.evaluate("video => { video.currentTime = 1.5 }")
    until(lambda: video.evaluate("video => !video.seeking && video.currentTime >= 1.5"))
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_scrolls_sideways_and_every_text_can_be_read(
    sandbox, connect, browser, scheme, width
):
    alice = connect("alice", display_name="Alice of the long name, really")
    alice.publish(title="averyverylongwordwithoutanyblank" * 9, brand_content_toggle=True)
    alice.publish_to_inbox()
    alice.publish(title="#sandbox:stuck")
    context = browser.new_context(
        base_url=sandbox.url,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
    )
    page = context.new_page()
    wrong_request = CONSENT.replace("state=s1", "")
    for path in ("/", "/@alice", sandbox.videos()[0]["path"], CONSENT, wrong_request, "/nothing"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert _faint(page) == [], path
    context.close()


def _faint(page: Page) -> list[str]:
    """Texts whose contrast with what is behind them is under 4.5 (WCAG 2.2 AA)."""
    return page.evaluate(
        """() => {
        const parse = (text) => text.match(/[\\d.]+/g).map(Number);
        const light = (colour) => {
          const [r, g, b] = colour.slice(0, 3).map((part) => {
            const x = part / 255;
            return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = (element) => {
          for (let each = element; each; each = each.parentElement) {
            const colour = parse(getComputedStyle(each).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
          }
          return [255, 255, 255];
        };
        const faint = [];
        for (const element of document.body.querySelectorAll("*")) {
          const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
          if (!own || !element.checkVisibility()) continue;
          const text = light(parse(getComputedStyle(element).color));
          const ground = light(behind(element));
          const ratio = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
          if (ratio < 4.5) faint.push(`${element.textContent.trim()}: ${ratio.toFixed(2)}`);
        }
        return faint;
      }"""
    )
