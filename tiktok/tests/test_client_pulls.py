"""What TikTok is asked about what it fetches, and what stops photos before it is asked."""

import json

import pytest

from posts.errors import Blocked
from tiktok import errors
from tiktok.answers import PullStarted
from tiktok.client import TikTokClient
from tiktok.payloads import PhotoWords, inbox_video
from tiktok.payloads import photos as photos_body
from tiktok.tests.scripted_server import ok

ADDRESS = "https://media.example.com/pulled/secret/1.jpg"
WORDS = PhotoWords(title="Hills", description="Three 🌅 #hills")


@pytest.fixture
def client_of_tiktok(tiktok):
    with TikTokClient("act.alice", base_url=tiktok.url) as client:
        yield client


def test_photos_are_announced_with_their_addresses(tiktok, client_of_tiktok):
    tiktok.will(ok({"publish_id": "p_pub_url~v2.1"}))

    started = client_of_tiktok.start_photos(WORDS, [ADDRESS], cover=0)

    assert started == PullStarted("p_pub_url~v2.1", "log-1")
    [request] = tiktok.requests
    assert (request.method, request.path) == ("POST", "/v2/post/publish/content/init/")
    assert json.loads(request.body) == photos_body(WORDS, [ADDRESS], cover=0)


def test_a_pulled_draft_is_announced_with_its_address(tiktok, client_of_tiktok):
    tiktok.will(ok({"publish_id": "v_inbox_url~v2.1"}))

    client_of_tiktok.start_pulled_inbox_video(ADDRESS)

    [request] = tiktok.requests
    assert request.path == "/v2/post/publish/inbox/video/init/"
    assert json.loads(request.body) == inbox_video(ADDRESS)


def test_an_ok_without_an_id_leaves_open_whether_it_has_begun(tiktok, client_of_tiktok):
    tiktok.will(ok({}))
    with pytest.raises(errors.ServerFault) as raised:
        client_of_tiktok.start_photos(WORDS, [ADDRESS], cover=0)
    assert raised.value.outcome_known is False


def test_a_fetch_is_cancelled_by_its_id(tiktok, client_of_tiktok):
    tiktok.will(ok({}))

    client_of_tiktok.cancel("p_pub_url~v2.1")

    [request] = tiktok.requests
    assert request.path == "/v2/post/publish/cancel/"
    assert json.loads(request.body) == {"publish_id": "p_pub_url~v2.1"}


@pytest.mark.django_db
def test_photos_are_not_planned_where_tiktok_can_not_fetch_them(draft, photos, plan, settings):
    settings.TIKTOK_API_URL = "https://open.tiktokapis.com"

    with pytest.raises(Blocked, match="fetches from https addresses only") as raised:
        plan(media=photos)

    assert "photos_can_not_be_fetched" in [each.code for each in raised.value.findings]
    settings.MEDIA_PUBLIC_URL = "https://media.example.com"
    assert plan(media=photos).state == "scheduled"
