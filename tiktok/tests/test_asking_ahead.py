"""What TikTok is asked before a post is due, so that at its moment little is left to ask."""

from datetime import timedelta

import pytest
from django.utils import timezone

from posts.errors import PlatformAway
from posts.models import Attempt, Mode, Publication
from posts.preflight import preflight
from posts.tests.story import look_ahead, work
from tiktok.models import TikTokOptions
from tiktok.tests.story import order, report, trouble

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


def asked_at_tiktok(sandbox) -> list[str]:
    """The names of all calls of its API, in order."""
    return [call["endpoint"] for call in report(sandbox, "requests")["requests"]]


def found_by(publication) -> list[str]:
    return [each.code for each in preflight(publication, media=publication.shown_media)]


def test_at_the_due_time_only_creator_info_init_and_upload_remain(plan, channel, sandbox):
    channel.access_expires_at = timezone.now() + timedelta(minutes=20)
    channel.save()
    publication = plan(minutes=9)
    assert look_ahead(publication) == []
    assert asked_at_tiktok(sandbox) == ["oauth_token", "creator_info"]

    now = timezone.now()
    Publication.objects.update(due_at=now, next_step_at=now)
    work()

    publication.refresh_from_db()
    assert asked_at_tiktok(sandbox)[2:] == ["creator_info", "video_init"]
    assert publication.state == "processing"  # so that the upload, a PUT, was all that followed


def test_a_token_that_lives_long_enough_is_left_alone(plan, sandbox):
    assert look_ahead(plan(minutes=9)) == []

    assert asked_at_tiktok(sandbox) == ["creator_info"]


def test_a_draft_to_the_inbox_asks_whether_access_still_stands(plan, sandbox):
    assert look_ahead(plan(minutes=60, mode="inbox", privacy_level="")) == []

    assert asked_at_tiktok(sandbox) == ["user_info"]


def test_an_audience_that_is_not_offered_any_more_is_noticed(plan, sandbox):
    publication = plan(minutes=60)
    order(sandbox, "creators/alice.films", private=True)

    assert look_ahead(publication) == ["privacy_not_offered"]

    assert publication.needs_mending
    assert publication.state == "scheduled"


def test_a_video_too_long_for_the_account_is_noticed(plan, sandbox, medium):
    medium.duration = 61.0
    medium.save()
    publication = plan(minutes=60)
    order(sandbox, "creators/alice.films", max_video_post_duration_sec=60)

    assert look_ahead(publication) == ["too_long_for_account"]


def test_what_the_creator_has_switched_off_is_said_and_stops_nothing(plan, sandbox):
    publication = plan(minutes=60, allow_comment=True)
    order(sandbox, "creators/alice.films", comment_disabled=True)

    assert look_ahead(publication) == ["comments_switched_off"]

    assert not publication.needs_mending


def test_without_an_audit_the_account_itself_must_be_private(plan, sandbox, settings):
    settings.TIKTOK_APP_AUDITED = False

    found = look_ahead(plan(minutes=60, privacy_level="SELF_ONLY"))

    assert found == ["account_must_be_private"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("spam_risk_user_banned_from_posting", ["spam_risk_user_banned_from_posting"]),
        ("scope_not_authorized", ["scope_not_authorized"]),
        ("spam_risk_too_many_posts", ["spam_risk_too_many_posts"]),
    ],
)
def test_a_refusal_shortly_before_is_noticed(plan, sandbox, code, found):
    publication = plan(minutes=10)
    trouble(sandbox, "creator_info", "code", code=code)

    assert look_ahead(publication) == found


def test_a_limit_of_today_says_nothing_about_tomorrow(plan, sandbox):
    publication = plan(minutes=24 * 60)
    trouble(sandbox, "creator_info", "code", code="spam_risk_too_many_posts")

    assert look_ahead(publication) == []


def test_access_that_was_withdrawn_turns_the_account_red_before_the_post_is_due(
    plan, sandbox, channel
):
    publication = plan(minutes=60)
    trouble(sandbox, "creator_info", "code", code="access_token_invalid", times=2)

    assert look_ahead(publication) == ["access_token_invalid"]

    channel.refresh_from_db()
    assert channel.health == "needs_reconnect"
    assert publication.state == "scheduled"
    assert look_ahead(publication) == ["channel_unusable"]


def test_a_tiktok_in_trouble_says_nothing(plan, sandbox):
    publication = plan(minutes=60)
    trouble(sandbox, "creator_info", "code", code="internal_error")

    with pytest.raises(PlatformAway):
        preflight(publication, media=publication.shown_media, ask=True)


# What can be said without asking


def test_a_connection_that_has_ended_blocks(plan, channel):
    publication = plan(minutes=60)
    publication.channel.refresh_expires_at = timezone.now()

    assert found_by(publication) == ["connection_ended"]


def test_a_connection_that_may_end_before_the_post_is_said(plan):
    publication = plan(minutes=60)
    publication.channel.refresh_expires_at = timezone.now() + timedelta(minutes=30)

    assert found_by(publication) == ["connection_ends"]


def test_a_file_that_tiktok_would_refuse_today_blocks(plan, medium):
    publication = plan(minutes=60)
    medium.frame_rate, medium.video_codec = 12, "av1"
    medium.save()

    assert found_by(publication) == ["codec_not_accepted", "frame_rate_too_low"]


def sent(publication: Publication, *, size: int = 1_000, seconds: float = 1.0) -> Attempt:
    """A direct post that went out of this account just now."""
    now = timezone.now()
    return Attempt.objects.create(
        publication=publication,
        number=publication.attempts.count() + 1,
        mode=Mode.DIRECT,
        publish_id=f"v_pub_file~v2-1.{publication.pk}",
        answered_at=now - timedelta(seconds=seconds),
        sent_at=now,
        size=size,
        chunk_size=size,
        chunk_count=1,
    )


def test_a_day_that_is_full_is_warned_of(plan):
    for number in range(14):
        sent(plan(minutes=-1, caption=f"Part {number}"))
    publication = plan(minutes=60)
    assert found_by(publication) == []

    plan(minutes=30, caption="The fifteenth")

    assert found_by(publication) == ["daily_cap_near"]


def test_without_an_audit_a_sixth_account_is_warned_of(plan, connect, workspace, settings):
    settings.TIKTOK_APP_AUDITED = False
    for number in range(5):
        plan(minutes=10, to=connect(workspace, f"friend.{number}"), privacy_level="SELF_ONLY")

    assert found_by(plan(minutes=60, privacy_level="SELF_ONLY")) == ["app_cap_near"]


def test_an_upload_that_would_outlive_its_address_is_warned_of(plan, medium):
    medium.size = 3_600_000_000
    medium.save()
    publication = plan(minutes=60)
    assert found_by(publication) == []

    sent(plan(minutes=-1, caption="Slow"), size=90_000_000, seconds=100)

    assert found_by(publication) == ["upload_too_slow"]


def test_an_old_choice_that_tiktok_forbids_blocks(plan, settings):
    publication = plan(minutes=60)
    settings.TIKTOK_APP_AUDITED = False

    assert found_by(publication) == ["app_not_audited"]


def test_a_choice_that_was_never_made_blocks(draft):
    publication = draft()
    TikTokOptions.objects.update(privacy_level="")
    publication.refresh_from_db()

    assert found_by(publication) == ["no_privacy"]
