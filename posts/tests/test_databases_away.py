"""The database goes away in the middle of the work, and comes back. PostgreSQL only: SQLite has no
server that could."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, ProgrammingError, connection, connections
from django.utils import timezone

from posts.dispatching import Dispatcher
from posts.draining import Drain
from posts.leases import Lease
from posts.models import Heartbeat, Installation
from posts.models.heartbeat import Kind
from posts.patience import pauses, wait_for_database
from posts.tests.plain_platform import (
    a_channel,
    a_publication,
    publish_at_once,
)

pytestmark = pytest.mark.django_db(transaction=True)


def hang_up() -> None:
    """The server ends this thread's connection, as it does when it restarts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def test_a_thread_that_loses_the_database_in_mid_step_goes_on_when_it_is_back(
    plain, alice, workspace
):
    Installation.claim_if_new()
    publication = a_publication(alice, a_channel(workspace))
    publication.schedule(timezone.now(), by=alice)

    def step(publication, lease):
        plain.step = publish_at_once
        hang_up()

    plain.step = step
    Drain(stop=threading.Event(), threads=2, linger=timedelta(seconds=5)).run()

    publication.refresh_from_db()
    assert publication.state == "published"
    assert plain.advanced == [publication.pk, publication.pk]


def test_a_dispatcher_that_loses_the_database_lives_on(plain):
    class StopAfter:
        """Lets the dispatcher look a few times, and hangs up on it before the second."""

        looks = 0

        def wait(self, seconds: float) -> bool:
            self.looks += 1
            if self.looks == 2:
                with pytest.raises(OperationalError):
                    hang_up()
            return self.looks > 4

    Dispatcher().run(StopAfter())

    assert Heartbeat.objects.filter(kind=Kind.DISPATCHER).exists()


def test_waiting_for_a_database_ends_when_it_answers(settings):
    settings_dict = connections["default"].settings_dict
    right, waits = settings_dict["PORT"], []
    connection.close()
    settings_dict["PORT"] = "1"

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            settings_dict["PORT"] = right

    try:
        assert wait_for_database(sleep=sleep) is True
    finally:
        settings_dict["PORT"] = right
    assert waits == [0.2, 0.4, 0.8]


def test_waiting_for_a_database_ends_when_told_to_stop():
    settings_dict = connections["default"].settings_dict
    right = settings_dict["PORT"]
    connection.close()
    settings_dict["PORT"] = "1"
    try:
        assert wait_for_database(sleep=lambda seconds: True) is False
    finally:
        settings_dict["PORT"] = right


def test_pauses_double_up_to_a_limit():
    growing = pauses()
    assert [round(next(growing), 1) for _ in range(8)] == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]


def test_a_database_that_refuses_a_question_costs_no_thread(plain, alice, workspace, monkeypatch):
    Installation.claim_if_new()
    publication = a_publication(alice, a_channel(workspace))
    publication.schedule(timezone.now(), by=alice)
    monkeypatch.setattr("posts.crew.AFTER_A_REFUSAL", 0.1)
    claim, refused = Lease.claim, []

    def refuse_once(**arguments):
        if not refused:
            refused.append(1)
            raise ProgrammingError("a column does not exist")
        return claim(**arguments)

    monkeypatch.setattr(Lease, "claim", refuse_once)

    Drain(stop=threading.Event(), threads=1, linger=timedelta()).run()

    publication.refresh_from_db()
    assert publication.state == "published"
