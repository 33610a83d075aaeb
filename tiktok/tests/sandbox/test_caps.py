"""How much a creator and an app may post within a day (Protocol 5.5, 6)."""

import pytest

from tiktok.tests.sandbox.caller import CREATOR_INFO, STATUS


@pytest.fixture(autouse=True)
def _no_rate_limit(sandbox):
    sandbox.change_settings(init_per_window=100)


def test_fifteen_direct_posts_a_day(sandbox, alice, connect):
    for _ in range(15):
        assert alice.init().code == "ok"

    refused = alice.init()
    assert (refused.status, refused.code) == (403, "spam_risk_too_many_posts")
    info = alice.post(CREATOR_INFO)
    assert (info.status, info.code, info.data) == (200, "spam_risk_too_many_posts", {})
    assert alice.init_inbox().code == "ok"
    assert connect("bob").init().code == "ok"


def test_the_day_slides_on(sandbox, connect):
    sandbox.change_settings(direct_post_cap=1, access_token_seconds=200_000)
    alice = connect("alice")
    alice.publish()
    assert alice.init().code == "spam_risk_too_many_posts"
    sandbox.change_settings(clock_offset_seconds=86_401)
    assert alice.init().code == "ok"


def test_what_came_to_nothing_takes_up_no_room(sandbox, alice):
    sandbox.change_settings(direct_post_cap=1)
    assert alice.status(alice.publish(b"not a video"))["status"] == "FAILED"
    alice.init()
    assert alice.init().code == "spam_risk_too_many_posts"
    sandbox.change_settings(clock_offset_seconds=3_601)  # its upload_url has died
    assert alice.init().code == "ok"


def test_five_drafts_wait_at_most(sandbox, alice):
    drafts = [alice.publish_to_inbox() for _ in range(5)]

    refused = alice.init_inbox()
    assert (refused.status, refused.code) == (403, "spam_risk_too_many_pending_share")
    assert alice.init().code == "ok"

    sandbox.post_draft(drafts[0])
    assert alice.init_inbox().code == "ok"
    assert alice.init_inbox().code == "spam_risk_too_many_pending_share"
    sandbox.drop_draft(drafts[1])
    assert alice.init_inbox().code == "ok"


def test_an_app_may_have_a_cap_of_active_creators(sandbox, alice, connect):
    sandbox.change_settings(active_creator_cap=1)
    bob = connect("bob")
    assert alice.init_inbox().code == "ok"
    assert bob.init().code == "reached_active_user_cap"
    assert alice.init().code == "ok"


def test_a_banned_creator_posts_nothing(sandbox, alice):
    before = alice.publish()
    sandbox.change_creator("alice", banned=True)

    info = alice.post(CREATOR_INFO)
    assert (info.status, info.code) == (200, "spam_risk_user_banned_from_posting")
    for answer in (alice.init(), alice.init_inbox()):
        assert (answer.status, answer.code) == (403, "spam_risk_user_banned_from_posting")
    assert alice.post(STATUS, {"publish_id": before}).code == "ok"
