"""Whoever guesses at the API's doors, and who comes to them at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connections

from accounts.models import User, Workspace
from accounts.tests.program import Program, code
from accounts.tests.test_api_entering import CAROL, PASSWORD, log_in

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def carol(make_person) -> User:
    carol = make_person("carol")
    carol.set_password(PASSWORD)
    carol.save()
    return carol


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("taken", [{}, {"username": "{}"}])
def test_of_two_who_sign_up_at_once_one_is_told(taken):
    def sign_up(number: int):
        given = {name: pattern.format(f"carol{number}") for name, pattern in taken.items()}
        answer = Program().post("/register", CAROL | given)
        connections.close_all()
        return answer

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(sign_up, range(4)))

    assert sorted(answer.status_code for answer in answers)[0] == 201
    refused = {code(answer) for answer in answers if answer.status_code != 201}
    assert refused <= {(409, "already_signed_up"), (422, "invalid")}
    assert User.objects.count() == Workspace.objects.count() == 1


class CountingHasher(MD5PasswordHasher):
    """What takes the time of a log-in."""

    algorithm = "counting"
    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashed += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("known", ["carol", "carol@example.com"])
def test_the_time_tells_not_whether_somebody_is_known(known, settings, make_person):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    carol = make_person("carol")
    carol.set_password(PASSWORD)
    carol.save()
    EmailAddress.objects.update_or_create(
        user=carol, email=carol.email, defaults={"verified": True, "primary": True}
    )
    work = {}
    for who in (known, known.replace("carol", "nobody")):
        CountingHasher.hashed = 0
        assert code(log_in(username=who, password="wrong")) == (401, "wrong_credentials")
        work[who] = CountingHasher.hashed

    assert len(set(work.values())) == 1, work


def test_a_flood_of_other_names_lets_nobody_try_on(carol):
    for _ in range(5):
        log_in(password="wrong")
    for number in range(400):
        cache.set(f"wrong-{number}", 1, timeout=300)

    assert code(log_in()) == (429, "too_many_requests")
