"""`manage.py check --deploy`, asked in a process of its own with the variables of a server."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "DATABASE_URL": "postgresql://scheduler:a-password@db.example.com:5432/scheduler",
    "SITE_URL": "https://posts.example.com",
    "SECRET_KEY": "k3NXyQm8vT0cJr5sWb2LzHf7Ua9Pd1Ge4Oi6Yx-ZqVnRtCwEjKuB",
    "TIKTOK_CLIENT_KEY": "aw0123456789abcdef",
    "TIKTOK_CLIENT_SECRET": "a-secret-of-the-portal",
    "EMAIL_URL": "smtp://user:a-password@mail.example.com:587",
    "TRUSTED_PROXIES": "1",
}


def check(**changes: str) -> tuple[int, list[str], str]:
    """Exit code, the ids of what was found in their order, and everything that was printed."""
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={key: value for key, value in (clean | PRODUCTION | changes).items() if value},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    printed = result.stdout + result.stderr
    return result.returncode, re.findall(r"\((\w+\.[EW]\d+)\)", printed), printed


def test_a_server_that_is_set_up_well_is_clean():
    code, found, printed = check()
    assert (code, found) == (0, [])
    assert printed == "System check identified no issues (0 silenced).\n"


def test_practice_mode_fails_and_says_what_to_do():
    code, found, printed = check(TIKTOK_CLIENT_KEY="", TIKTOK_CLIENT_SECRET="")
    assert (code, found) == (1, ["scheduler.E001"])
    assert "Set TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET" in printed


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"DATABASE_URL": "sqlite:////tmp/scheduler.sqlite3"}, "scheduler.W003"),
        ({"TRUSTED_PROXIES": "0"}, "scheduler.W002"),
        ({"EMAIL_URL": "console:"}, "scheduler.W004"),
        ({"TOKEN_ENCRYPTION_KEYS": "short"}, "scheduler.W005"),
        ({"TIKTOK_REDIRECT_URI": "http://posts.example.com/back"}, "scheduler.E002"),
        ({"SITE_URL": "http://posts.example.com"}, "scheduler.W001"),
        ({"MEDIA_PUBLIC_URL": "https://192.0.2.7"}, "scheduler.W006"),
        ({"MEDIA_PUBLIC_URL": "http://media.example.com"}, "scheduler.W006"),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)
def test_what_is_missing_is_named(changes, expected):
    code, found, _ = check(**changes)
    assert code == 1
    assert expected in found


def test_nothing_of_ours_is_asked_of_a_development_machine():
    _, found, _ = check(SITE_URL="", DATABASE_URL="", EMAIL_URL="")
    assert [each for each in found if each.startswith("scheduler.")] == []


def test_an_unfinished_set_up_is_refused_with_a_sentence():
    code, _, printed = check(SECRET_KEY="")
    assert code == 1
    assert "SECRET_KEY: required when SITE_URL is not on this machine" in printed
