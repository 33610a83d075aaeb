"""The whole main job as a new person does it: sign up, connect, upload, schedule, published."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import requests
from playwright.sync_api import Page, expect

from scheduler.tests.house import House


def test_a_new_person_gets_a_video_published(at_home: Page, house: House, clip: Path):
    page = at_home
    sign_up(page, "carla")
    connect(page, handle="carla.climbs", name="Carla Climbs")
    upload(page, house, clip)
    schedule_for_the_next_minute(page, caption="First light #climbing")

    # The page that was not loaded again is the one that shows how it ends.
    page.evaluate("window.stillTheSamePage = true")
    badge = page.locator(".badge").first
    expect(badge).to_have_text("Scheduled")
    expect(badge).to_have_text("Published", timeout=120_000)
    link = page.get_by_role("link", name="Open the post")
    expect(link).to_be_visible(timeout=60_000)
    assert page.evaluate("window.stillTheSamePage") is True

    plays_at(page, link.get_attribute("href"))
    videos = requests.get(f"{house.sandbox_url}/sandbox/videos", timeout=10).json()["videos"]
    [video] = [video for video in videos if video["creator"] == "carla.climbs"]
    assert video["caption"] == "First light #climbing"
    assert video["size"] == clip.stat().st_size


def sign_up(page: Page, name: str) -> None:
    page.get_by_role("link", name="Sign up").first.click()
    page.get_by_label("Username").fill(name)
    page.get_by_label("Email").fill(f"{name}@example.com")
    page.get_by_label("Password", exact=True).fill("sesame street 9")
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def connect(page: Page, *, handle: str, name: str) -> None:
    page.get_by_role("link", name="Accounts").first.click()
    page.get_by_role("button", name="Connect TikTok").click()
    page.get_by_role("radio", name="A new creator").check()
    page.get_by_role("textbox", name="Handle").fill(handle)
    page.get_by_role("textbox", name="Display name").fill(name)
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_text(name).first).to_be_visible()


def upload(page: Page, house: House, clip: Path) -> None:
    page.goto(f"{house.url}/app/posts/new/")
    page.locator("input[type=file]").set_input_files(clip)
    expect(page.get_by_text("Ready to post")).to_be_visible(timeout=60_000)


def schedule_for_the_next_minute(page: Page, *, caption: str) -> None:
    page.get_by_role("textbox", name="Caption").fill(caption)
    page.get_by_label("Who can see this video").select_option("PUBLIC_TO_EVERYONE")
    at = datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(minutes=1)
    page.get_by_label("Date", exact=True).fill(f"{at:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill(f"{at:%H:%M}")
    page.get_by_role("button", name="Schedule", exact=True).click()


def plays_at(page: Page, address: str | None) -> None:
    assert address
    page.goto(address)
    seconds = page.evaluate(
        """async () => {
            const video = document.querySelector("video");
            video.muted = true;
            await video.play();
            await new Promise(done => video.addEventListener("timeupdate", done, {once: true}));
            return video.duration;
        }"""
    )
    assert round(seconds) == 3
