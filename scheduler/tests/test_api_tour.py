"""docs/api.md as it stands: its tour is run by a shell against a whole house, from sign-up to
published and disconnected. What it leaves to a browser is done by one that knows nobody.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest
import requests
from django.conf import settings

from scheduler.tests.house import House

DOCUMENT = settings.BASE_DIR / "docs" / "api.md"
END = "--- the block has ended:"


class Shell:
    """One shell, into which block after block is typed."""

    def __init__(self, house: House) -> None:
        self.process = subprocess.Popen(
            ["bash", "-o", "pipefail"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=house.folder,
            env=house.environment | {"API": house.url},
            text=True,
        )

    def run(self, block: str) -> list[str]:
        """The lines that it has printed; every command of it has to succeed."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        typed = f"set -e\n{block}\nset +e\necho; echo '{END}'\n"
        self.process.stdin.write(typed)
        self.process.stdin.flush()
        lines: list[str] = []
        for line in self.process.stdout:
            if line.startswith(END):
                return [each for each in lines if each]
            lines.append(line.strip())
        raise AssertionError(f"{block}\nsaid:\n" + "\n".join(lines))


@pytest.fixture
def house(tmp_path, video_file) -> Iterator[House]:
    with House(tmp_path) as house:
        shutil.copy(video_file, tmp_path / "sunrise.mp4")
        yield house


def say_yes(address: str) -> None:
    """On TikTok's page, and then on ours, which this browser has never seen before."""
    browser = requests.Session()
    consent = {
        "decision": "authorize",
        "creator": "+",
        "handle": "carol.climbs",
        "scope": re.findall(r"scope=([^&]+)", address)[0].replace("%2C", ",").split(","),
    }
    assert browser.get(address, timeout=10).ok
    page = browser.post(address, data=consent, timeout=30)
    assert "carol.climbs" in page.text
    assert "carol" in page.text
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[0]
    answer = {"csrfmiddlewaretoken": token, "answer": "connect"}
    assert browser.post(page.url, data=answer, timeout=30).ok


def test_the_tour_leads_from_sign_up_to_published(house):
    blocks = re.findall(r"```sh\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    shell = Shell(house)
    said = []
    for block in blocks:
        said.append(shell.run(block))
        if "authorization_url" in block:
            say_yes(said[-1][-1])
    shell.process.kill()
    shell.process.wait()

    *_, published, draft, disconnected, parts, checked = said
    [video] = requests.get(f"{house.sandbox_url}/sandbox/videos", timeout=10).json()["videos"]
    assert video["caption"] == "First light #morning"
    assert published[0] == "scheduled"
    assert published[-3:] == [
        "published",
        f"{house.sandbox_url}/@carol.climbs/video/{video['id']}",
        "First light #morning",
    ]
    assert draft == ["Dusk"]
    assert disconnected == ["True"]
    assert (parts, checked) == (["1"], ["ready"])


def test_every_code_is_told():
    rooms = [settings.BASE_DIR / room / "api" for room in ("accounts", "posts", "tiktok")]
    code = "".join(file.read_text() for room in rooms for file in sorted(room.glob("*.py")))
    given = set(re.findall(r'\bcode ?= ?"(\w+)"', code))

    assert given - set(re.findall(r"`(\w+)`", DOCUMENT.read_text())) == set()
