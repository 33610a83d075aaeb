"""Workers are processes: what keeps two of them from refreshing at once is in the database."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from tiktok.tests.connecting import refreshes


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_make_one_refresh(tired, sandbox):
    held = sandbox.add_trouble("oauth_token", "hold", grant_type="refresh_token")
    workers = [_in_a_process(sandbox, tired.pk) for _ in range(2)]

    assert sandbox.wait_for_trouble(held, seconds=60)
    sandbox.release_trouble(held)
    said = [json.loads(worker.communicate(timeout=60)[0]) for worker in workers]

    tired.refresh_from_db()
    assert said == [tired.access_token, tired.access_token]
    assert len(refreshes(sandbox)) == 1


def _in_a_process(sandbox, pk: int) -> subprocess.Popen[str]:
    """Another worker, with nothing in common but the database and TikTok."""
    program = (
        "import django, json; django.setup()\n"
        "from accounts.models import Channel\n"
        "from tiktok import oauth\n"
        f"print(json.dumps(oauth.access_token(Channel.objects.get(pk={pk}))))\n"
    )
    database = urlsplit(os.environ["DATABASE_URL"])._replace(
        path=f"/{connection.settings_dict['NAME']}"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "scheduler.settings",
            "DATABASE_URL": urlunsplit(database),
            "TIKTOK_API_URL": sandbox.url,
        },
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
