"""The style guide shows every part of the interface; nobody finds it on a real site."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from scheduler.tests.test_deploy import PRODUCTION

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# The frame of a page, which stands around the guide itself; and what the front page alone has.
FRAME = {
    "_head",
    "_banners",
    "_side",
    "_top",
    "_foot",
    "_user_menu",
    "_messages",
    "_landing_picture",
}
INCLUDED = re.compile(r'{% include "([\w/-]+)\.html"')


def included_by(*templates: Path) -> set[str]:
    """The names of all partials that these bring along, themselves or through others."""
    found: set[str] = set()
    waiting = list(templates)
    while waiting:
        names = set(INCLUDED.findall(waiting.pop().read_text())) - found
        found |= names
        waiting += [TEMPLATES / f"{name}.html" for name in names]
    return found


def test_every_shared_part_stands_in_the_guide():
    shared = {path.stem for path in TEMPLATES.glob("_*.html")}
    shown = included_by(*(TEMPLATES / "styleguide").glob("*.html"), TEMPLATES / "base.html")

    assert shared - FRAME - shown == set()


@pytest.mark.django_db
def test_the_guide_shows_every_icon_and_state(client):
    page = client.get(reverse("styleguide")).content.decode()

    sprite = (Path(settings.BASE_DIR) / "static/img/icons.svg").read_text()
    names = re.findall(r'<symbol id="([\w-]+)"', sprite)
    assert [name for name in names if f"icons.svg#{name}" not in page] == []


def test_a_real_site_has_no_guide():
    asked = "from django.urls import reverse; print(reverse('landing')); reverse('styleguide')"
    answer = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", asked],
        env=PRODUCTION | {name: os.environ[name] for name in ("PATH",)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.stdout == "/\n"
    assert "Reverse for 'styleguide' not found" in answer.stderr
