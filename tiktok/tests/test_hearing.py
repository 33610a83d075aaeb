"""What an event leads to: a look at once, whatever the order in which events come."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from posts.models import Attempt, Heartbeat, Mode, Publication, Verdict
from posts.models.heartbeat import Kind
from posts.tests.story import history, work, work_until_rest
from tiktok.answers import PostStatus
from tiktok.client import TikTokClient
from tiktok.models import WebhookEvent
from tiktok.publishing import hearing
from tiktok.tests.story import calls, order, tune
from tiktok.tests.telling import tell

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

COMPLETE, FAILED = "post.publish.complete", "post.publish.failed"
DELIVERED, AVAILABLE = "post.publish.inbox_delivered", "post.publish.publicly_available"
UNAVAILABLE = "post.publish.no_longer_publicaly_available"
POST_ID = "7301234567890123456"


@pytest.fixture
def processing(plan, sandbox) -> Publication:
    """TikTok has all bytes; the next poll is some seconds away."""
    publication = plan()
    work()
    publication.refresh_from_db()
    assert publication.state == "processing"
    assert publication.next_step_at > timezone.now()
    return publication


def first(publication: Publication) -> Attempt:
    return publication.attempts.get(number=1)


def stays(publication: Publication) -> tuple[str, object]:
    publication.refresh_from_db()
    return publication.state, publication.next_step_at


def test_a_told_end_is_asked_for_at_once(processing):
    event = tell(COMPLETE, first(processing))

    processing.refresh_from_db()
    assert processing.state == "processing"  # no event moves a post
    assert processing.next_step_at <= timezone.now()
    assert event.outcome == "its status is asked now"
    work()
    processing.refresh_from_db()
    assert processing.state == "published"


def test_an_event_that_lies_moves_nothing(processing, says):
    says("PROCESSING_UPLOAD")
    for event in (COMPLETE, FAILED, DELIVERED, AVAILABLE):
        tell(event, first(processing), post_id=POST_ID)
        work()
    processing.refresh_from_db()
    assert processing.state == "processing"


def test_the_same_told_again_asks_no_more(processing, sandbox):
    moment = time.time()
    tell(COMPLETE, first(processing), at=moment)
    work()
    asked = len(calls(sandbox, "status"))

    tell(COMPLETE, first(processing), at=moment)
    tell(COMPLETE, first(processing), at=moment + 1)
    tell(DELIVERED, first(processing))
    work()

    assert len(calls(sandbox, "status")) == asked
    assert history(processing)[-1] == "published"


def test_another_creators_event_wakes_nobody(processing, connect, workspace):
    stranger = connect(workspace, "bob.films")
    before = stays(processing)
    event = tell(COMPLETE, stranger, publish_id=first(processing).publish_id)
    assert event.applied_at is None
    assert stays(processing) == before


def test_what_is_planned_for_later_does_not_begin_by_an_event(plan):
    publication = plan(minutes=60)
    Attempt.objects.create(
        publication=publication,
        number=1,
        mode=Mode.DIRECT,
        digest=publication.approval.digest,
        publish_id="v_pub_file~v2-1.1",
        size=1,
        chunk_size=1,
        chunk_count=1,
    )
    before = stays(publication)
    tell(FAILED, first(publication), reason="internal")
    assert stays(publication) == before


def test_what_comes_while_a_worker_asks_is_not_forgotten(processing, monkeypatch):
    """The status was asked before the event came, so it must be asked once more."""
    asked = []

    def told_meanwhile(client, publish_id):
        asked.append(publish_id)
        if len(asked) == 1:
            event = tell(COMPLETE, first(processing))
            assert event.applied_at is None
            return PostStatus("PROCESSING_UPLOAD")
        return PostStatus("PUBLISH_COMPLETE", public_ids=(POST_ID,))

    monkeypatch.setattr(TikTokClient, "post_status", told_meanwhile)
    Publication.objects.update(next_step_at=timezone.now())

    work()

    processing.refresh_from_db()
    assert processing.state == "published"
    assert len(asked) == 2


def test_an_event_before_its_inits_answer_is_stored_waits_for_it(plan, channel, sandbox):
    """The answer is held, and TikTok tells of a post that we can not know yet."""
    publication = plan()
    work()
    attempt = first(publication)
    event = tell(COMPLETE, channel, publish_id="v_pub_file~v2-not-stored-yet")
    assert event.applied_at is None

    attempt.publish_id = event.publish_id
    attempt.save()
    hearing.hear_again(publication)

    event.refresh_from_db()
    assert event.outcome == "its status is asked now"


def test_what_fits_nothing_is_tried_for_an_hour_and_then_left_alone(
    processing, channel, time_machine
):
    event = tell(COMPLETE, channel, publish_id="v_pub_file~v2-another")
    Attempt.objects.update(publish_id="v_pub_file~v2-another")
    time_machine.move_to(timezone.now() + timedelta(minutes=61))
    hearing.tidy()
    event.refresh_from_db()
    assert event.applied_at is None
    assert event.outcome == "nothing of ours fits it yet"


def test_events_are_forgotten_after_two_weeks(channel, time_machine):
    tell("a.new.one", channel)
    time_machine.move_to(timezone.now() + timedelta(days=15))
    hearing.tidy()
    assert WebhookEvent.objects.count() == 0


def test_an_unconfirmed_post_is_asked_about_again(processing, alice, says):
    Publication.objects.filter(pk=processing.pk).update(next_step_at=timezone.now())
    says("PROCESSING_UPLOAD")
    Attempt.objects.update(sent_at=timezone.now() - timedelta(hours=25))
    work()
    assert stays(processing)[0] == "unconfirmed"

    says("PUBLISH_COMPLETE")
    tell(COMPLETE, first(processing))
    work()

    assert history(processing)[-3:] == ["unconfirmed", "processing", "published"]


def test_a_post_called_failed_that_is_out_after_all_is_published(processing, says):
    says("FAILED", fail_reason="spam_risk")
    Publication.objects.update(next_step_at=timezone.now())
    work()
    assert stays(processing) == ("failed", None)

    event = tell(COMPLETE, first(processing))
    assert stays(processing) == ("failed", None)
    assert Heartbeat.turn_is_due(Kind.TIDY, every=timedelta(minutes=5))
    says("PUBLISH_COMPLETE", public_ids=(POST_ID,))
    hearing.tidy()

    processing.refresh_from_db()
    event.refresh_from_db()
    assert (processing.state, processing.platform_post_id) == ("published", POST_ID)
    assert first(processing).verdict == Verdict.PUBLISHED
    assert event.outcome == "it is out after all"


def test_a_post_called_failed_stays_failed_when_the_status_says_so_too(processing, says):
    says("FAILED", fail_reason="spam_risk")
    Publication.objects.update(next_step_at=timezone.now())
    work()
    event = tell(COMPLETE, first(processing))
    hearing.tidy()
    event.refresh_from_db()
    assert stays(processing) == ("failed", None)
    assert event.outcome == "nothing: its status is FAILED"


def test_a_second_copy_is_told(plan, says, alice):
    """TikTok called the first attempt failed, we sent again, and both are out."""
    publication = plan(caption="Sunrise #sandbox:internal:1")
    work_until_rest(publication)
    assert publication.state == "published"
    says("PUBLISH_COMPLETE")

    tell(COMPLETE, first(publication))
    hearing.tidy()

    publication.refresh_from_db()
    assert publication.state == "published"
    assert first(publication).verdict == Verdict.PUBLISHED
    assert "there are two copies" in publication.events.last().because
    [told] = alice.notifications.all()
    assert told.kind == "attention"


def test_what_is_out_after_all_stops_the_next_attempt(plan, says, alice):
    publication = plan(caption="Sunrise #sandbox:internal:1")
    work()
    Publication.objects.update(next_step_at=timezone.now())
    work()
    assert stays(publication)[0] == "scheduled"  # for another try
    says("PUBLISH_COMPLETE", public_ids=(POST_ID,))

    event = tell(COMPLETE, first(publication))
    hearing.tidy()

    event.refresh_from_db()
    assert event.outcome == "it is out after all"
    work_until_rest(publication)
    assert publication.state == "published"
    assert publication.attempts.count() == 1


def test_an_event_that_the_status_lags_behind_is_asked_for_often(processing, says):
    """One event has told of the end, and the status does not say so yet."""
    says("PROCESSING_UPLOAD")
    tell(COMPLETE, first(processing))
    work()
    processing.refresh_from_db()
    assert processing.next_step_at - timezone.now() <= timedelta(seconds=5)


def test_while_events_arrive_polling_is_slow_and_quick_again_when_they_stop(
    processing, says, time_machine
):
    says("PROCESSING_UPLOAD")

    def pause() -> int:
        Publication.objects.update(next_step_at=timezone.now())
        asked_at = timezone.now()
        work()
        processing.refresh_from_db()
        return round((processing.next_step_at - asked_at).total_seconds())

    assert pause() == 5
    tell(DELIVERED, first(processing))
    assert pause() == 30
    time_machine.move_to(timezone.now() + timedelta(minutes=20))
    assert pause() == 300
    time_machine.move_to(timezone.now() + timedelta(minutes=45))
    assert pause() == 900


def test_a_draft_is_published_as_soon_as_tiktok_tells(plan, sandbox):
    publication = plan(mode="inbox", privacy_level="")
    work()
    tell(DELIVERED, first(publication), publish_type="INBOX_SHARE")
    work()
    assert stays(publication)[0] == "delivered"
    order(sandbox, f"drafts/{first(publication).publish_id}/post", privacy="PUBLIC_TO_EVERYONE")
    tune(sandbox, withhold_public_ids=True)

    tell(COMPLETE, first(publication), publish_type="INBOX_SHARE")
    tell(AVAILABLE, first(publication), publish_type="INBOX_SHARE", post_id=POST_ID)
    work()

    publication.refresh_from_db()
    assert (publication.state, publication.platform_post_id) == ("published", POST_ID)
    assert publication.permalink.endswith(f"/@alice.films/video/{POST_ID}")
