"""Planned, claimed, init, last byte, published: each is stored, and told on the post's page."""

import pytest
from django.urls import reverse

from posts.models import Publication
from posts.tests.story import work_until_rest
from posts.views.moments import moments_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


def steps(publication: Publication) -> list[str]:
    attempt = publication.attempts.last()
    return [moment.label for moment in moments_of(publication, attempt, label="TikTok")]


def test_every_step_of_a_post_that_went_out_has_its_moment(plan, sandbox, alice, client):
    publication = plan()
    work_until_rest(publication)

    moments = moments_of(publication, publication.attempts.get(), label="TikTok")
    assert [moment.label for moment in moments] == [
        "Planned",
        "Taken up",
        "TikTok asked",
        "TikTok agreed",
        "Last byte sent",
        "Published",
    ]
    at = [moment.at for moment in moments]
    assert at == sorted(at)
    assert publication.lateness_ms == round(moments[-1].after.total_seconds() * 1_000)

    client.force_login(alice)
    page = client.get(reverse("posts:detail", args=[publication.post_id])).content.decode()
    assert f"{moments[2].after.total_seconds():.3f} s" in page


def test_before_its_time_there_is_nothing_to_tell(plan):
    publication = plan(minutes=60)

    assert steps(publication) == []
    assert publication.lateness_ms is None
