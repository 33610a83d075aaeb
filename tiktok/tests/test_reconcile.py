"""Asking TikTok about everything without a final word, whatever state our rows are in."""

from io import StringIO
from threading import Event

import pytest
from django.core.management import call_command
from django.utils import timezone

from posts.leases import Lease
from posts.models import Attempt, Installation, Notification, Publication, Verdict
from posts.states import State
from posts.tests.story import history, work, work_until_rest
from tiktok.publishing.resuming import STATUS_CATCHES_UP
from tiktok.tests.story import inits, live, trouble, tune

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture(autouse=True)
def _ours():
    Installation.claim_if_new()


@pytest.fixture
def sent(plan, sandbox) -> Publication:
    """TikTok has all its bytes and is processing them."""
    publication = plan()
    work()
    publication.refresh_from_db()
    assert publication.state == "processing"
    return publication


def restore() -> None:
    call_command("restore", "--yes", stdout=StringIO())


def reconcile(*arguments: str) -> str:
    said = StringIO()
    call_command("reconcile", *arguments, stdout=said)
    return said.getvalue()


def test_a_backup_of_a_post_on_its_way_learns_that_it_is_live(sent, sandbox):
    restore()

    said = reconcile()

    sent.refresh_from_db()
    assert sent.state == "published"
    assert "TikTok says PUBLISH_COMPLETE; it is published now" in said
    assert "1 asked about, 1 moved." in said
    assert len(live(sandbox)) == 1


def test_a_backup_of_a_half_sent_post_learns_that_it_is_live(plan, sandbox):
    publication = plan()
    trouble(sandbox, "upload", "reset_before")
    work()  # the bytes were cut off
    publication.refresh_from_db()
    assert publication.state == "scheduled"
    backup = Publication.objects.filter(pk=publication.pk).values().get()
    attempt = Attempt.objects.filter(publication=publication).values().get()
    work_until_rest(publication)
    assert publication.state == "published"
    # The rows as they were when the backup was made.
    Publication.objects.filter(pk=publication.pk).update(**backup)
    Attempt.objects.filter(pk=attempt["id"]).update(**attempt)
    restore()

    reconcile()

    publication.refresh_from_db()
    assert publication.state == "published"
    work()
    assert len(live(sandbox)) == 1


def test_a_dry_run_asks_and_changes_nothing(sent, sandbox):
    restore()

    said = reconcile("--dry-run")

    sent.refresh_from_db()
    assert sent.state == "unconfirmed"
    assert "TikTok says PUBLISH_COMPLETE; nothing was changed" in said
    assert "1 asked about, nothing was changed." in said


def test_what_tiktok_refused_meanwhile_waits_for_a_person(plan, sandbox):
    publication = plan(caption="Sunrise #sandbox:internal")
    work()
    restore()

    reconcile()

    publication.refresh_from_db()
    assert (publication.state, publication.failure["code"]) == ("failed", "internal")
    assert publication.failure["retryable"] is False


def test_what_is_still_processed_is_watched_again(plan, sandbox):
    tune(sandbox, processing_seconds=3600)
    publication = plan()
    work()
    restore()

    reconcile()

    publication.refresh_from_db()
    assert history(publication)[-2:] == ["unconfirmed", "processing"]
    assert publication.next_step_at is not None


def test_what_never_got_all_its_bytes_can_be_tried_again(plan, sandbox, alice):
    publication = plan()
    trouble(sandbox, "upload", "reset_before")
    work()
    left_at = timezone.now() - STATUS_CATCHES_UP
    Attempt.objects.update(finishing_at=left_at, address_expires_at=timezone.now())
    restore()
    publication.refresh_from_db()
    assert publication.state == "unconfirmed"

    reconcile()

    publication.refresh_from_db()
    assert (publication.state, publication.failure["code"]) == ("failed", "incomplete")
    publication.retry(by=alice)
    work_until_rest(publication)
    assert publication.state == "published"
    assert len(live(sandbox)) == 1


def test_what_was_canceled_in_doubt_and_is_live_after_all_is_published(sent, alice):
    restore()
    sent.refresh_from_db()
    sent.cancel(by=alice)

    reconcile()

    sent.refresh_from_db()
    assert history(sent)[-2:] == ["canceled", "published"]


def test_a_second_copy_is_said_aloud(sent, sandbox, alice):
    restore()
    sent.refresh_from_db()
    sent.schedule(timezone.now(), by=alice, send_again=True)  # under a warning
    work_until_rest(sent)
    assert sent.state == "published"
    assert len(live(sandbox)) == 2

    reconcile()

    sent.refresh_from_db()
    assert "there are two copies now" in sent.events.last().because
    assert sent.attempts.filter(verdict=Verdict.PUBLISHED).count() == 2
    assert Notification.objects.get(subject="“Sunrise” is live twice").person == alice
    # Asked again, nothing more is to be said.
    assert "0 asked about" in reconcile()


def test_what_a_worker_holds_is_left_to_it(sent, sandbox):
    Publication.objects.update(next_step_at=timezone.now())
    claimed = Lease.claim(by="a worker", stop=Event())
    assert claimed is not None

    assert "a worker holds it now" in reconcile()

    claimed[1].renew()


def test_when_tiktok_does_not_answer_nothing_changes(sent, sandbox):
    restore()
    trouble(sandbox, "status", "status", status=500, times=9)

    said = reconcile()

    sent.refresh_from_db()
    assert sent.state == State.UNCONFIRMED
    assert "could not be asked about" in said


@pytest.fixture
def out_after_the_backup(plan, sandbox) -> Publication:
    """The backup knows it as planned; TikTok shows it."""
    publication = plan()
    rows = Publication.objects.filter(pk=publication.pk)
    [backup] = rows.values()
    work_until_rest(publication)
    publication.attempts.all().delete()
    rows.update(**backup)
    restore()
    return publication


def test_what_went_out_after_the_backup_is_found_by_its_words(out_after_the_backup, sandbox):
    said = reconcile()

    publication = out_after_the_backup
    publication.refresh_from_db()
    [video] = live(sandbox)
    assert f"it may be live already: {sandbox.url}/@alice.films/video/{video['id']}" in said
    assert (publication.state, publication.held_reason) == ("held", "restored")
    assert f"/video/{video['id']}" in publication.failure["message"]
    work()
    assert len(live(sandbox)) == 1


def test_what_nobody_can_see_is_left_to_a_person(plan, sandbox):
    publication = plan(caption="Never sent", minutes=30)
    restore()

    said = reconcile()

    publication.refresh_from_db()
    assert "no public video of the account says the same" in said
    assert publication.failure["what_to_do"].startswith("Look at the account.")


def test_without_the_permission_to_look_it_is_said(out_after_the_backup, sandbox, channel):
    trouble(sandbox, "video_list", "code", code="scope_not_authorized", times=9)

    assert "could not be looked through" in reconcile()


@pytest.fixture
def complete_after_the_backup(plan, sandbox) -> Publication:
    """The backup knows an upload that had begun; the original has sent all of it since."""
    publication = plan()
    rows = Publication.objects.filter(pk=publication.pk)
    [backup] = rows.values()
    work_until_rest(publication)
    publication.attempts.update(
        verdict="", settled_at=None, confirmed_bytes=0, sent_at=None, finishing_at=None
    )
    rows.update(**backup | {"state": State.SENDING, "lease_until": None})
    restore()
    publication.refresh_from_db()
    return publication


def test_a_status_without_a_figure_proves_nothing_of_a_restored_upload(
    complete_after_the_backup, sandbox, says, alice
):
    publication = complete_after_the_backup
    assert publication.state == State.UNCONFIRMED
    assert publication.is_safe is False

    says("PROCESSING_UPLOAD")
    reconcile()
    work()
    publication.refresh_from_db()
    assert publication.state == State.PROCESSING

    says("PUBLISH_COMPLETE")
    reconcile()
    publication.refresh_from_db()
    assert publication.state == State.PUBLISHED
    assert (len(inits(sandbox)), len(live(sandbox))) == (1, 1)


def test_a_restored_upload_whose_id_tiktok_does_not_know_any_more_is_not_sent_again(
    complete_after_the_backup, sandbox, alice
):
    publication = complete_after_the_backup
    publication.attempts.update(publish_id="v_pub_file~v2-1.0")

    reconcile()
    publication.check_again(by=alice)
    work()

    publication.refresh_from_db()
    assert publication.state == State.UNCONFIRMED
    assert (len(inits(sandbox)), len(live(sandbox))) == (1, 1)
