"""The tables of docs/faults.md, which tests find out, and which they hold what they find against.

    pytest --write-faults <the tests of a table>     writes what was found, in place of comparing

A table stands between two comments with its name. What is found must be the same on each run:
no times, no sizes that depend on the machine.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

DOCUMENT: Path = settings.BASE_DIR / "docs" / "faults.md"

Rows = list[list[str]]


def table(name: str) -> Rows:
    """The committed table: its head, then its rows."""
    lines = _find(name)[2].strip().splitlines()
    return [_cells(line) for number, line in enumerate(lines) if number != 1]


def check_cell(
    request: pytest.FixtureRequest, name: str, row: str, column: str, found: str
) -> None:
    """Compare one cell, or write it; a row and a column that are new are added."""
    rows = table(name)
    if request.config.getoption("--write-faults"):
        _set(rows, row, column, found)
        write_table(name, rows)
    head, *body = rows
    assert {each[0]: each for each in body}[row][head.index(column)] == found


def _set(rows: Rows, row: str, column: str, found: str) -> None:
    if column not in rows[0]:
        for each in rows:
            each.append("-")
        rows[0][-1] = column
    if row not in [each[0] for each in rows]:
        rows.append([row, *["-"] * (len(rows[0]) - 1)])
    next(each for each in rows if each[0] == row)[rows[0].index(column)] = found


def write_table(name: str, rows: Rows) -> None:
    document = DOCUMENT.read_text()
    start, end, _ = _find(name)
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    rule = f"|{' --- |' * len(rows[0])}"
    DOCUMENT.write_text("\n".join([document[:start].rstrip(), head, rule, *body, document[end:]]))


def _find(name: str) -> tuple[int, int, str]:
    found = re.search(f"(?<=<!-- {name} -->\n)(.*?)(?=<!-- end -->)", DOCUMENT.read_text(), re.S)
    assert found, f"docs/faults.md has no table {name!r}"
    return found.start(), found.end(), found[0]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
