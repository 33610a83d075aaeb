"""What the client asks TikTok, over a real socket, and how it reads the answers."""

import json

import pytest

from tiktok import errors
from tiktok.answers import CreatorInfo, PostStatus, UserInfo
from tiktok.chunks import plan
from tiktok.client import TikTokClient
from tiktok.payloads import PostInfo, direct_video, inbox_video
from tiktok.tests.scripted_server import Reply, ok

TOKEN = "act.alice-secret"
POST = PostInfo(
    privacy_level="SELF_ONLY",
    title="Sunrise 🌅 «é»",
    disable_comment=True,
    disable_duet=True,
    disable_stitch=True,
    brand_content_toggle=False,
    brand_organic_toggle=False,
)


@pytest.fixture
def client(tiktok):
    with TikTokClient(TOKEN, base_url=tiktok.url) as client:
        yield client


def status_reply(text):
    """An answer written by hand, so that numbers stay as they are written."""
    return Reply(body=f'{{"data": {text}, "error": {{"code": "ok"}}}}'.encode())


def test_creator_info_says_what_alice_may_do_now(tiktok, client):
    tiktok.will(
        ok(
            {
                "creator_avatar_url": "https://p16.example/a.jpg",
                "creator_username": "alice",
                "creator_nickname": "Alice ✨",
                "privacy_level_options": ["PUBLIC_TO_EVERYONE", "NEW_LEVEL", "SELF_ONLY"],
                "comment_disabled": False,
                "duet_disabled": True,
                "stitch_disabled": True,
                "max_video_post_duration_sec": 300,
            }
        )
    )

    assert client.creator_info() == CreatorInfo(
        nickname="Alice ✨",
        username="alice",
        avatar_url="https://p16.example/a.jpg",
        privacy_level_options=("PUBLIC_TO_EVERYONE", "NEW_LEVEL", "SELF_ONLY"),
        comment_disabled=False,
        duet_disabled=True,
        stitch_disabled=True,
        max_video_post_duration_sec=300,
        log_id="log-1",
    )
    [request] = tiktok.requests
    assert (request.method, request.path) == ("POST", "/v2/post/publish/creator_info/query/")
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["content-type"] == "application/json; charset=UTF-8"
    assert request.headers["user-agent"].startswith("SocialMediaScheduler/")
    assert request.body == b""


def test_creator_info_with_odd_types_is_read_as_far_as_it_goes(tiktok, client):
    levels = ["SELF_ONLY", 7, None, "", "LONGER_THAN_ANY_" * 9]
    odd = {"privacy_level_options": levels, "max_video_post_duration_sec": "180"}
    tiktok.will(ok(odd | {"creator_nickname": 5, "comment_disabled": "yes"}))

    info = client.creator_info()

    assert info.privacy_level_options == ("SELF_ONLY",)
    assert info.max_video_post_duration_sec == 180
    assert (info.nickname, info.comment_disabled) == ("", True)  # in doubt it stays off


def test_a_direct_post_is_announced_and_says_where_to_upload(tiktok, client):
    tiktok.will(ok({"publish_id": "v_pub_file~v2-1.7", "upload_url": "https://u.example/?t=1"}))

    target = client.start_video(POST, plan(1_000))

    assert (target.publish_id, target.upload_url) == ("v_pub_file~v2-1.7", "https://u.example/?t=1")
    assert target.log_id == "log-1"
    assert "u.example" not in repr(target)
    [request] = tiktok.requests
    assert (request.method, request.path) == ("POST", "/v2/post/publish/video/init/")
    assert request.json == direct_video(POST, plan(1_000))


def test_a_draft_is_announced_at_its_own_address(tiktok, client):
    tiktok.will(ok({"publish_id": "v_inbox_file~v2.7", "upload_url": "https://u.example/"}))

    client.start_inbox_video(plan(70_000_000))

    [request] = tiktok.requests
    assert request.path == "/v2/post/publish/inbox/video/init/"
    assert request.json == inbox_video(plan(70_000_000))


def test_a_caption_with_half_an_emoji_is_sent_as_it_is(tiktok, client):
    tiktok.will(ok({"publish_id": "p", "upload_url": "https://u.example/"}))
    broken = PostInfo(**{**direct_video(POST, plan(5))["post_info"], "title": "\ud83d"})

    client.start_video(broken, plan(5))

    assert json.loads(tiktok.requests[0].body)["post_info"]["title"] == "\ud83d"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"publish_id": "", "upload_url": "https://u.example/"},
        {"publish_id": ["v_pub_file~v2-1.7"], "upload_url": "https://u.example/"},
        {"publish_id": "v_pub\0file", "upload_url": "https://u.example/"},
        {"publish_id": "7" * 201, "upload_url": "https://u.example/"},
        {"publish_id": "v_pub_file~v2-1.7", "upload_url": "https://u.example/\0"},
        {"publish_id": "v_pub_file~v2-1.7", "upload_url": {"https": "u.example"}},
        {"publish_id": "v_pub_file~v2-1.7"},
        {"publish_id": "v_pub_file~v2-1.7", "upload_url": None},
        [],
        None,
    ],
)
def test_an_init_that_says_ok_and_nothing_else_has_an_unknown_outcome(tiktok, client, data):
    tiktok.will(ok(data, log_id="2026x"))

    with pytest.raises(errors.ServerFault) as caught:
        client.start_video(POST, plan(1_000))

    assert caught.value.outcome_known is False
    assert caught.value.log_id == "2026x"


def test_a_publish_id_may_come_as_a_number(tiktok, client):
    tiktok.will(ok({"publish_id": 7123456789012345678, "upload_url": "https://u.example/"}))

    assert client.start_video(POST, plan(1_000)).publish_id == "7123456789012345678"


def test_the_status_says_what_became_of_a_post(tiktok, client):
    tiktok.will(
        ok({"status": "PROCESSING_UPLOAD", "uploaded_bytes": 20_000_000}),
        ok({"status": "FAILED", "fail_reason": "spam_risk_text"}),
        ok({"status": "A_STATUS_FROM_THE_FUTURE", "downloaded_bytes": 5}),
    )

    answers = [client.post_status("v_pub_file~v2-1.7") for _ in range(3)]

    assert answers == [
        PostStatus("PROCESSING_UPLOAD", uploaded_bytes=20_000_000, log_id="log-1"),
        PostStatus("FAILED", fail_reason="spam_risk_text", log_id="log-1"),
        PostStatus("A_STATUS_FROM_THE_FUTURE", downloaded_bytes=5, log_id="log-1"),
    ]
    assert {request.path for request in tiktok.requests} == {"/v2/post/publish/status/fetch/"}
    assert tiktok.requests[0].json == {"publish_id": "v_pub_file~v2-1.7"}


@pytest.mark.parametrize(
    ("field", "ids"),
    [
        ('"publicaly_available_post_id": [7451234567890123457]', ("7451234567890123457",)),
        ('"publicaly_available_post_id": 7451234567890123457', ("7451234567890123457",)),
        ('"publicaly_available_post_id": "7451234567890123457"', ("7451234567890123457",)),
        ('"publicaly_available_post_id": ["7451234567890123457"]', ("7451234567890123457",)),
        ('"publicaly_available_post_id": 7451234567890123457.0', ("7451234567890123457",)),
        ('"publicly_available_post_id": [7451234567890123457]', ("7451234567890123457",)),
        (
            '"publicaly_available_post_id": [7451234567890123457, 7451234567890123458],'
            '"publicly_available_post_id": "7451234567890123457"',
            ("7451234567890123457", "7451234567890123458"),
        ),
        ('"publicaly_available_post_id": []', ()),
        ('"publicaly_available_post_id": null', ()),
        ('"publicaly_available_post_id": 0', ()),
        ('"publicaly_available_post_id": ["", 0, null, true, {}, -5, 1.5, NaN, 1e999999]', ()),
        ('"other": 1', ()),
    ],
)
def test_post_ids_keep_every_digit_in_whatever_form_they_come(tiktok, client, field, ids):
    tiktok.will(status_reply(f'{{"status": "PUBLISH_COMPLETE", {field}}}'))

    assert client.post_status("v_pub_file~v2-1.7").public_ids == ids


@pytest.mark.parametrize("data", ["{}", '{"status": 5}', '{"status": ""}', "[]", "null"])
def test_a_status_without_a_status_says_nothing_about_the_post(tiktok, client, data):
    tiktok.will(status_reply(data))

    with pytest.raises(errors.ServerFault):
        client.post_status("v_pub_file~v2-1.7")


def test_nobody_asks_for_the_status_of_nothing(client):
    with pytest.raises(ValueError, match="publish_id"):
        client.post_status("")


BASIC = "open_id,union_id,display_name,avatar_url,avatar_large_url"


@pytest.mark.parametrize(
    ("scopes", "fields"),
    [
        ({"user.info.basic", "video.publish"}, BASIC),
        (
            ["video.upload", "user.info.profile", "user.info.basic"],
            f"{BASIC},username,bio_description,profile_deep_link,is_verified",
        ),
        ({"user.info.stats"}, "follower_count,following_count,likes_count,video_count"),
    ],
)
def test_only_fields_of_granted_scopes_are_asked_for(tiktok, client, scopes, fields):
    tiktok.will(ok({"user": {}}))

    client.user_info(scopes)

    [request] = tiktok.requests
    assert request.method == "GET"
    assert request.path == f"/v2/user/info/?fields={fields.replace(',', '%2C')}"


def test_user_info_says_who_alice_is(tiktok, client):
    tiktok.will(
        ok(
            {
                "user": {
                    "open_id": "-000AbC_x",
                    "union_id": "u1",
                    "display_name": "Alice",
                    "is_verified": True,
                    "follower_count": 12,
                    "likes_count": "9",
                    "video_count": -1,
                }
            }
        )
    )

    assert client.user_info({"user.info.basic", "user.info.stats"}) == UserInfo(
        open_id="-000AbC_x",
        union_id="u1",
        display_name="Alice",
        is_verified=True,
        follower_count=12,
        likes_count=9,
        log_id="log-1",
    )


def test_without_a_scope_for_user_info_nobody_is_asked(tiktok, client):
    with pytest.raises(errors.MissingScope):
        client.user_info({"video.publish"})

    assert tiktok.requests == []
