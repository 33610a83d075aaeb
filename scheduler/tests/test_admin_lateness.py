"""The operator sees how late posts were, sorts by it, and finds the worst."""

from datetime import timedelta

import pytest
from django.utils import timezone

from posts.models import Attempt, Publication
from posts.states import State
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

PUBLICATIONS = "/admin/posts/publication/"


@pytest.fixture
def published(plan, draft, alice):
    def publish(caption: str, *, begun_after: timedelta, out_after: timedelta) -> Publication:
        publication = bring(draft(caption=caption), State.PUBLISHED, by=alice)
        due_at = timezone.now() - timedelta(days=1)
        Publication.objects.filter(pk=publication.pk).update(
            due_at=due_at, published_at=due_at + out_after
        )
        Attempt.objects.filter(publication=publication).update(intended_at=due_at + begun_after)
        publication.refresh_from_db()
        return publication

    return publish


@pytest.fixture
def quick(published):
    seconds = timedelta(seconds=7, milliseconds=250)
    return published("Quick", begun_after=timedelta(milliseconds=240), out_after=seconds)


@pytest.fixture
def slow(published):
    return published("Slow", begun_after=timedelta(minutes=2), out_after=timedelta(hours=2))


def shown(desk, query: str = "") -> list[Publication]:
    page = desk.get(f"{PUBLICATIONS}?{query}")
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


def column(desk, name: str) -> int:
    return desk.get(PUBLICATIONS).context["cl"].list_display.index(name)


def test_lateness_is_a_number_for_people_and_programs(desk, quick):
    page = desk.get(PUBLICATIONS).content.decode()

    assert "240 ms" in page
    assert "7,250 ms" in page
    assert quick.lateness_ms == 7_250


def test_the_list_can_be_sorted_by_it(desk, quick, slow):
    number = column(desk, "begun")

    assert shown(desk, f"o=-{number}") == [slow, quick]
    assert shown(desk, f"o={number}") == [quick, slow]


def test_the_worst_are_found(desk, quick, slow):
    assert shown(desk, "begun=second") == [quick]
    assert shown(desk, "begun=minute") == []
    assert shown(desk, "begun=hour") == [slow]
    assert shown(desk, "begun=later") == []


def test_what_has_not_begun_has_none(desk, draft):
    draft()

    page = desk.get(PUBLICATIONS).content.decode()

    assert '<td class="field-begun">-</td><td class="field-out">-</td>' in page
