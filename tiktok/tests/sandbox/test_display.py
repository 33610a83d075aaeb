"""Who the creator is, and the public videos (Protocol 12)."""

import pytest

from tiktok.tests.sandbox.caller import USER_INFO, VIDEO_LIST, VIDEO_QUERY

ALL_VIDEO_FIELDS = (
    "id,create_time,cover_image_url,share_url,video_description,title,duration,height,width,"
    "embed_html,embed_link,like_count,comment_count,share_count,view_count,is_aigc"
)


def listed(caller, fields="id", **body):
    return caller.post(f"{VIDEO_LIST}?fields={fields}", body)


def asked(caller, ids, fields="id"):
    answer = caller.post(f"{VIDEO_QUERY}?fields={fields}", {"filters": {"video_ids": ids}})
    assert answer.code == "ok", answer
    return answer.data["videos"]


@pytest.fixture(autouse=True)
def _no_caps(sandbox):
    sandbox.change_settings(init_per_window=1_000, direct_post_cap=1_000)


def test_user_info_gives_the_fields_that_are_asked_for(sandbox, connect):
    alice = connect("alice", display_name="Alice", bio="I bake.")
    alice.publish()
    alice.publish(privacy_level="SELF_ONLY")

    user = alice.get(USER_INFO, fields="open_id,display_name,username,bio_description").data["user"]
    assert set(user) == {"open_id", "display_name", "username", "bio_description"}
    assert user["open_id"].startswith("-000")
    assert (user["display_name"], user["username"]) == ("Alice", "alice")
    assert user["bio_description"] == "I bake."
    stats = alice.get(USER_INFO, fields="video_count,likes_count,follower_count").data["user"]
    assert stats["video_count"] == 1

    addresses = alice.get(USER_INFO, fields="avatar_url,avatar_large_url").data["user"]
    for address in addresses.values():
        picture = alice.session.get(address, timeout=10)
        assert picture.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize("fields", ["", "open_id,", "open_id,email", "open_id, display_name"])
def test_unknown_fields_are_invalid(alice, fields):
    answer = alice.get(USER_INFO, fields=fields)
    assert (answer.status, answer.code) == (400, "invalid_params")


def test_a_field_without_its_scope_fails_the_whole_call(connect):
    alice = connect("alice", ["user.info.basic"])
    assert alice.get(USER_INFO, fields="open_id,union_id").code == "ok"
    for field in ("username", "is_verified", "video_count"):
        answer = alice.get(USER_INFO, fields=f"open_id,{field}")
        assert (answer.status, answer.code) == (400, "scope_permission_missed")


def test_the_list_holds_public_videos_newest_first(sandbox, alice, connect):
    alice.publish(title="First")
    alice.publish(title="Mine", privacy_level="SELF_ONLY")
    alice.publish(title="Second")
    connect("bob").publish(title="Other")

    data = listed(alice, "title,share_url,id").data

    assert [video["title"] for video in data["videos"]] == ["Second", "First"]
    assert data["has_more"] is False
    second = data["videos"][0]
    assert second["share_url"].startswith(f"{sandbox.url}/@alice/video/{second['id']}?")
    assert alice.session.get(second["share_url"], timeout=10).status_code == 200
    sandbox.change_creator("alice", private=True)
    assert listed(alice).data["videos"] == []


def test_every_field_of_a_video_has_its_type(alice):
    alice.publish(title="T" * 200, is_aigc=True)
    [video] = listed(alice, ALL_VIDEO_FIELDS).data["videos"]
    assert set(video) == set(ALL_VIDEO_FIELDS.split(","))
    texts = {"id", "cover_image_url", "share_url", "video_description", "title"}
    texts |= {"embed_html", "embed_link"}
    assert {name for name, value in video.items() if isinstance(value, str)} == texts
    assert video["is_aigc"] is True
    assert video["title"] == "T" * 150
    assert 1e9 < video["create_time"] < 1e10
    assert alice.session.get(video["cover_image_url"], timeout=10).content[1:4] == b"PNG"


def test_a_cover_address_dies_after_six_hours(sandbox, alice):
    alice.publish()
    cover = listed(alice, "cover_image_url").data["videos"][0]["cover_image_url"]
    sandbox.change_settings(clock_offset_seconds=6 * 3_600 + 1)
    assert alice.session.get(cover, timeout=10).status_code == 403


def test_the_cursor_walks_through_everything_once(alice):
    for number in range(25):
        alice.publish(title=str(number))

    first = listed(alice, "title").data
    assert (len(first["videos"]), first["has_more"]) == (10, True)
    second = listed(alice, "title", cursor=first["cursor"], max_count=20).data
    assert (len(second["videos"]), second["has_more"]) == (15, False)
    titles = [video["title"] for video in first["videos"] + second["videos"]]
    assert titles == [str(number) for number in reversed(range(25))]
    end = listed(alice, cursor=second["cursor"]).data
    assert end == {"videos": [], "cursor": second["cursor"], "has_more": False}


@pytest.mark.parametrize("body", [{"max_count": 21}, {"max_count": 0}, {"cursor": "1"}])
def test_a_wrong_page_is_invalid(alice, body):
    answer = listed(alice, **body)
    assert (answer.status, answer.code) == (400, "invalid_params")


def test_without_fields_the_videos_are_not_told(alice):
    assert alice.post(VIDEO_LIST, {"fields": "id"}).code == "invalid_params"
    assert alice.post(VIDEO_QUERY, {"filters": {"video_ids": ["1"]}}).code == "invalid_params"


def test_ids_that_are_not_alices_public_videos_are_simply_missing(sandbox, alice, connect):
    mine = str(alice.status(alice.publish())["publicaly_available_post_id"][0])
    alice.publish(privacy_level="SELF_ONLY")
    private = next(video["id"] for video in sandbox.videos() if not video["public"])
    bob = connect("bob")
    others = str(bob.status(bob.publish())["publicaly_available_post_id"][0])

    found = asked(alice, [mine, private, others, "7000000000000000000", "text", "9" * 30])

    assert found == [{"id": mine}]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"filters": {}},
        {"filters": {"video_ids": []}},
        {"filters": {"video_ids": [7]}},
        {"filters": {"video_ids": "7"}},
        {"filters": {"video_ids": ["7"] * 21}},
    ],
)
def test_a_query_names_1_to_20_ids_as_strings(alice, body):
    answer = alice.post(f"{VIDEO_QUERY}?fields=id", body)
    assert (answer.status, answer.code) == (400, "invalid_params")


def test_figures_grow_and_never_shrink(sandbox, alice):
    video_id = str(alice.status(alice.publish())["publicaly_available_post_id"][0])
    sandbox.change_settings(access_token_seconds=10**6)
    views = []
    for hours in (0, 1, 24, 100):
        sandbox.change_settings(clock_offset_seconds=0)
        token = sandbox.connect("alice")["access_token"]
        alice.session.headers["Authorization"] = f"Bearer {token}"
        sandbox.change_settings(clock_offset_seconds=hours * 3_600)
        views.append(asked(alice, [video_id], "view_count")[0]["view_count"])
    assert views == sorted(views)
    assert views[0] == 0
    assert views[1] < views[2] < views[3]
