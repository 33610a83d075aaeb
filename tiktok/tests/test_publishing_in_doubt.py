"""When it is not clear what TikTok has: ask, wait, tell; never begin a second time too early."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from posts.leases import Lease
from posts.models import Publication, Verdict
from posts.tests.story import work, work_until_rest
from posts.tests.walk import lease_on
from tiktok.answers import PostStatus
from tiktok.client import TikTokClient
from tiktok.publishing.polling import act_on_status
from tiktok.tests.story import inits, live, order, trouble

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture
def cut_off(plan, sandbox) -> Publication:
    """Its last block has left, and TikTok has got nothing of it."""
    publication = plan()
    trouble(sandbox, "upload", "reset_before")
    work()
    publication.refresh_from_db()
    assert publication.state == "scheduled"
    assert publication.is_safe is False
    return publication


@pytest.fixture
def delivered(plan, sandbox) -> Publication:
    publication = plan(mode="inbox", privacy_level="")
    for _ in range(3):
        work()
        Publication.objects.update(next_step_at=timezone.now())
        publication.refresh_from_db()
        if publication.state == "delivered":
            return publication
    raise AssertionError(publication.state)


def soon(publication: Publication) -> None:
    Publication.objects.filter(pk=publication.pk).update(next_step_at=timezone.now())


@pytest.mark.parametrize("status", [403, 404])
def test_an_address_that_fails_after_the_last_block_left_does_not_begin_anew(
    cut_off, sandbox, status
):
    trouble(sandbox, "upload", "status", status=status)

    work_until_rest(cut_off)

    assert cut_off.state == "published"
    assert len(inits(sandbox)) == 1
    assert len(live(sandbox)) == 1


def test_an_address_that_dies_just_after_the_last_block_left_does_not_begin_anew(
    plan, sandbox, monkeypatch
):
    publication = plan()
    trouble(sandbox, "upload", "reset_after")
    work()
    attempt = publication.attempts.get()
    publication.attempts.update(address_expires_at=timezone.now())
    fresh = PostStatus("PROCESSING_UPLOAD", uploaded_bytes=0)
    monkeypatch.setattr(TikTokClient, "post_status", lambda client, publish_id: fresh)
    soon(publication)
    work()
    monkeypatch.undo()  # now the status has caught up with the bytes

    work_until_rest(publication)

    assert publication.state == "published"
    assert len(live(sandbox)) == 1
    assert publication.attempts.get() == attempt


def test_an_address_that_stays_dead_is_given_up_once_the_status_must_have_caught_up(
    cut_off, sandbox, time_machine
):
    trouble(sandbox, "upload", "status", status=404)
    soon(cut_off)
    work()
    time_machine.move_to(timezone.now() + timedelta(minutes=5))

    work_until_rest(cut_off)

    assert cut_off.state == "published"
    verdicts = [attempt.verdict for attempt in cut_off.attempts.all()]
    assert verdicts == [Verdict.INCOMPLETE, Verdict.PUBLISHED]


def test_a_status_that_never_answers_leaves_it_to_a_person(cut_off, sandbox, time_machine):
    trouble(sandbox, "status", "html_502", times=1000)
    soon(cut_off)
    work()
    cut_off.refresh_from_db()
    assert cut_off.state == "scheduled"
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    work()
    cut_off.refresh_from_db()
    assert cut_off.state == "processing"
    time_machine.move_to(timezone.now() + timedelta(hours=25))

    work_until_rest(cut_off)

    assert cut_off.state == "unconfirmed"
    assert len(inits(sandbox)) == 1


def test_what_may_be_out_is_asked_about_even_when_its_choices_have_changed(plan, sandbox):
    publication = plan()
    trouble(sandbox, "upload", "reset_after")
    work()
    publication.tiktok.allow_duet = True
    publication.tiktok.save()

    work_until_rest(publication)

    assert publication.state == "published"
    assert len(live(sandbox)) == 1


def test_what_tiktok_says_to_have_completely_can_not_be_stopped_any_more(plan, sandbox):
    publication = plan()
    trouble(sandbox, "upload", "reset_before")
    work()
    publication.attempts.update(finishing_at=None)
    publication, lease = claimed(publication)
    publication.start_sending(lease)
    attempt = publication.open_attempt

    act_on_status(
        publication,
        lease,
        attempt,
        PostStatus("PROCESSING_UPLOAD", uploaded_bytes=attempt.size),
    )

    publication.refresh_from_db()
    assert publication.state == "processing"
    assert publication.is_safe is False


@pytest.mark.parametrize("reason", ["internal", "auth_removed", "spam_risk_too_many_posts"])
def test_a_draft_that_tiktok_dropped_has_failed_whatever_the_reason(delivered, reason):
    lease = lease_on(delivered)
    [attempt] = delivered.attempts.all()

    act_on_status(delivered, lease, attempt, PostStatus("FAILED", fail_reason=reason))

    delivered.refresh_from_db()
    assert delivered.state == "failed"
    assert delivered.failure["retryable"] is False
    assert "by ourselves" not in delivered.failure["what_to_do"]


def test_a_persons_word_is_confirmed_by_tiktok(delivered, sandbox, alice):
    delivered.confirm_live(by=alice)
    [attempt] = delivered.attempts.all()
    work()
    delivered.refresh_from_db()
    assert delivered.by_word_of == alice
    order(sandbox, f"drafts/{attempt.publish_id}/post", privacy="PUBLIC_TO_EVERYONE")

    work_until_rest(delivered)

    [video] = live(sandbox)
    assert (delivered.state, delivered.by_word_of) == ("published", None)
    assert delivered.platform_post_id == video["id"]
    attempt.refresh_from_db()
    assert attempt.verdict == Verdict.PUBLISHED


def test_a_word_that_tiktok_contradicts_is_told(delivered, sandbox, alice):
    delivered.confirm_live(by=alice)
    [attempt] = delivered.attempts.all()
    lease = lease_on(delivered)

    act_on_status(delivered, lease, attempt, PostStatus("FAILED", fail_reason="internal"))

    delivered.refresh_from_db()
    assert (delivered.state, delivered.by_word_of) == ("published", alice)
    assert delivered.next_step_at is None
    assert "TikTok says otherwise" in delivered.events.last().because


def test_a_word_that_tiktok_never_confirms_stays_a_word(delivered, alice, time_machine):
    delivered.confirm_live(by=alice)
    time_machine.move_to(timezone.now() + timedelta(hours=25))

    work_until_rest(delivered)

    assert (delivered.state, delivered.by_word_of) == ("published", alice)


def test_strange_words_of_tiktoks_stop_nothing(plan, sandbox):
    publication = plan(caption="Sunrise #sandbox:stuck")
    work()
    publication, lease = claimed(publication)
    attempt = publication.open_attempt
    act_on_status(publication, lease, attempt, PostStatus("A_NEW_" + "VERY_" * 30 + "LONG_STATUS"))
    publication.refresh_from_db()
    assert publication.state == "processing"

    publication, lease = claimed(publication)
    done = PostStatus("PUBLISH_COMPLETE", public_ids=("7" * 100,))
    act_on_status(publication, lease, attempt, done)

    publication.refresh_from_db()
    assert publication.state == "published"
    assert publication.platform_post_id == ""


def claimed(publication: Publication) -> tuple[Publication, Lease]:
    soon(publication)
    Publication.objects.filter(pk=publication.pk).update(version=F("version") + 1)
    publication.refresh_from_db()
    return publication, lease_on(publication)
