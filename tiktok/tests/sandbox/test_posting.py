"""creator_info and the two inits (Protocol 4, 5, 6)."""

import pytest

from tiktok.tests.sandbox.caller import (
    CREATOR_INFO,
    INBOX_INIT,
    VIDEO_INIT,
    chunked,
    whole,
)

PUBLIC = ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
PRIVATE = ["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]


def test_creator_info_tells_what_alice_may_do(sandbox, alice):
    data = alice.post(CREATOR_INFO).data
    avatar = data.pop("creator_avatar_url")
    assert data == {
        "creator_username": "alice",
        "creator_nickname": "Alice",
        "privacy_level_options": PUBLIC,
        "comment_disabled": False,
        "duet_disabled": False,
        "stitch_disabled": False,
        "max_video_post_duration_sec": 600,
    }
    picture = alice.session.get(avatar, timeout=10)
    assert picture.content.startswith(b"\x89PNG")
    sandbox.change_settings(clock_offset_seconds=7_201)
    assert alice.session.get(avatar, timeout=10).status_code == 403


def test_a_private_account_offers_followers_and_forbids_duet_and_stitch(sandbox, alice):
    sandbox.change_creator("alice", private=True, max_video_post_duration_sec=180)
    data = alice.post(CREATOR_INFO).data
    assert data["privacy_level_options"] == PRIVATE
    assert (data["comment_disabled"], data["duet_disabled"], data["stitch_disabled"]) == (
        False,
        True,
        True,
    )
    assert data["max_video_post_duration_sec"] == 180


def test_a_young_account_may_offer_less(sandbox, alice):
    sandbox.change_creator("alice", privacy_options=["SELF_ONLY"])
    assert alice.post(CREATOR_INFO).data["privacy_level_options"] == ["SELF_ONLY"]
    assert alice.init().code == "privacy_level_option_mismatch"


def test_an_init_answers_with_an_id_and_a_secret_address(sandbox, alice):
    data = alice.init().data
    assert set(data) == {"publish_id", "upload_url"}
    assert data["publish_id"].startswith("v_pub_file~v2-1.")
    assert len(data["publish_id"]) <= 64
    assert data["upload_url"].startswith(f"{sandbox.url}/video/?upload_id=")
    assert len(data["upload_url"]) <= 256


def test_everything_that_an_init_says_is_kept(sandbox, alice):
    sandbox.change_creator("alice", comment_disabled=True)
    alice.init(
        1_000,
        title="Sunrise #sea 🌅",
        disable_duet=True,
        video_cover_timestamp_ms=1_500,
        brand_content_toggle=True,
        brand_organic_toggle=True,
        is_aigc=True,
        a_field_of_tomorrow=1,
    )
    [post] = sandbox.publications()
    assert {
        "creator": "alice",
        "mode": "direct",
        "caption": "Sunrise #sea 🌅",
        "privacy": "PUBLIC_TO_EVERYONE",
        "disable_comment": True,  # the account's own setting forces it
        "disable_duet": True,
        "disable_stitch": False,
        "cover_ms": 1_500,
        "brand_content": True,
        "brand_organic": True,
        "is_aigc": True,
        "size": 1_000,
        "status": "PROCESSING_UPLOAD",
    }.items() <= post.items()


@pytest.mark.parametrize(
    "post",
    [
        {"title": 5},
        {"title": None},
        {"title": "\ud83d"},
        {"title": "x" * 2_201},
        {"title": "👍" * 1_101},
        {"privacy_level": 1},
        {"disable_comment": "true"},
        {"disable_comment": 1},
        {"disable_duet": None},
        {"disable_stitch": 0},
        {"brand_content_toggle": "false"},
        {"brand_organic_toggle": []},
        {"is_aigc": "no"},
        {"video_cover_timestamp_ms": "1000"},
        {"video_cover_timestamp_ms": 1.5},
        {"video_cover_timestamp_ms": True},
        {"video_cover_timestamp_ms": 2**31},
        {"brand_content_toggle": True, "privacy_level": "SELF_ONLY"},
    ],
)
def test_a_wrong_field_of_the_post_is_invalid(alice, post):
    answer = alice.init(**post)
    assert (answer.status, answer.code) == (400, "invalid_param")


def test_a_caption_is_counted_in_utf16_units(alice):
    assert alice.init(title="x" * 2_200).code == "ok"
    assert alice.init(title="👍" * 1_100).code == "ok"


@pytest.mark.parametrize("privacy", ["FOLLOWER_OF_CREATOR", "everyone", ""])
def test_a_privacy_that_is_not_offered_now_is_a_mismatch(alice, privacy):
    answer = alice.init(privacy_level=privacy)
    assert (answer.status, answer.code) == (403, "privacy_level_option_mismatch")


def test_a_privacy_that_is_left_out_is_a_mismatch(alice):
    answer = alice.post(VIDEO_INIT, {"post_info": {}, "source_info": whole(10)})
    assert (answer.status, answer.code) == (403, "privacy_level_option_mismatch")


def test_an_account_that_went_private_no_longer_offers_everyone(sandbox, alice):
    assert alice.init().code == "ok"
    sandbox.change_creator("alice", private=True)
    assert alice.init().code == "privacy_level_option_mismatch"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"post_info": {"privacy_level": "SELF_ONLY"}},
        {"source_info": whole(10)},
        {"post_info": [], "source_info": whole(10)},
    ],
)
def test_both_parts_of_the_body_are_needed(alice, body):
    answer = alice.post(VIDEO_INIT, body)
    assert (answer.status, answer.code) == (400, "invalid_param")


@pytest.mark.parametrize("path", [VIDEO_INIT, INBOX_INIT])
@pytest.mark.parametrize(
    "source",
    [
        {},
        whole(10) | {"source": "FILE"},
        whole(10) | {"video_url": "https://media.example/a.mp4"},
        whole(10) | {"video_size": "10"},
        whole(10) | {"video_size": 10.0},
        whole(10) | {"video_size": True},
        whole(10) | {"chunk_size": None},
        {"source": "FILE_UPLOAD", "video_size": 10, "chunk_size": 10},
        {"source": "PULL_FROM_URL"},
        {"source": "PULL_FROM_URL", "video_url": "http://media.example/a.mp4"},
    ],
)
def test_a_wrong_source_is_invalid(alice, path, source):
    body = {"post_info": {"privacy_level": "SELF_ONLY"}, "source_info": source}
    answer = alice.post(path, body)
    assert (answer.status, answer.code) == (400, "invalid_param")


@pytest.mark.parametrize("path", [VIDEO_INIT, INBOX_INIT])
def test_an_app_without_a_verified_domain_can_not_be_pulled_from(alice, path):
    source = {"source": "PULL_FROM_URL", "video_url": "https://media.example/a.mp4"}
    body = {"post_info": {"privacy_level": "SELF_ONLY"}, "source_info": source}
    answer = alice.post(path, body)
    assert (answer.status, answer.code) == (403, "url_ownership_unverified")


def test_a_draft_needs_only_its_source(sandbox, alice):
    answer = alice.post(INBOX_INIT, {"source_info": chunked(20_000_000, 10_000_000, 2)})
    assert answer.code == "ok"
    assert answer.data["publish_id"].startswith("v_inbox_file~v2.")
    [draft] = sandbox.publications()
    assert (draft["mode"], draft["privacy"], draft["caption"]) == ("inbox", None, "")


class TestAnAppWithoutTheAudit:
    @pytest.fixture(autouse=True)
    def unaudited(self, sandbox):
        sandbox.change_settings(audited=False)

    def test_posts_only_to_a_private_account(self, sandbox, alice):
        answer = alice.init(privacy_level="SELF_ONLY")
        assert (answer.status, answer.code) == (
            403,
            "unaudited_client_can_only_post_to_private_accounts",
        )
        sandbox.change_creator("alice", private=True)
        assert alice.init(privacy_level="SELF_ONLY").code == "ok"

    def test_posts_only_for_the_creator_alone(self, connect):
        alice = connect("alice", private=True)
        assert alice.post(CREATOR_INFO).data["privacy_level_options"] == ["SELF_ONLY"]
        answer = alice.init(privacy_level="FOLLOWER_OF_CREATOR")
        assert (answer.status, answer.code) == (403, "privacy_level_option_mismatch")

    def test_may_be_shown_the_options_of_the_account(self, sandbox, connect):
        sandbox.change_settings(unaudited_sees_all_options=True)
        alice = connect("alice", private=True)
        assert alice.post(CREATOR_INFO).data["privacy_level_options"] == PRIVATE
        assert alice.init(privacy_level="FOLLOWER_OF_CREATOR").status == 403

    def test_serves_five_creators_a_day(self, sandbox, connect):
        callers = [connect(f"creator{number}", private=True) for number in range(6)]
        for caller in callers[:5]:
            assert caller.init(privacy_level="SELF_ONLY").code == "ok"
        sixth = callers[5]
        refused = sixth.init(privacy_level="SELF_ONLY")
        assert (refused.status, refused.code) == (403, "reached_active_user_cap")
        info = sixth.post(CREATOR_INFO)
        assert (info.status, info.code, info.data) == (200, "reached_active_user_cap", {})
        assert callers[0].init(privacy_level="SELF_ONLY").code == "ok"

    def test_sends_drafts_to_a_public_account(self, alice):
        assert alice.init_inbox().code == "ok"
