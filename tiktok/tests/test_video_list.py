"""How the client reads the list of a creator's public posts, over a real socket."""

from datetime import UTC, datetime

import pytest

from tiktok.answers import ListedVideo
from tiktok.client import TikTokClient
from tiktok.tests.scripted_server import ok

VIDEO = {
    "id": "7301234567890123456",
    "create_time": 1790000000,
    "share_url": "https://www.tiktok.com/@alice/video/7301234567890123456?utm_source=key",
    "video_description": "Sunrise",
    "title": "Sunrise",
}


@pytest.fixture
def client(tiktok):
    with TikTokClient("act.alice", base_url=tiktok.url) as client:
        yield client


def test_a_page_says_what_is_on_it_and_what_follows(tiktok, client):
    tiktok.will(ok({"videos": [VIDEO], "cursor": 1790000000123, "has_more": True}))

    page = client.list_videos()

    assert page.videos == (
        ListedVideo(
            id="7301234567890123456",
            created_at=datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC),
            share_url=VIDEO["share_url"],
            text="Sunrise",
        ),
    )
    assert (page.cursor, page.has_more) == (1790000000123, True)
    [request] = tiktok.requests
    assert request.path == (
        "/v2/video/list/?fields=id%2Ccreate_time%2Cshare_url%2Cvideo_description%2Ctitle"
    )
    assert request.json == {"max_count": 20}


def test_a_cursor_asks_for_what_is_older(tiktok, client):
    tiktok.will(ok({"videos": [], "cursor": 5, "has_more": False}))
    client.list_videos(1790000000123)
    assert tiktok.requests[0].json == {"max_count": 20, "cursor": 1790000000123}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"videos": None, "cursor": "soon", "has_more": "yes"},
        {"videos": {"id": "7"}},
        {"videos": ["a text", None, {}, {"id": "7"}, VIDEO | {"create_time": 10**18}]},
        {"videos": [VIDEO | {"id": ["7"]}, VIDEO | {"id": "7\x00"}]},
    ],
)
def test_what_makes_no_sense_is_left_out(tiktok, client, data):
    tiktok.will(ok(data))
    page = client.list_videos()
    assert (page.videos, page.has_more) == ((), False)


def test_a_number_for_an_id_stays_exact(tiktok, client):
    tiktok.will(ok({"videos": [VIDEO | {"id": 7301234567890123457, "video_description": None}]}))
    [video] = client.list_videos().videos
    assert (video.id, video.text) == ("7301234567890123457", "Sunrise")
