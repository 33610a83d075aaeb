"""The rules of the house that no compiler knows, read from the source itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

ROOT: Path = settings.BASE_DIR
ROOMS = ("accounts", "posts", "tiktok", "scheduler")  # each may import itself and those before it
PLAIN_PYTHON = (
    "client", "errors", "error_codes", "fail_reasons", "limits", "payloads", "uploads", "webhooks",
)  # fmt: skip
WORDS_THAT_NAME_NOTHING = {"utils", "helpers", "common", "misc", "base_utils"}
LONGEST_MODULE = 300  # lines
LONG_BY_DESIGN = {"scheduler/settings.py"}  # every setting is read in one file, and only there
LONGEST_TEMPLATE = 120  # lines


class Import(NamedTuple):
    where: str
    what: str  # the dotted name of a module, or of a name in it

    @property
    def room(self) -> str:
        return self.what.partition(".")[0]


def modules(*folders: str) -> list[Path]:
    """Every Python file of ours; what a migration says is Django's own text."""
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return sorted(file for file in files if "migrations" not in file.parts)


def place(file: Path) -> str:
    return str(file.relative_to(ROOT))


def imports(file: Path) -> list[Import]:
    """Every import of `file`, also those inside functions and those for types alone.

    A type is a dependency too: who changes the upper room would have to change the lower one.
    """
    package = [*file.relative_to(ROOT).with_suffix("").parts][:-1]
    found = []
    for node in ast.walk(ast.parse(file.read_text())):
        where = f"{place(file)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            found += [Import(where, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*above, *([node.module] if node.module else [])])
            found += [Import(where, f"{origin}.{name.name}") for name in node.names]
    return found


def texts(file: Path) -> Iterator[tuple[str, str]]:
    """Every string of `file` that is not a docstring, with its place."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield f"{place(file)}:{node.lineno}", node.value


def plain_modules() -> list[Path]:
    """The rooms of tiktok/ that know no Django."""
    named = [ROOT / "tiktok" / f"{name}.py" for name in PLAIN_PYTHON]
    sandbox = [file for file in modules("tiktok/sandbox") if "tests" not in file.parts]
    reached = {file for file in named if file.exists()}
    waiting = list(reached)
    while waiting:  # what a plain module imports of its own room must be plain as well
        for each in imports(waiting.pop()):
            if each.room == "tiktok" and not each.what.startswith("tiktok.sandbox"):
                parts = each.what.split(".")
                for file in (ROOT.joinpath(*parts[:depth]).with_suffix(".py") for depth in (2, 3)):
                    if file.exists() and file not in reached:
                        reached.add(file)
                        waiting.append(file)
    return sorted(reached) + sandbox


def test_the_reader_of_imports_sees_all_of_them(tmp_path, monkeypatch):
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    file = tmp_path / "posts" / "views" / "queue.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "import tiktok.client\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from tiktok.models import TikTokOptions\n"
        "def view():\n    from scheduler import settings as s\n"
        "from . import detail\nfrom ..models import Post\n"
    )
    assert [each.what for each in imports(file)] == [
        "tiktok.client",
        "typing.TYPE_CHECKING",
        "posts.views.detail",
        "posts.models.Post",
        "tiktok.models.TikTokOptions",
        "scheduler.settings",
    ]


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_knows_of_the_rooms_above_it(room):
    above = set(ROOMS[ROOMS.index(room) + 1 :])
    wrong = [each for file in modules(room) for each in imports(file) if each.room in above]
    assert wrong == [], f"{room} must not import {', '.join(sorted(above))}"


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_hides_an_import_in_a_text(room):
    above = ROOMS[ROOMS.index(room) + 1 :]
    hidden = re.compile(rf"({'|'.join(above) or '(?!)'})(\.[a-z_]+)+(\.\w+)?", re.IGNORECASE)
    wrong = [
        (where, text)
        for file in modules(room)
        if "tests" not in file.parts
        for where, text in texts(file)
        if hidden.fullmatch(text)
    ]
    assert wrong == []


def test_posts_knows_no_platform_by_name():
    wrong = [
        f"{place(file)}:{node.lineno}"
        for file in modules("posts")
        if "tests" not in file.parts
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr.lower().startswith("tiktok")
    ]
    assert wrong == []


def test_what_speaks_to_tiktok_knows_no_django():
    rooms_with_django = {"django", "accounts", "posts", "scheduler"}
    files = plain_modules()
    assert "tiktok/client.py" in {place(file) for file in files}
    wrong = [each for file in files for each in imports(file) if each.room in rooms_with_django]
    assert wrong == []


def test_the_sandbox_and_the_client_read_tiktoks_pages_apart():
    sandbox = [file for file in modules("tiktok/sandbox") if "tests" not in file.parts]
    assert sandbox != []
    out = [
        each
        for file in sandbox
        for each in imports(file)
        if each.room == "tiktok" and not each.what.startswith("tiktok.sandbox")
    ]
    client = [file for file in plain_modules() if file not in sandbox]
    into = [
        each for file in client for each in imports(file) if each.what.startswith("tiktok.sandbox")
    ]
    assert (out, into) == ([], [])


def test_modules_are_short_and_named_after_something():
    files = [*modules(*ROOMS), ROOT / "conftest.py", ROOT / "manage.py"]
    lengths = {place(file): len(file.read_text().splitlines()) for file in files}
    long = {file: length for file, length in lengths.items() if length > LONGEST_MODULE}
    assert set(long) <= LONG_BY_DESIGN, long
    assert [place(file) for file in files if file.stem in WORDS_THAT_NAME_NOTHING] == []


def test_templates_are_short_and_partials_say_what_they_need():
    files = sorted((ROOT / "templates").rglob("*.html"))
    assert files != []
    long = [place(file) for file in files if len(file.read_text().splitlines()) > LONGEST_TEMPLATE]
    assert long == []
    silent = [
        place(file)
        for file in files
        if file.name.startswith("_") and not file.read_text().startswith("{#")
    ]
    assert silent == []


def test_no_page_brings_its_own_script_or_style():
    """The Content Security Policy would silently drop it."""
    script = r"<script(?![^>]*(?:\bsrc=|type=\"application/json\"))[^>]*>"
    inline = re.compile(rf"{script}|<style|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)
    wrong = [
        f"{place(file)}: {match.group()}"
        for file in sorted((ROOT / "templates").rglob("*.html"))
        if file.parent.name != "email"  # a mail has no style sheet beside it, and no such policy
        for match in inline.finditer(file.read_text())
    ]
    assert wrong == []


def test_nothing_is_left_for_later():
    later = re.compile(r"\b(TODO|FIXME|XXX)\b")
    files = [*modules(*ROOMS), *(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*")]
    wrong = [
        place(file)
        for file in files
        if file.is_file()
        and file != Path(__file__)
        and file.suffix in {".py", ".html", ".css", ".js"}
        and later.search(file.read_text())
    ]
    assert wrong == []
