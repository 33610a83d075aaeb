"""The composer while a daily limit of TikTok's is reached: a later day can be planned."""

import pytest
from django.urls import reverse

from posts.models import Publication
from posts.tests.people import browser_of
from tiktok.models import LastOffer, TikTokOptions
from tiktok.tests.composer_form import everything, read
from tiktok.tests.story import inits, trouble

pytestmark = pytest.mark.django_db

COMPOSE = reverse("posts:compose")
CAPS = ["spam_risk_too_many_posts", "reached_active_user_cap"]


@pytest.fixture
def visitor(alice):
    return browser_of(alice)


@pytest.fixture
def sent(channel, medium):
    return everything(channel, medium)


@pytest.fixture(params=CAPS)
def at_the_cap(request, visitor, channel, sandbox):
    """Alice has opened the composer earlier, and since then the limit was reached."""
    visitor.get(COMPOSE)
    trouble(sandbox, "creator_info", "code", code=request.param, status=200, times=9)


def off(page) -> list[str]:
    """The buttons that publish and are switched off."""
    buttons = page.content.decode().split('name="press" value="')
    return [each.split('"')[0] for each in buttons if " disabled data-publish" in each[:40]]


def test_a_later_day_can_be_planned(visitor, sent, at_the_cap):
    page = visitor.get(COMPOSE)

    assert off(page) == ["now"]
    assert "Plan it for more than 24 hours from now" in read(page)
    assert visitor.post(COMPOSE, sent).status_code == 302
    assert Publication.objects.get().state == "scheduled"
    assert TikTokOptions.objects.get().privacy_level == "PUBLIC_TO_EVERYONE"


def test_what_was_offered_last_is_shown_and_nothing_is_chosen(visitor, alice, at_the_cap):
    page = read(visitor.get(COMPOSE))

    said_at = LastOffer.objects.get().said_at.astimezone(alice.zone)
    assert "TikTok offered these on" in page
    assert f"{said_at:%H:%M}</time>. TikTok is asked again when the post goes out" in page
    assert '<option value="" selected>Choose who can see it</option>' in page


def test_nothing_goes_out_now(visitor, sent, at_the_cap, sandbox):
    answer = visitor.post(COMPOSE, sent | {"press": "now"})

    assert answer.status_code == 200
    assert (Publication.objects.count(), inits(sandbox)) == (0, [])


def test_an_audience_that_was_not_offered_is_refused(visitor, sent, at_the_cap):
    followers = {"tiktok-privacy_level": "FOLLOWER_OF_CREATOR"}

    page = visitor.post(COMPOSE, sent | followers)

    assert page.status_code == 200
    assert "TikTok does not offer this audience now." in read(page)


def test_what_another_version_of_this_program_kept_counts_as_nothing(visitor, sent, at_the_cap):
    kept = LastOffer.objects.get()
    kept.info.pop("stitch_disabled")
    kept.save()

    page = visitor.get(COMPOSE)

    assert "TikTok says nothing about the account's choices until then." in read(page)
    assert "TikTok offered these on" not in read(page)
    assert visitor.post(COMPOSE, sent).status_code == 200
    assert visitor.post(COMPOSE, sent | {"tiktok-mode": "inbox"}).status_code == 302


def test_of_an_account_that_was_never_asked_a_draft_can_be_planned(visitor, sent, sandbox):
    trouble(sandbox, "creator_info", "code", code=CAPS[0], status=200, times=9)

    assert visitor.post(COMPOSE, sent).status_code == 200
    assert visitor.post(COMPOSE, sent | {"tiktok-mode": "inbox"}).status_code == 302
    assert TikTokOptions.objects.get().mode == "inbox"
