"""The leases of dead workers can be ended by hand."""

from datetime import timedelta
from io import StringIO
from threading import Event

import pytest
from django.core.management import call_command
from django.utils import timezone

from posts.errors import LeaseLost
from posts.leases import Lease
from posts.models import Heartbeat
from posts.models.heartbeat import Kind
from posts.states import State
from posts.tests.plain_platform import a_channel, a_publication, register_plain
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

DEAD_PID = 2**22 + 1  # higher than Linux gives


@pytest.fixture
def scheduled(monkeypatch, alice, workspace):
    register_plain(monkeypatch)
    return bring(a_publication(alice, a_channel(workspace)), State.SCHEDULED, by=alice)


def claim(by: str) -> Lease:
    claimed = Lease.claim(by=f"{by}/crew-1", stop=Event())
    assert claimed is not None
    return claimed[1]


def release(*arguments: str) -> str:
    said = StringIO()
    call_command("release", *arguments, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize(
    "name", [f"{Heartbeat.own_name().rpartition(':')[0]}:{DEAD_PID}", "another-machine:12"]
)
def test_what_a_dead_worker_held_is_free_at_once(scheduled, name):
    lease = claim(name)

    said = release()

    assert f"{scheduled.pk}  Sunrise to Sunrise: {name}/crew-1, dead\n1 released." in said
    with pytest.raises(LeaseLost):
        lease.renew()
    assert Lease.claim(by="another", stop=Event()) is not None


def test_a_dry_run_only_lists(scheduled):
    lease = claim("another-machine:12")

    assert "dead" in release("--dry-run")

    lease.renew()


def test_a_living_worker_keeps_what_it_holds(scheduled):
    lease = claim(Heartbeat.own_name())

    assert "alive\n0 released." in release()

    lease.renew()


def test_a_worker_elsewhere_that_beats_is_alive(scheduled):
    Heartbeat.beat(Kind.DRAIN, "another-machine:12")
    lease = claim("another-machine:12")

    assert "alive\n0 released." in release()

    lease.renew()


def test_all_means_the_living_too(scheduled):
    lease = claim(Heartbeat.own_name())

    assert "1 released." in release("--all")

    with pytest.raises(LeaseLost):
        lease.renew()


def test_what_was_asked_about_before_its_time_does_not_begin_by_it(scheduled, alice):
    tomorrow = timezone.now() + timedelta(days=1)
    scheduled.reschedule(tomorrow, by=alice)
    assert Lease.take(scheduled.pk, by="reconcile") is not None  # and it was stopped by Ctrl-C

    assert "1 released." in release()

    scheduled.refresh_from_db()
    assert scheduled.next_step_at == tomorrow
    assert Lease.claim(by="another", stop=Event()) is None
