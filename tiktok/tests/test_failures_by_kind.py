"""Every word with which TikTok refuses, and what becomes of the post and its account by it
(Protocol 3, 5.4, 6, 10.1)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Channel
from posts.models import Attempt, Publication
from posts.states import HeldReason, State
from posts.tests.story import work, work_until_rest
from tiktok.error_codes import CLASS_BY_CODE
from tiktok.fail_reasons import _REASONS
from tiktok.publishing.outcomes import PAUSES, pause_before
from tiktok.tests.story import inits, live, trouble, tune

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

HELD, FAILED, AGAIN = State.HELD, State.FAILED, State.SCHEDULED
CHOICE, CAP, SET_UP = HeldReason.CHOICE, HeldReason.CAP, HeldReason.CONFIGURATION
CONNECTED, RED, PAUSED = "connected", "needs_reconnect", "paused"

AT_INIT = {  # code: (state, held for, the account)
    "spam_risk_too_many_posts": (HELD, CAP, CONNECTED),
    "reached_active_user_cap": (HELD, CAP, CONNECTED),
    "spam_risk_too_many_pending_share": (HELD, CAP, CONNECTED),
    "spam_risk_user_banned_from_posting": (FAILED, "", PAUSED),
    "unaudited_client_can_only_post_to_private_accounts": (HELD, SET_UP, CONNECTED),
    "url_ownership_unverified": (HELD, SET_UP, CONNECTED),
    "app_version_check_failed": (HELD, SET_UP, CONNECTED),
    "privacy_level_option_mismatch": (HELD, CHOICE, CONNECTED),
    "invalid_param": (FAILED, "", CONNECTED),
    "invalid_params": (FAILED, "", CONNECTED),
    "invalid_file_upload": (FAILED, "", CONNECTED),
    "a_code_from_the_future": (FAILED, "", CONNECTED),
    "scope_not_authorized": (HELD, HeldReason.RECONNECT, RED),
    "scope_permission_missed": (HELD, HeldReason.RECONNECT, RED),
    "rate_limit_exceeded": (AGAIN, "", CONNECTED),
    "internal_error": (AGAIN, "", CONNECTED),
}
# These end no sending: they answer a question about a post, or a token is refreshed at once.
ELSEWHERE = {
    "invalid_publish_id",
    "token_not_authorized_for_specified_publish_id",
    "publish_not_cancellable",
    "access_token_invalid",
}
OF_OAUTH = {
    "access_denied",
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "server_error",
    "temporarily_unavailable",
}

AFTER_THE_UPLOAD = {  # fail_reason: (state, held for, the account, inits in all)
    "file_format_check_failed": (FAILED, "", CONNECTED, 1),
    "duration_check_failed": (FAILED, "", CONNECTED, 1),
    "frame_rate_check_failed": (FAILED, "", CONNECTED, 1),
    "picture_size_check_failed": (FAILED, "", CONNECTED, 1),
    "internal": (FAILED, "", CONNECTED, 4),
    "video_pull_failed": (FAILED, "", CONNECTED, 3),
    "photo_pull_failed": (FAILED, "", CONNECTED, 3),
    "publish_cancelled": (FAILED, "", CONNECTED, 1),
    "auth_removed": (HELD, HeldReason.RECONNECT, RED, 1),
    "spam_risk_too_many_posts": (HELD, CAP, CONNECTED, 1),
    "spam_risk_user_banned_from_posting": (FAILED, "", PAUSED, 1),
    "spam_risk_text": (FAILED, "", CONNECTED, 1),
    "spam_risk": (FAILED, "", CONNECTED, 1),
}


def outcome(publication: Publication) -> tuple[str, str, str]:
    publication.refresh_from_db()
    health = Channel.objects.get(pk=publication.channel_id).health
    return publication.state, publication.held_reason, health


def test_the_tables_name_every_word_that_we_know():
    assert {*AT_INIT} - {"a_code_from_the_future"} | ELSEWHERE | OF_OAUTH == {*CLASS_BY_CODE}
    assert {*AFTER_THE_UPLOAD} == {*_REASONS}


@pytest.mark.parametrize("code", AT_INIT)
def test_a_refusal_at_init(plan, sandbox, code):
    publication = plan()
    trouble(sandbox, "video_init", "code", code=code)

    work()

    assert outcome(publication) == AT_INIT[code]
    assert publication.failure["message"]
    assert publication.failure["what_to_do"]
    assert publication.failure["code"] == code
    assert live(sandbox) == []


@pytest.mark.parametrize("reason", AFTER_THE_UPLOAD)
def test_a_refusal_after_the_upload(plan, sandbox, reason):
    tune(sandbox, rate_window_seconds=0.01)
    publication = plan(caption=f"Sunrise #sandbox:{reason}")

    work_until_rest(publication)

    *expected, tries = AFTER_THE_UPLOAD[reason]
    assert outcome(publication) == tuple(expected)
    assert len(inits(sandbox)) == tries
    assert publication.failure["what_to_do"]
    assert live(sandbox) == []


def test_pauses_grow_and_no_two_posts_come_back_together():
    seconds = [pause_before(tries).total_seconds() for tries in range(1, 10)]

    assert all(
        base <= got <= base * 1.2
        for base, got in zip([*PAUSES, PAUSES[-1], PAUSES[-1]], seconds, strict=True)
    )
    assert len({pause_before(1) for _ in range(20)}) > 1
    assert pause_before(1, at_least=90) >= timedelta(seconds=90)  # as TikTok asked for


# The account


def test_a_ban_spares_the_other_posts(plan, sandbox):
    tomorrow = plan(minutes=24 * 60, caption="Tomorrow")
    plan()
    trouble(sandbox, "creator_info", "code", code="spam_risk_user_banned_from_posting")

    work()

    assert outcome(tomorrow) == (HELD, HeldReason.CHANNEL_PAUSED, PAUSED)


def test_files_that_are_refused_do_not_stop_the_account(plan, sandbox, channel):
    for number in range(4):
        work_until_rest(plan(caption=f"Part {number} #sandbox:frame_rate_check_failed"))

    channel.refresh_from_db()
    assert channel.health == CONNECTED


def test_riddles_in_a_row_stop_the_account(plan, sandbox, channel):
    tomorrow = plan(minutes=24 * 60, caption="Tomorrow")
    for number in range(3):
        work_until_rest(plan(caption=f"Part {number} #sandbox:spam_risk"))

    assert outcome(tomorrow) == (HELD, HeldReason.CHANNEL_PAUSED, PAUSED)


def test_access_that_was_given_again_since_lets_the_post_go_on(plan, sandbox, channel):
    publication = plan(caption="Sunrise #sandbox:auth_removed")
    work()
    Channel.objects.update(connected_at=timezone.now())
    Publication.objects.update(next_step_at=timezone.now())

    work()

    assert outcome(publication) == (State.PROCESSING, "", CONNECTED)
    assert len(inits(sandbox)) == 2
    assert publication.events.filter(because="the account is connected again").exists()


# A limit that lasts


def test_a_full_day_proposes_the_time_at_which_there_is_room_again(plan, sandbox, alice, client):
    first = plan(caption="The first")
    work_until_rest(first)
    Attempt.objects.update(sent_at=timezone.now() - timedelta(hours=20))
    held = plan(caption="One too many")
    also_held = plan(caption="Two too many")
    trouble(sandbox, "creator_info", "code", code="spam_risk_too_many_posts", times=2)

    work()

    room_at = first.attempts.get().sent_at + timedelta(hours=24, minutes=1)
    held.refresh_from_db()
    also_held.refresh_from_db()
    assert held.held_reason == also_held.held_reason == CAP
    assert sorted([held.proposed_at, also_held.proposed_at])[0] == room_at
    assert held.proposed_at != also_held.proposed_at

    client.force_login(alice)
    page = client.get(reverse("posts:detail", args=[held.post_id])).content.decode()
    assert "Schedule for" in page
    client.post(reverse("posts:take_proposal", args=[held.pk]))

    proposed_at = held.proposed_at
    held.refresh_from_db()
    assert (held.state, held.due_at, held.proposed_at) == ("scheduled", proposed_at, None)


def test_where_ours_did_not_fill_it_the_same_time_tomorrow_is_proposed(plan, sandbox, time_machine):
    time_machine.move_to("2026-03-28T17:30:00Z")  # the clocks go forward in Berlin that night
    publication = plan()
    Channel.objects.update(
        access_expires_at=timezone.now() + timedelta(days=1),
        refresh_expires_at=timezone.now() + timedelta(days=90),
    )
    trouble(sandbox, "creator_info", "code", code="reached_active_user_cap")

    work()

    publication.refresh_from_db()
    assert publication.held_reason == CAP
    assert f"{publication.proposed_at:%Y-%m-%dT%H:%M}" == "2026-03-29T16:30"
