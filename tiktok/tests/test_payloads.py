"""The bodies of the inits: everything explicit, and nothing that must never be sent."""

import json

import pytest

from tiktok.chunks import plan
from tiktok.errors import Rejected
from tiktok.payloads import PhotoInfo, PhotoWords, PostInfo, direct_video, inbox_video, photos


def post_info(**changes):
    choices = {
        "privacy_level": "PUBLIC_TO_EVERYONE",
        "title": "Sunrise",
        "disable_comment": True,
        "disable_duet": True,
        "disable_stitch": True,
        "brand_content_toggle": False,
        "brand_organic_toggle": False,
    }
    return PostInfo(**(choices | changes))


def test_a_direct_post_says_everything_explicitly():
    assert direct_video(post_info(), plan(64_000_001)) == {
        "post_info": {
            "privacy_level": "PUBLIC_TO_EVERYONE",
            "title": "Sunrise",
            "disable_comment": True,
            "disable_duet": True,
            "disable_stitch": True,
            "brand_content_toggle": False,
            "brand_organic_toggle": False,
            "is_aigc": False,
        },
        "source_info": {
            "source": "FILE_UPLOAD",
            "video_size": 64_000_001,
            "chunk_size": 10_000_000,
            "total_chunk_count": 6,
        },
    }


def test_numbers_leave_as_whole_numbers():
    text = json.dumps(inbox_video(plan(4_000_000_000)))

    assert '"video_size": 4000000000, "chunk_size": 10000000, "total_chunk_count": 400' in text


def test_a_draft_says_nothing_but_where_the_bytes_come_from():
    assert inbox_video(plan(5)) == {
        "source_info": {
            "source": "FILE_UPLOAD",
            "video_size": 5,
            "chunk_size": 5,
            "total_chunk_count": 1,
        }
    }


@pytest.mark.parametrize("moment", [0, 1500, 2**31 - 1])
def test_the_cover_belongs_to_the_post(moment):
    body = direct_video(post_info(video_cover_timestamp_ms=moment, is_aigc=True), plan(5))

    assert body["post_info"]["video_cover_timestamp_ms"] == moment
    assert body["post_info"]["is_aigc"] is True
    assert "video_cover_timestamp_ms" not in body["source_info"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"privacy_level": "SELF_ONLY", "brand_content_toggle": True},
            "Branded content visibility cannot be set to private.",
        ),
        ({"privacy_level": ""}, "Nobody has chosen who may see this post."),
        (
            {"title": "👍" * 1_101},
            "The caption is 2 too long for TikTok, which takes 2,200 (most emoji count two).",
        ),
        ({"video_cover_timestamp_ms": -1}, "The cover can not be taken at -1 ms."),
        ({"video_cover_timestamp_ms": 2**31}, "The cover can not be taken at 2147483648 ms."),
    ],
)
def test_what_must_never_be_sent_is_refused_here(wrong, sentence):
    with pytest.raises(Rejected) as refused:
        post_info(**wrong)

    assert isinstance(refused.value, ValueError)
    assert refused.value.for_people == sentence
    assert refused.value.what_to_do.endswith(".")


@pytest.mark.parametrize(
    "fine",
    [
        {"title": "👍" * 1_100},
        {"title": ""},
        {"privacy_level": "SELF_ONLY", "brand_organic_toggle": True},
        {"privacy_level": "FOLLOWER_OF_CREATOR", "brand_content_toggle": True},
        {"privacy_level": "A_LEVEL_FROM_THE_FUTURE"},
    ],
)
def test_what_only_looks_strange_is_sent(fine):
    sent = post_info(**fine).as_json()

    assert {name: sent[name] for name in fine} == fine


def photo_info(**changes):
    choices = {
        "title": "Hills",
        "description": "Three #hills",
        "privacy_level": "PUBLIC_TO_EVERYONE",
        "disable_comment": True,
        "auto_add_music": False,
        "brand_content_toggle": False,
        "brand_organic_toggle": False,
    }
    return PhotoInfo(**(choices | changes))


ADDRESSES = ["https://media.example.com/1.jpg", "https://media.example.com/2.jpg"]


def test_photos_say_where_they_are_fetched_and_which_is_the_cover():
    assert photos(photo_info(is_aigc=True), ADDRESSES, cover=1) == {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST",
        "post_info": {
            "title": "Hills",
            "description": "Three #hills",
            "privacy_level": "PUBLIC_TO_EVERYONE",
            "disable_comment": True,
            "auto_add_music": False,
            "brand_content_toggle": False,
            "brand_organic_toggle": False,
        },
        "is_aigc": True,
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": ADDRESSES,
            "photo_cover_index": 1,
        },
    }


def test_a_draft_of_photos_says_its_words_alone():
    body = photos(PhotoWords(title="Hills", description=""), ADDRESSES, cover=0)
    assert body["post_mode"] == "MEDIA_UPLOAD"
    assert body["post_info"] == {"title": "Hills", "description": ""}
    assert "is_aigc" not in body


def test_a_pulled_video_says_its_address_and_no_sizes():
    source = {"source": "PULL_FROM_URL", "video_url": ADDRESSES[0]}
    assert inbox_video(ADDRESSES[0]) == {"source_info": source}
    assert direct_video(post_info(), ADDRESSES[0])["source_info"] == source


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "x" * 91},
        {"title": "👍" * 46},
        {"description": "x" * 4_001},
        {"privacy_level": ""},
        {"privacy_level": "SELF_ONLY", "brand_content_toggle": True},
    ],
)
def test_photos_that_tiktok_would_refuse_are_not_sent(wrong):
    with pytest.raises(Rejected):
        photo_info(**wrong)


@pytest.mark.parametrize(("count", "cover"), [(0, 0), (36, 0), (2, 2), (2, -1)])
def test_neither_too_many_photos_nor_a_cover_that_is_none_of_them(count, cover):
    with pytest.raises(Rejected):
        photos(photo_info(), ADDRESSES[:1] * count, cover=cover)
