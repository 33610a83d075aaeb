"""Asking about everything: an earlier attempt of a post, or one whose status may lag behind."""

from datetime import timedelta
from io import StringIO
from threading import Event

import pytest
from django.core.management import call_command
from django.utils import timezone

from posts.errors import LeaseLost
from posts.leases import Lease
from posts.models import Attempt, Installation, Publication, Verdict
from posts.tests.story import work
from tiktok.answers import PostStatus
from tiktok.client import TikTokClient
from tiktok.publishing.beginning import begin, prepare
from tiktok.publishing.guard import UploadGuard
from tiktok.tests.story import tune

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture(autouse=True)
def _ours():
    Installation.claim_if_new()


def reconcile() -> str:
    said = StringIO()
    call_command("reconcile", stdout=said)
    return said.getvalue()


@pytest.fixture
def dropped(plan) -> Publication:
    """A draft that was delivered to Alice's inbox."""
    publication = plan(mode="inbox")
    work()
    Publication.objects.update(next_step_at=timezone.now())
    work()
    publication.refresh_from_db()
    assert publication.state == "delivered"
    return publication


def test_a_draft_that_was_dropped_stays_dropped(dropped, alice):
    dropped.cancel(by=alice)

    said = reconcile()

    dropped.refresh_from_db()
    assert "TikTok says SEND_TO_USER_INBOX; it stays as it is" in said
    assert dropped.state == "canceled"


def test_a_draft_that_is_planned_again_stays_planned(dropped, alice):
    tomorrow = timezone.now() + timedelta(days=1)
    dropped.schedule(tomorrow, by=alice, send_again=True)

    reconcile()

    dropped.refresh_from_db()
    assert (dropped.state, dropped.next_step_at) == ("scheduled", tomorrow)


@pytest.fixture
def sent_again(plan, sandbox, alice) -> Publication:
    """TikTok was silent about the first sending, and is processing the second."""
    tune(sandbox, processing_seconds=3600)
    publication = plan()
    work()
    call_command("restore", "--yes", stdout=StringIO())
    publication.refresh_from_db()
    publication.schedule(timezone.now(), by=alice, send_again=True)
    work()
    publication.refresh_from_db()
    assert publication.state == "processing"
    return publication


def say_of_the_first(monkeypatch, publication: Publication, status: PostStatus) -> None:
    first = publication.attempts.first()
    as_it_is = TikTokClient.post_status

    def post_status(client, publish_id):
        return status if publish_id == first.publish_id else as_it_is(client, publish_id)

    monkeypatch.setattr(TikTokClient, "post_status", post_status)


def test_a_failure_of_the_first_sending_says_nothing_of_the_second(sent_again, monkeypatch):
    say_of_the_first(monkeypatch, sent_again, PostStatus("FAILED", fail_reason="internal"))

    reconcile()

    sent_again.refresh_from_db()
    assert sent_again.state == "processing"
    verdicts = [attempt.verdict for attempt in sent_again.attempts.all()]
    assert verdicts == [Verdict.FAILED, Verdict.OPEN]


def test_a_silence_about_the_first_sending_says_nothing_of_the_second(sent_again, monkeypatch):
    say_of_the_first(monkeypatch, sent_again, PostStatus("PROCESSING_UPLOAD"))
    first = sent_again.attempts.first()
    long_ago = timezone.now() - timedelta(days=2)
    Attempt.objects.filter(pk=first.pk).update(sent_at=long_ago)
    lines = sent_again.events.count()

    reconcile()

    sent_again.refresh_from_db()
    assert (sent_again.state, sent_again.events.count()) == ("processing", lines)


@pytest.fixture
def in_hand(plan, sandbox, alice):
    """The first sending is in doubt, and a worker sends the post again: it and its lease."""
    tune(sandbox, processing_seconds=3600)
    publication = plan()
    work()
    call_command("restore", "--yes", stdout=StringIO())
    publication.refresh_from_db()
    publication.schedule(timezone.now(), by=alice, send_again=True)
    claimed = Lease.claim(by="a worker", stop=Event())
    assert claimed is not None
    mine, lease = claimed
    mine.start_sending(lease)
    prepared = prepare(mine, lease)
    assert prepared is not None
    begin(mine, lease, prepared)
    return mine, lease


def test_when_the_first_is_out_the_second_stops_between_its_blocks(in_hand, monkeypatch, alice):
    publication, lease = in_hand
    say_of_the_first(monkeypatch, publication, PostStatus("PUBLISH_COMPLETE"))

    said = reconcile()

    assert "attempt 1: it is out after all" in said
    guard = UploadGuard(lease, publication.attempts.last())
    with pytest.raises(LeaseLost):
        guard.before_last_block()
    publication.refresh_from_db()
    assert publication.state == "published"
    verdicts = [attempt.verdict for attempt in publication.attempts.all()]
    assert verdicts == [Verdict.PUBLISHED, Verdict.INCOMPLETE]
    assert not alice.notifications.filter(subject__contains="live twice").exists()


@pytest.mark.parametrize("worker_lives", [True, False])
def test_when_the_first_is_out_and_the_second_too_far_people_are_told(
    in_hand, monkeypatch, alice, worker_lives
):
    publication, lease = in_hand
    UploadGuard(lease, publication.attempts.last()).before_last_block()
    if not worker_lives:
        Publication.objects.update(lease_until=timezone.now())
    say_of_the_first(monkeypatch, publication, PostStatus("PUBLISH_COMPLETE"))

    reconcile()

    publication.refresh_from_db()
    assert publication.state == "published"
    told = alice.notifications.filter(subject__contains="live twice")
    assert [each.publication for each in told] == [publication]


@pytest.mark.parametrize("sent", [True, False])
def test_a_status_that_lags_behind_the_last_block_proves_no_lack(plan, sandbox, says, sent):
    tune(sandbox, processing_seconds=3600)
    publication = plan()
    work()
    now = timezone.now()
    Attempt.objects.update(
        sent_at=now - timedelta(hours=2) if sent else None,
        finishing_at=now - timedelta(hours=2) if sent else now,
        address_expires_at=now,
    )
    call_command("restore", "--yes", stdout=StringIO())
    says("PROCESSING_UPLOAD", uploaded_bytes=1)

    reconcile()

    publication.refresh_from_db()
    assert publication.state == "unconfirmed"
    assert publication.attempts.get().verdict == Verdict.OPEN
