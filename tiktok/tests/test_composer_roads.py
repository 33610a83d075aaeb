"""The composer when a road is closed: TikTok is down, a permission is missing, no audit yet."""

import pytest
from django.urls import reverse

from posts.models import Publication
from posts.tests.people import browser_of
from tiktok.models import TikTokOptions
from tiktok.tests.composer_form import everything, is_off, read
from tiktok.tests.story import calls, trouble

pytestmark = pytest.mark.django_db

COMPOSE = reverse("posts:compose")


@pytest.fixture
def visitor(alice):
    return browser_of(alice)


@pytest.fixture
def sent(channel, medium):
    return everything(channel, medium)


def test_autosave_asks_tiktok_nothing(visitor, sent, sandbox):
    visitor.post(reverse("posts:autosave"), sent)
    post = {"post": str(Publication.objects.get().post_id)}
    visitor.post(reverse("posts:autosave"), sent | post | {"caption": "Sunset"})

    assert calls(sandbox, "creator_info") == []
    assert TikTokOptions.objects.get().privacy_level == "PUBLIC_TO_EVERYONE"


def test_while_tiktok_is_down_the_inbox_is_still_open(visitor, sent, sandbox):
    trouble(sandbox, "creator_info", "status", status=503, times=9)

    page = visitor.get(COMPOSE)
    assert not is_off(page)
    assert "TikTok has trouble at the moment." in read(page)
    assert visitor.post(COMPOSE, sent).status_code == 200
    assert visitor.post(COMPOSE, sent | {"tiktok-mode": "inbox"}).status_code == 302


def test_without_the_permission_to_publish_there_is_the_inbox(
    visitor, connect, workspace, medium, sent, channel, sandbox
):
    other = connect(workspace, "moonlight", scopes=["user.info.basic", "video.upload"])
    form = {"channel": str(other.pk), "options_for": str(other.pk)}

    page = read(visitor.post(reverse("posts:plan"), sent | form))

    assert "did not give the permission “video.publish”" in page
    assert calls(sandbox, "creator_info") == []
    assert visitor.post(COMPOSE, sent | form).status_code == 200
    assert visitor.post(COMPOSE, sent | form | {"tiktok-mode": "inbox"}).status_code == 302


def test_an_account_that_needs_a_reconnect_publishes_nothing(visitor, channel, sent):
    channel.mark_needs_reconnect("TikTok has ended the connection.")

    assert visitor.post(COMPOSE, sent).status_code == 200
    page = visitor.post(COMPOSE, sent | {"press": "account"})
    assert is_off(page)
    assert "TikTok has ended the connection." in read(page)


def test_an_unaudited_app_explains_why_it_proposes_the_inbox(visitor, channel, settings):
    settings.TIKTOK_APP_AUDITED = False

    page = read(visitor.get(COMPOSE))

    assert "Why the inbox is proposed" in page
    assert 'value="inbox" data-mode="inbox" checked' in page
    assert "This account is public now." in page
