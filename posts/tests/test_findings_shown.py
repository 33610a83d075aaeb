"""What was found ahead of its time, on the post's page and in the list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from posts.models import Publication
from posts.platforms import About, Finding
from posts.tests.people import browser_of, words
from posts.tests.plain_platform import a_channel, a_publication
from posts.tests.story import look_ahead
from posts.tests.test_foremost import highlighted

pytestmark = pytest.mark.django_db

LIST = reverse("posts:list")
GONE = Finding("audience_gone", "Nobody can see it any more.", "Choose again.", asked=True)
RED = Finding("banned", "It may not post.", "Open the app.", about=About.ACCOUNT, asked=True)


@pytest.fixture
def publication(alice, workspace, plain, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "sunrise.mp4").write_bytes(b"x" * 1_000)
    publication = a_publication(alice, a_channel(workspace))
    publication.schedule(timezone.now() + timedelta(days=2), by=alice)
    return publication


def page_of(publication: Publication, person) -> str:
    return words(browser_of(person).get(reverse("posts:detail", args=[publication.post_id])))


def test_what_stops_it_is_said_with_the_one_thing_that_mends_it(publication, plain, alice):
    plain.found_by_asking = [GONE]
    look_ahead(publication)

    page = page_of(publication, alice)

    assert "Nobody can see it any more." in page
    assert "Choose again." in page
    assert highlighted(page) == ["Edit"]
    assert "Needs you" in words(browser_of(alice).get(LIST))


def test_what_is_the_accounts_leads_to_the_account(publication, plain, alice):
    plain.found_by_asking = [RED]
    look_ahead(publication)

    assert "Go to the account" in page_of(publication, alice)


def test_when_nothing_was_found_that_is_said(publication, alice):
    assert "nothing stands in its way" not in page_of(publication, alice)

    look_ahead(publication)

    assert "nothing stands in its way" in page_of(publication, alice)
    assert "Needs you" not in words(browser_of(alice).get(LIST))


def test_an_open_page_learns_of_it(publication, plain, alice):
    browser, state = browser_of(alice), reverse("posts:state", args=[publication.pk])
    page = words(browser.get(reverse("posts:detail", args=[publication.post_id])))
    seen = page.split("?seen=")[1].split("&")[0]
    plain.found_by_asking = [GONE]
    look_ahead(publication)

    assert "Nobody can see it any more." in words(browser.get(state, {"seen": seen, "every": 15}))


def test_a_held_post_says_once_that_its_account_is_paused(publication, alice, client):
    client.force_login(alice)
    client.post(reverse("posts:pause_channel", args=[publication.channel_id]))

    page = page_of(publication, alice)

    assert "The account is paused" in page
    assert "can not be used now" not in page
