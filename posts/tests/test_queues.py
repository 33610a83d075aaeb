"""What a cluster takes from the queue: hints for all, and what is for it alone."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django_q.models import OrmQ
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from posts.queues import broker_for, forget_queue

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


def names(tasks) -> list[str]:
    return [SignedPackage.loads(package)["name"] for _, package in tasks or []]


def test_a_cluster_takes_hints_for_all_and_its_own_canary():
    async_task("posts.tasks.drain", task_name="a hint")
    async_task("posts.tasks.canary", "here", task_name="ours", cluster="work here:1")
    async_task("posts.tasks.canary", "there", task_name="theirs", cluster="work there:1")
    broker = broker_for("work here:1")

    taken = [names(broker.dequeue()) for _ in range(3)]

    assert taken == [["a hint"], ["ours"], []]


def test_of_two_clusters_one_gets_a_hint():
    async_task("posts.tasks.drain", task_name="a hint")

    taken = [names(broker_for(queue).dequeue()) for queue in ("work here:1", "work there:1")]

    assert taken == [["a hint"], []]


def test_a_task_that_was_done_is_gone():
    async_task("posts.tasks.drain")
    broker = broker_for("work here:1")
    [(task, _)] = broker.dequeue()

    broker.acknowledge(task)

    assert not OrmQ.objects.exists()


def test_what_a_dead_cluster_leaves_in_its_queue_is_thrown_away():
    async_task("posts.tasks.drain", task_name="a hint")
    async_task("posts.tasks.canary", "here", cluster="work here:1")

    forget_queue("work here:1")

    assert names(broker_for("work there:1").dequeue()) == ["a hint"]
    assert OrmQ.objects.count() == 1


def test_the_program_starts_with_redis_as_its_queue():
    checked = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"REDIS_URL": "redis://127.0.0.1:1/0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")
