"""The main job against a TikTok that answers on a socket."""

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.utils import timezone

from posts.models import Publication, Verdict
from posts.tests.story import history, work, work_until_rest
from tiktok.tests.story import inits, live, order, trouble

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


def test_a_due_video_is_published_with_its_very_bytes(plan, sandbox, video_file):
    publication = plan(caption="Sunrise #berlin", allow_comment=True)

    work_until_rest(publication)

    assert publication.state == "published"
    assert history(publication) == ["scheduled", "sending", "processing", "published"]
    [video] = live(sandbox)
    assert video["sha256"] == hashlib.sha256(video_file.read_bytes()).hexdigest()
    assert video["caption"] == "Sunrise #berlin"
    [attempt] = publication.attempts.all()
    assert attempt.verdict == Verdict.PUBLISHED
    assert attempt.publish_id == video["publish_id"]
    assert publication.platform_post_id == video["id"]
    assert publication.permalink == f"{sandbox.url}/@alice.films/video/{video['id']}"
    assert requests.get(publication.permalink, timeout=10).status_code == 200
    [init] = inits(sandbox)
    assert init["post_info"] == {
        "title": "Sunrise #berlin",
        "privacy_level": "PUBLIC_TO_EVERYONE",
        "disable_comment": False,
        "disable_duet": True,
        "disable_stitch": True,
        "brand_content_toggle": False,
        "brand_organic_toggle": False,
        "is_aigc": False,
    }


def test_a_video_that_is_not_due_stays_home(plan, sandbox):
    plan(minutes=5)

    work()

    assert inits(sandbox) == []


def test_a_draft_goes_to_the_inbox_and_says_so(plan, sandbox):
    publication = plan(mode="inbox", privacy_level="")

    work()
    publication.refresh_from_db()
    for _ in range(3):
        Publication.objects.update(next_step_at=publication.due_at)
        work()
        publication.refresh_from_db()

    assert publication.state == "delivered"
    assert publication.delivered_at is not None
    assert history(publication)[-1] == "delivered"
    assert inits(sandbox) == []


@pytest.mark.parametrize(
    ("code", "state", "reason"),
    [
        ("spam_risk_too_many_posts", "held", "cap"),
        ("reached_active_user_cap", "held", "cap"),
        ("spam_risk_user_banned_from_posting", "failed", ""),
        ("privacy_level_option_mismatch", "held", "choice"),
        ("unaudited_client_can_only_post_to_private_accounts", "held", "configuration"),
        ("invalid_param", "failed", ""),
        ("scope_not_authorized", "held", "reconnect"),
        ("a_code_from_the_future", "failed", ""),
    ],
)
def test_a_refusal_at_init_ends_in_a_state_and_a_sentence(plan, sandbox, code, state, reason):
    publication = plan()
    trouble(sandbox, "video_init", "code", code=code)

    work()

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == (state, reason)
    assert publication.failure["message"]
    assert publication.failure["what_to_do"]
    assert [attempt.verdict for attempt in publication.attempts.all()] == [Verdict.INCOMPLETE]
    assert live(sandbox) == []


@pytest.mark.parametrize("code", ["rate_limit_exceeded", "internal_error"])
def test_trouble_that_passes_is_tried_again_by_itself(plan, sandbox, code):
    publication = plan()
    trouble(sandbox, "video_init", "code", code=code)

    work()
    publication.refresh_from_db()
    assert publication.state == "scheduled"
    assert publication.failure["retryable"] is True
    work_until_rest(publication)

    assert publication.state == "published"
    assert len(live(sandbox)) == 1


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "truncated", "html_502"])
def test_an_init_whose_answer_is_lost_ends_in_one_video(plan, sandbox, kind):
    publication = plan()
    trouble(sandbox, "video_init", kind)

    work_until_rest(publication)

    assert publication.state == "published"
    assert len(live(sandbox)) == 1


def test_the_lost_answer_to_the_last_byte_makes_no_second_video(plan, sandbox):
    publication = plan()
    trouble(sandbox, "upload", "reset_after")

    work_until_rest(publication)

    assert publication.state == "published"
    assert len(inits(sandbox)) == 1
    assert len(live(sandbox)) == 1


def test_a_cut_upload_goes_on_with_the_same_publish_id(plan, sandbox):
    publication = plan()
    trouble(sandbox, "upload", "reset_before")

    work_until_rest(publication)

    assert publication.state == "published"
    assert len(inits(sandbox)) == 1
    assert len(live(sandbox)) == 1


@pytest.mark.parametrize(
    ("reason", "state"),
    [("frame_rate_check_failed", "failed"), ("spam_risk_text", "failed")],
)
def test_what_tiktok_fails_after_processing_says_why(plan, sandbox, reason, state):
    publication = plan(caption=f"Sunrise #sandbox:{reason}")

    work_until_rest(publication)

    assert publication.state == state
    assert publication.failure["code"] == reason
    assert live(sandbox) == []


def test_an_internal_fault_of_tiktoks_is_tried_with_a_new_init(plan, sandbox):
    publication = plan(caption="Sunrise #sandbox:internal")

    work_until_rest(publication)

    assert publication.state == "failed"
    assert [attempt.verdict for attempt in publication.attempts.all()] == [Verdict.FAILED] * 4
    assert live(sandbox) == []


def test_an_audience_that_is_no_longer_offered_asks_for_a_new_choice(plan, sandbox, channel):
    publication = plan(privacy_level="FOLLOWER_OF_CREATOR")

    work()

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "choice")
    assert inits(sandbox) == []


def test_an_interaction_switched_off_at_tiktok_stays_off_and_the_history_says_so(
    plan, sandbox, channel
):
    publication = plan(allow_comment=True)
    order(sandbox, "creators/alice.films", comment_disabled=True)

    work_until_rest(publication)

    [init] = inits(sandbox)
    assert init["post_info"]["disable_comment"] is True
    notes = [event.because for event in publication.events.all() if not event.is_move]
    assert "comments stay off: the creator has switched them off for the account" in notes


def test_a_token_that_has_expired_is_refreshed_before_publishing(plan, sandbox, channel):
    publication = plan()
    channel.access_expires_at = publication.due_at
    channel.save()
    before = channel.access_token

    work_until_rest(publication)

    assert publication.state == "published"
    channel.refresh_from_db()
    assert channel.access_token != before
    assert channel.token_version == 1


def test_a_token_that_tiktok_forgot_is_refreshed_once(plan, sandbox, channel):
    publication = plan()
    trouble(sandbox, "video_init", "code", code="access_token_invalid")

    work_until_rest(publication)

    assert publication.state == "published"
    channel.refresh_from_db()
    assert channel.token_version == 1


def test_a_post_whose_time_passed_long_ago_asks_instead(plan, sandbox, time_machine):
    publication = plan(minutes=1)
    time_machine.move_to(timezone.now() + timedelta(minutes=62))

    work()

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "late")
    assert inits(sandbox) == []


def test_a_file_that_changed_after_the_approval_is_not_sent(plan, sandbox, medium):
    publication = plan()
    path = Path(settings.MEDIA_ROOT) / medium.storage_key
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    work_until_rest(publication)

    assert (publication.state, publication.held_reason) == ("held", "media")
    assert live(sandbox) == []


def test_choices_that_changed_behind_the_approval_are_not_sent(plan, sandbox):
    publication = plan()
    publication.tiktok.allow_duet = True
    publication.tiktok.save()

    work()

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "choice")
    assert inits(sandbox) == []


def test_a_cancelled_post_never_appears(plan, sandbox, alice):
    publication = plan()
    publication.cancel(by=alice)

    work()

    assert inits(sandbox) == []
    publication.refresh_from_db()
    assert publication.state == "canceled"


def test_processing_that_never_ends_becomes_unconfirmed_after_a_day(plan, sandbox, time_machine):
    publication = plan(caption="Sunrise #sandbox:stuck")
    work()
    time_machine.move_to(timezone.now() + timedelta(hours=25))

    work_until_rest(publication)

    assert publication.state == "unconfirmed"
    assert publication.failure["code"] == "no_answer"
