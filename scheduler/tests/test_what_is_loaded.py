"""What a process does not need is not loaded, since it is paid for in every one of them."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

MEDIA = {"PIL", "av", "boto3"}
PAGES = {"ninja", "pydantic", "scheduler.urls", "scheduler.desk"}
PLATFORM = {"requests", "cryptography", "tiktok.publishing"}


@pytest.mark.parametrize(
    ("program", "unneeded"),
    [
        ("import posts.management.commands.dispatch", MEDIA | PAGES | PLATFORM),
        ("from posts.platforms import platforms; platforms(); import posts.tasks", MEDIA | PAGES),
        ("import scheduler.wsgi", MEDIA),
    ],
    ids=["dispatcher", "worker", "web"],
)
def test_what_it_does_not_need_is_not_loaded(program: str, unneeded: set[str]):
    with_a_key = {"TIKTOK_CLIENT_KEY": "aw1", "TIKTOK_CLIENT_SECRET": "s"}
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import django, sys; django.setup()\n{program}\nprint(*sys.modules)",
        ],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "scheduler.settings"} | with_a_key,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert unneeded & set(done.stdout.split()) == set()
