"""Idempotency-Key: a request that is sent twice happens once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from accounts.api import entering, idempotency
from accounts.models import CallCount, RememberedAnswer, User, forget_old_calls
from accounts.tests.program import Program, code

pytestmark = [pytest.mark.django_db]

CAROL = {"username": "carol", "email": "carol@example.com", "password": "correct horse battery"}


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


def sign_up(key: str = "first", **changes: str):
    return Program().post("/register", CAROL | changes, **{"Idempotency-Key": key})


def test_a_repeat_gets_the_first_answer():
    first, second = sign_up(), sign_up()

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert [each.get("Idempotent-Replayed") for each in (first, second)] == [None, "true"]
    assert User.objects.count() == 1


def test_a_refusal_is_an_answer_too():
    assert [code(sign_up(password="short")) for _ in "12"] == [(422, "invalid")] * 2


def test_another_question_under_the_same_key_is_refused():
    sign_up()

    assert code(sign_up(username="carla")) == (409, "idempotency_key_reused")


def test_another_key_is_another_request():
    sign_up()

    assert code(sign_up("second")) == (422, "invalid")  # the name is taken by now


def test_after_a_day_the_key_is_free():
    sign_up()

    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert code(sign_up()) == (422, "invalid")


def test_what_is_old_is_cleared_away():
    sign_up()
    RememberedAnswer.objects.update(created_at=timezone.now() - timedelta(days=3))
    CallCount.objects.update(window_began=timezone.now() - timedelta(days=3))
    sign_up("second", username="carla", email="carla@example.com")
    CallCount.objects.create(whose="user:1", window_began=timezone.now() - timedelta(days=3))

    forget_old_calls(older_than=timedelta(days=2))

    assert [each.key for each in RememberedAnswer.objects.all()] == ["second"]
    assert not CallCount.objects.filter(whose="user:1").exists()


def test_a_request_still_at_work_is_not_begun_twice():
    RememberedAnswer.objects.all().delete()
    sign_up()
    RememberedAnswer.objects.update(status=None, body="")

    answer = sign_up()

    assert code(answer) == (409, "idempotency_key_in_use")
    assert answer["Retry-After"] == "1"


def test_after_a_crash_the_lease_frees_the_key():
    sign_up()
    User.objects.all().delete()
    RememberedAnswer.objects.update(status=None, body="")

    with time_machine.travel(timezone.now() + idempotency.LEASE + timedelta(seconds=1)):
        assert sign_up().status_code == 201
        assert sign_up()["Idempotent-Replayed"] == "true"


def test_a_mistake_of_ours_frees_it_at_once(monkeypatch):
    def break_down(*_: object, **__: object):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(entering, "sign_up", break_down)
        with pytest.raises(ZeroDivisionError):
            sign_up()

    assert sign_up().status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "ä"])
def test_a_key_is_short_and_printable(key):
    assert code(sign_up(key)) == (400, "bad_idempotency_key")


def test_nothing_of_what_was_asked_is_stored():
    sign_up()

    assert CAROL["password"] not in str(list(RememberedAnswer.objects.values()))


def test_a_token_is_never_stored(make_person):
    make_person("carol")
    program = Program(**{"Idempotency-Key": "first"})

    answers = [program.send("/token", username="carol", password="sesame street 9") for _ in "12"]

    assert [each.status_code for each in answers] == [200, 200]
    assert answers[0].json() != answers[1].json()
    assert not RememberedAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_one(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    start, answers = Barrier(20), []

    def send() -> None:
        start.wait()
        answers.append(sign_up())
        connections.close_all()

    threads = [Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {each.status_code for each in answers} <= {201, 409}
    assert len({each.content for each in answers if each.status_code == 201}) == 1
    assert User.objects.count() == 1
