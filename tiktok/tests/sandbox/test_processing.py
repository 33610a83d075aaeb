"""From the last byte to the profile, or to a fail_reason (Protocol 10)."""

import json

import pytest

from tiktok.sandbox.refusals import FAIL_REASONS, STATUS_OF_CODE
from tiktok.tests.sandbox.caller import (
    CANCEL,
    FILM,
    INBOX_INIT,
    STATUS,
    Caller,
    put,
    sha256,
    whole,
)


@pytest.fixture
def clock(sandbox):
    """Turn the sandbox's clock so many seconds ahead."""
    return lambda seconds: sandbox.change_settings(clock_offset_seconds=seconds)


def test_a_public_post_is_published_then_reviewed_then_has_its_id(sandbox, alice, clock):
    sandbox.change_settings(processing_seconds=20, moderation_seconds=40)
    data = alice.init(title="Sunrise").data
    waiting = alice.status(data["publish_id"])
    assert (waiting["status"], waiting["uploaded_bytes"]) == ("PROCESSING_UPLOAD", 0)

    put(data["upload_url"], FILM)
    assert alice.status(data["publish_id"]) == {
        "status": "PROCESSING_UPLOAD",
        "fail_reason": "",
        "publicaly_available_post_id": [],
        "uploaded_bytes": len(FILM),
    }
    assert sandbox.videos() == []

    clock(21)
    done = alice.status(data["publish_id"])
    assert (done["status"], done["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [])
    [video] = sandbox.videos()
    assert (video["public"], video["caption"]) == (False, "Sunrise")

    clock(61)
    [post_id] = alice.status(data["publish_id"])["publicaly_available_post_id"]
    assert (str(post_id), len(str(post_id))) == (video["id"], 19)
    assert sandbox.videos()[0]["public"] is True


def test_the_ids_are_json_numbers(alice):
    publish_id = alice.publish()
    text = alice.session.post(alice.url + STATUS, json={"publish_id": publish_id}, timeout=10).text
    assert type(json.loads(text)["data"]["publicaly_available_post_id"][0]) is int


@pytest.mark.parametrize("privacy", ["SELF_ONLY", "MUTUAL_FOLLOW_FRIENDS"])
def test_a_post_that_is_not_for_everyone_never_gets_an_id(sandbox, alice, clock, privacy):
    publish_id = alice.publish(privacy_level=privacy)
    clock(7_000)
    status = alice.status(publish_id)
    assert (status["status"], status["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [])
    assert [video["public"] for video in sandbox.videos()] == [False]


def test_the_ids_may_stay_away(sandbox, alice):
    sandbox.change_settings(withhold_public_ids=True)
    status = alice.status(alice.publish())
    assert (status["status"], status["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [])


def test_nobody_asks_about_the_posts_of_others(connect, alice):
    publish_id = alice.publish()
    for path in (STATUS, CANCEL):
        answer = connect(f"bob{path.count('cancel')}").post(path, {"publish_id": publish_id})
        assert (answer.status, answer.code) == (
            400,
            "token_not_authorized_for_specified_publish_id",
        )


@pytest.mark.parametrize("path", [STATUS, CANCEL])
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"publish_id": "v_pub_file~v2-1.1"}, "invalid_publish_id"),
        ({"publish_id": 5}, "invalid_param"),
        ({}, "invalid_param"),
    ],
)
def test_an_id_must_exist(alice, path, body, code):
    answer = alice.post(path, body)
    assert (answer.status, answer.code) == (400, code)


def test_what_still_waits_for_bytes_can_be_cancelled(sandbox, alice):
    data = alice.init().data
    answer = alice.post(CANCEL, {"publish_id": data["publish_id"]})
    assert (answer.status, answer.code, answer.data) == (200, "ok", None)
    status = alice.status(data["publish_id"])
    assert (status["status"], status["fail_reason"]) == ("FAILED", "publish_cancelled")
    again = alice.post(CANCEL, {"publish_id": data["publish_id"]})
    assert (again.status, again.code) == (400, "publish_not_cancellable")


def test_what_has_all_its_bytes_can_not(sandbox, alice):
    sandbox.change_settings(processing_seconds=100)
    answer = alice.post(CANCEL, {"publish_id": alice.publish()})
    assert (answer.status, answer.code) == (400, "publish_not_cancellable")


def test_who_is_thrown_out_loses_what_was_on_its_way(sandbox, alice):
    done = alice.publish()
    sandbox.change_settings(processing_seconds=100)
    processing, waiting = alice.publish(), alice.init().data
    sandbox.remove_access("alice")

    assert put(waiting["upload_url"], FILM).status_code == 404
    back = Caller(sandbox, sandbox.connect("alice")["access_token"])
    for publish_id in (processing, waiting["publish_id"]):
        status = back.status(publish_id)
        assert (status["status"], status["fail_reason"]) == ("FAILED", "auth_removed")
    assert back.status(done)["status"] == "PUBLISH_COMPLETE"
    assert [video["publish_id"] for video in sandbox.videos()] == [done]


@pytest.mark.parametrize("film", [b"only text", b"%PDF-1.7 and more", b"", b"\x00" * 100])
def test_what_is_no_video_fails_the_format_check(alice, film):
    film = film or b"x"
    status = alice.status(alice.publish(film))
    assert (status["status"], status["fail_reason"]) == ("FAILED", "file_format_check_failed")


class TestTroubleByCaption:
    @pytest.mark.parametrize(("code", "status"), STATUS_OF_CODE.items())
    def test_any_code_at_the_init(self, sandbox, alice, code, status):
        answer = alice.init(title=f"Hello #sandbox:{code} world")
        assert (answer.status, answer.code) == (status, code)
        assert sandbox.publications() == []

    @pytest.mark.parametrize("reason", FAIL_REASONS)
    def test_any_reason_after_processing(self, sandbox, alice, reason):
        caption = f"#sandbox:failed:{reason}"
        status = alice.status(alice.publish(title=caption))
        assert (status["status"], status["fail_reason"]) == ("FAILED", reason)
        assert sandbox.videos() == []

    def test_a_reason_needs_no_prefix_where_it_is_no_code(self, alice):
        status = alice.status(alice.publish(title="#sandbox:frame_rate_check_failed"))
        assert status["fail_reason"] == "frame_rate_check_failed"

    def test_a_number_says_how_often(self, alice, connect):
        caption = "Again #sandbox:rate_limit_exceeded:2"
        codes = [alice.init(title=caption).code for _ in range(3)]
        assert codes == ["rate_limit_exceeded", "rate_limit_exceeded", "ok"]
        assert connect("bob").init(title=caption).code == "rate_limit_exceeded"

        once = "#sandbox:internal:1"
        states = [alice.status(alice.publish(title=once))["status"] for _ in range(2)]
        assert states == ["FAILED", "PUBLISH_COMPLETE"]

    def test_slow_takes_its_seconds(self, alice, clock):
        publish_id = alice.publish(title="#sandbox:slow:30")
        clock(29)
        assert alice.status(publish_id)["status"] == "PROCESSING_UPLOAD"
        clock(31)
        assert alice.status(publish_id)["status"] == "PUBLISH_COMPLETE"

    def test_stuck_never_ends(self, alice, clock):
        publish_id = alice.publish(title="#sandbox:stuck")
        clock(7_000)
        assert alice.status(publish_id)["status"] == "PROCESSING_UPLOAD"

    @pytest.mark.parametrize("word", ["typo", "slow", "failed:typo"])
    def test_an_unknown_word_is_not_passed_over(self, alice, word):
        answer = alice.init(title=f"#sandbox:{word}")
        assert answer.code == "invalid_param"
        assert f"#sandbox:{word}" in answer.message


class TestDrafts:
    def test_a_draft_is_delivered_and_posted_more_than_once(self, sandbox, alice):
        publish_id = alice.publish_to_inbox()
        delivered = alice.status(publish_id)
        assert delivered["status"] == "SEND_TO_USER_INBOX"
        assert sandbox.videos() == []

        ids = [
            sandbox.post_draft(publish_id, caption=text, privacy="PUBLIC_TO_EVERYONE")
            for text in ("Morning", "Evening")
        ]

        posted = alice.status(publish_id)
        assert posted["status"] == "PUBLISH_COMPLETE"
        assert [str(number) for number in posted["publicaly_available_post_id"]] == ids
        assert [(video["caption"], video["sha256"]) for video in sandbox.videos()] == [
            ("Morning", sha256(FILM)),
            ("Evening", sha256(FILM)),
        ]

    def test_a_draft_that_is_dropped_stays_delivered(self, sandbox, alice):
        publish_id = alice.publish_to_inbox()
        sandbox.drop_draft(publish_id)
        assert alice.status(publish_id)["status"] == "SEND_TO_USER_INBOX"

    def test_a_draft_says_nothing_of_troubles(self, alice):
        body = {"privacy_level": "SELF_ONLY", "title": "#sandbox:stuck"}
        answer = alice.post(INBOX_INIT, {"post_info": body, "source_info": whole(10)})
        assert answer.code == "ok"
