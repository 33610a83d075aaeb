"""Every page there is, once: usable by everybody (axe), quiet, and no wider than a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from scheduler.tests.browser.walking import Gallery

ONLY_COLOURS = {"runOnly": ["color-contrast"]}  # the rest is the same in both themes


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[Gallery]:
    with Gallery(tmp_path_factory.mktemp("gallery")) as gallery:
        gallery.fill()
        yield gallery


@pytest.mark.parametrize("who", ["visitor", "dana"])
def test_every_page_is_for_everybody(
    at_home: Page, house: Gallery, complaints: list[str], who: str
):
    page, axe = at_home, Axe()
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    if who == "dana":
        house.log_in(page)
    wrong: dict[str, list[str]] = {}
    seen = set()
    for place in house.places():
        status = house.open(page, place)
        if not status:
            continue
        seen.add(place.name)
        found = axe.run(page).response["violations"]
        page.emulate_media(color_scheme="dark")
        found += axe.run(page, options=ONLY_COLOURS).response["violations"]
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 360, "height": 740})
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            found.append({"id": "scrolls sideways", "nodes": []})
        page.set_viewport_size({"width": 1280, "height": 900})
        if status >= 400:  # a page that says so; the console does, too
            complaints[:] = [each for each in complaints if f"status of {status}" not in each]
        if found:
            wrong[place.name] = [f"{each['id']}: {_where(each)}" for each in found]
    assert wrong == {}
    assert {"today", "posts-list", "post-in-failed"} <= seen if who == "dana" else "landing" in seen


def _where(violation: dict[str, Any]) -> str:
    return "; ".join(node["html"][:160] for node in violation["nodes"][:3])
