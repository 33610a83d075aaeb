"""What the container and the proxy ask: are you alive, and can you do your work?"""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as house
from django.core.files.storage import default_storage
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from posts.models import Heartbeat, Installation
from posts.models.heartbeat import Kind
from scheduler.health import kept

CLOSED_PORT = "postgresql://nobody:nothing@127.0.0.1:1/nowhere"


@pytest.fixture(autouse=True)
def nobody_has_asked():
    kept.forget()


@pytest.fixture
def staff(client, make_person):
    """The browser of an operator, who reads what is missing."""
    client.force_login(make_person("olga", is_staff=True))
    return client


@pytest.fixture
def all_is_well(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    Installation.adopt()
    for kind in (Kind.WORKER, Kind.DISPATCHER):
        Heartbeat.beat(kind)


def test_a_process_that_answers_is_alive(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.usefixtures("all_is_well")
def test_a_house_with_everything_in_its_place_is_ready(staff):
    response = staff.get("/readyz")

    answer = response.json()
    assert (response.status_code, answer["ready"], answer["publishing"]) == (200, True, "on")
    checks = ["database", "migrations", "storage", "worker", "dispatcher"]
    assert {name: answer["checks"][name]["ok"] for name in checks} == dict.fromkeys(checks, True)
    assert 0 <= answer["checks"]["worker"]["age_seconds"] < 60
    assert default_storage.listdir("") == ([], [])  # its trial file is gone


@pytest.mark.usefixtures("all_is_well")
@pytest.mark.parametrize("kind", [Kind.WORKER, Kind.DISPATCHER])
def test_without_a_sign_of_life_it_is_not_ready(staff, kind):
    Heartbeat.objects.filter(kind=kind).delete()
    response = staff.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"][kind] == {"ok": False, "age_seconds": None}


@pytest.mark.usefixtures("all_is_well")
@pytest.mark.parametrize("kind", [Kind.WORKER, Kind.DISPATCHER])
def test_an_old_sign_of_life_is_none(staff, kind):
    Heartbeat.objects.filter(kind=kind).update(at=timezone.now() - timedelta(minutes=5))
    response = staff.get("/readyz")
    check = response.json()["checks"][kind]
    assert (response.status_code, check["ok"]) == (503, False)
    assert check["age_seconds"] >= 300


@pytest.mark.usefixtures("all_is_well")
def test_of_two_workers_one_alive_is_enough(client):
    Heartbeat.beat(Kind.WORKER, "long gone", at=timezone.now() - timedelta(hours=1))
    assert client.get("/readyz").status_code == 200


@pytest.mark.usefixtures("all_is_well")
def test_a_missing_migration_is_counted(staff):
    MigrationRecorder.Migration.objects.filter(app="tiktok").delete()
    response = staff.get("/readyz")
    check = response.json()["checks"]["migrations"]
    assert (response.status_code, check["ok"]) == (503, False)
    assert check["missing"] >= 1


@pytest.mark.usefixtures("all_is_well")
def test_a_store_that_takes_nothing_is_named(staff, settings, tmp_path):
    (tmp_path / "a-file").write_text("no folder")
    settings.MEDIA_ROOT = tmp_path / "a-file"
    response = staff.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["storage"] == {"ok": False, "why": "FileExistsError"}


@pytest.mark.usefixtures("all_is_well")
def test_it_says_why_nothing_is_published(staff, settings):
    settings.PUBLISHING = False
    answer = staff.get("/readyz").json()
    assert answer["ready"] is True
    assert answer["publishing"] == "Publishing is switched off by the operator (PUBLISHING=off)."


@pytest.mark.usefixtures("all_is_well")
def test_a_stranger_reads_whether_and_not_what(client, alice, caplog):
    assert client.get("/readyz").json() == {"ready": True}

    Heartbeat.objects.all().delete()
    kept.forget()
    client.force_login(alice)  # who is no operator
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"ready": False})
    assert "worker" in caplog.text


@pytest.mark.usefixtures("all_is_well")
def test_who_asks_again_at_once_costs_nothing(client, django_assert_num_queries):
    client.get("/readyz")
    Heartbeat.objects.all().delete()

    with django_assert_num_queries(0):
        answers = [client.get("/readyz").status_code for _ in range(50)]
    assert answers == [200] * 50

    kept.forget()  # the second is over
    assert client.get("/readyz").status_code == 503


def ask_without_a_database(*questions: str) -> list[str]:
    """What a process of its own prints for `questions`, Python that may use `ask(path)`."""
    asking = (
        "from django.test import Client\n"
        "from django.conf import settings\n"
        "client = Client(raise_request_exception=False, headers={'host': 'localhost'})\n"
        "ask = client.get\n"
    )
    asking += "\n".join(f"print({question})" for question in questions)
    told = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", asking],
        env=os.environ | {"DATABASE_URL": CLOSED_PORT},
        cwd=house.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.splitlines()


def test_without_a_database_it_is_alive_and_not_ready():
    assert ask_without_a_database(
        "[ask(path).status_code for path in ('/healthz', '/readyz')]", "ask('/readyz').json()"
    ) == [
        "[200, 503]",
        "{'ready': False}",
    ]


def test_without_a_database_people_are_told_to_come_back():
    told = ask_without_a_database(
        "ask('/').status_code",
        "ask('/')['Retry-After']",
        "'Nothing is lost' in ask('/').text",
        # Also where the session is looked up, before any view.
        "client.cookies.load({settings.SESSION_COOKIE_NAME: 'a-session-of-before'})",
        "[ask(path).status_code for path in ('/', '/app/posts/', '/admin/')]",
    )
    assert told == ["503", "5", "True", "None", "[503, 503, 503]"]
