"""What a process does not need is not loaded, since it is paid for in every one of them."""

import os
import subprocess
import sys

from django.conf import settings


def test_the_dispatcher_loads_nothing_that_talks_to_a_platform():
    program = (
        "import django, sys; django.setup()\n"
        "import posts.management.commands.dispatch\n"
        "heavy = {'requests', 'PIL', 'av', 'boto3', 'ninja', 'pydantic'}\n"
        "heavy |= {'scheduler.urls', 'tiktok.publishing'}\n"
        "print(sorted(heavy & sys.modules.keys()))\n"
    )
    with_a_key = {"TIKTOK_CLIENT_KEY": "aw1", "TIKTOK_CLIENT_SECRET": "s"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "scheduler.settings"} | with_a_key,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
