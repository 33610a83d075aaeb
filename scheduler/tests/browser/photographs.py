"""`make photographs`: every page, at three widths, in both themes, into screenshots/.

As a visitor and as somebody who lives there. Says which pages scroll sideways.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS = (360, 768, 1440)  # pixels: a phone, a tablet, a desktop
HEIGHT = 900
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TARGET = Path("screenshots")


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="gallery-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "scheduler.settings"
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'gallery.sqlite3'}"
    os.environ["SECRET_KEY"] = "only-for-pictures-" * 4
    import django

    django.setup()
    TARGET.mkdir(exist_ok=True)
    wide = list(photograph(folder))
    sys.stdout.write(f"The pictures are in {TARGET}/.\n")
    sys.stderr.writelines(f"Scrolls sideways: {page}\n" for page in wide)
    return 1 if wide else 0


def photograph(folder: Path) -> Iterator[str]:
    """Yields the pages that are wider than the screen."""
    from playwright.sync_api import sync_playwright

    from scheduler.tests.browser.launching import LAUNCH
    from scheduler.tests.browser.walking import Gallery

    with Gallery(folder) as gallery, sync_playwright() as playwright:
        gallery.fill()
        browser = playwright.chromium.launch(**LAUNCH)
        for who in ("visitor", "dana"):
            page = browser.new_context(timezone_id="Europe/Berlin").new_page()
            if who == "dana":
                gallery.log_in(page)
            for place in gallery.places():
                if gallery.open(page, place):
                    yield from _all_sizes(page, f"{who}-{place.name}")


def _all_sizes(page: "Page", name: str) -> Iterator[str]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{name} at {width}"
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.screenshot(path=TARGET / f"{name}-{width}-{theme}.png", full_page=True)


if __name__ == "__main__":
    sys.exit(main())
