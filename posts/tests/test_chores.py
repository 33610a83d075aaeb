"""What a drain does beside publishing."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from posts.draining import Drain
from posts.models import Heartbeat
from posts.models.heartbeat import Kind
from posts.models.installation import Installation
from posts.tests.plain_platform import register_plain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]


def drain() -> None:
    Drain(stop=threading.Event(), threads=2, linger=timedelta(), timeout=None).run()


def test_platforms_tidy_up_every_few_minutes_and_not_more_often(monkeypatch):
    plain = register_plain(monkeypatch)
    Installation.claim_if_new()

    drain()
    drain()
    assert plain.tidied == 1

    Heartbeat.objects.filter(kind=Kind.TIDY).update(at=timezone.now() - timedelta(minutes=6))
    drain()
    assert plain.tidied == 2


def test_a_copied_database_leaves_the_platforms_alone(monkeypatch, settings):
    plain = register_plain(monkeypatch)
    Installation.claim_if_new()
    settings.INSTALLATION_ID = "somewhere else"

    drain()

    assert plain.tidied == 0
