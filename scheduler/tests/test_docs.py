"""What the documents name is there: files, folders, settings, commands."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT: Path = settings.BASE_DIR
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]

LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
FILE_OF_OURS = re.compile(r"`((?:[\w.]+/)+[\w.]*|[\w.]+\.(?:py|yaml))`")
COMMAND = re.compile(r"manage\.py (\w+)")
SETTING = re.compile(r"\b([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)\b")
TARGET = re.compile(r"(?:^|`|&& |\d )make (\w+)(?=$|`| +#)", re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_links_lead_somewhere(document):
    links = LINK.findall(document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_files_are_where_they_are_said_to_be(document):
    named = FILE_OF_OURS.findall(document.read_text())
    here = [ROOT, *(ROOT / room for room in ("scheduler", "tiktok", "posts", "accounts"))]
    made_when_run = {"var/", "uploads/"}
    lost = [
        name
        for name in named
        if name not in made_when_run and not any((folder / name).exists() for folder in here)
    ]
    assert lost == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_commands_and_settings_exist(document):
    text = document.read_text()
    assert [name for name in COMMAND.findall(text) if name not in get_commands()] == []
    makefile = (ROOT / "Makefile").read_text()
    assert [name for name in TARGET.findall(text) if f"\n{name}:" not in makefile] == []
    known = (ROOT / ".env.example").read_text() + (ROOT / "scheduler" / "settings.py").read_text()
    unknown = [
        name
        for name in SETTING.findall(text)
        if name not in known and name.removesuffix("_FILE") not in known
    ]
    assert unknown == []
