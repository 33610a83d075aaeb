"""The server was off at the due time: nothing goes out later than its workspace wants."""

from datetime import datetime, timedelta
from threading import Event

import pytest
from django.db.models import F

from posts.leases import Lease
from posts.models import Publication
from posts.tests.story import work, work_until_rest
from tiktok.publishing.sending import send
from tiktok.tests.stage import padded_video
from tiktok.tests.story import inits, live, order, trouble

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture
def jump(time_machine, channel):
    """Let the clock jump; tokens stay good, for they are not the matter here."""

    def jump(moment: datetime) -> None:
        time_machine.move_to(moment)
        channel.access_expires_at = moment + timedelta(days=1)
        channel.refresh_expires_at = moment + timedelta(days=100)
        channel.save()

    return jump


def is_asked_about(publication: Publication) -> bool:
    publication.refresh_from_db()
    return (publication.state, publication.held_reason) == ("held", "late")


# The server was off


def test_within_the_hour_it_is_published_late(plan, sandbox, jump):
    publication = plan(minutes=10)
    jump(publication.due_at + timedelta(minutes=59))

    work_until_rest(publication)

    assert publication.state == "published"
    assert publication.lateness > timedelta(minutes=59)
    assert len(live(sandbox)) == 1


def test_after_the_hour_its_person_is_asked(plan, sandbox, jump):
    publication = plan(minutes=10)
    jump(publication.due_at + timedelta(minutes=61))

    work()

    assert is_asked_about(publication)
    assert inits(sandbox) == []


def test_a_workspace_may_want_more_or_less(plan, sandbox, jump, workspace):
    workspace.late_limit_minutes = 180
    workspace.save()
    publication = plan(minutes=10)
    jump(publication.due_at + timedelta(minutes=170))

    work_until_rest(publication)

    assert publication.state == "published"


def test_who_wants_nothing_late_gets_it_on_time_and_not_two_minutes_after(
    plan, sandbox, jump, workspace
):
    workspace.late_limit_minutes = 0
    workspace.save()
    on_time, late = plan(), plan(minutes=10, caption="Late")
    work_until_rest(on_time)
    assert on_time.state == "published"

    jump(late.due_at + timedelta(minutes=2))
    work()

    assert is_asked_about(late)


def test_a_repeat_that_would_come_too_late_is_not_waited_for(plan, sandbox, jump):
    publication = plan(minutes=10)
    jump(publication.due_at + timedelta(minutes=59, seconds=30))
    trouble(sandbox, "video_init", "code", code="rate_limit_exceeded")

    work()

    assert is_asked_about(publication)
    assert "too late" in publication.failure["message"]


# An upload that was begun


def cut_in_mid_upload(publication: Publication, sandbox) -> None:
    """TikTok has the first chunk; then the server goes off."""
    trouble(sandbox, "upload", "reset_before", chunk=1, times=10)
    work()
    attempt = publication.attempts.get()
    assert 0 < attempt.confirmed_bytes < attempt.size


@pytest.fixture
def large(make_medium, workspace, video_file, tmp_path):
    return make_medium(workspace, padded_video(video_file, tmp_path / "large.mp4", 65_000_000))


def test_an_upload_that_was_begun_may_finish_within_its_hour(plan, sandbox, jump, workspace, large):
    workspace.late_limit_minutes = 5
    workspace.save()
    publication = plan(media=[large])
    cut_in_mid_upload(publication, sandbox)
    jump(publication.due_at + timedelta(minutes=50))
    order(sandbox, "troubles/clear")

    work_until_rest(publication)

    assert publication.state == "published"
    assert len(inits(sandbox)) == 1


def test_after_its_hour_it_may_not(plan, sandbox, jump, workspace, large):
    workspace.late_limit_minutes = 5
    workspace.save()
    publication = plan(media=[large])
    cut_in_mid_upload(publication, sandbox)
    order(sandbox, "troubles/clear")
    jump(publication.due_at + timedelta(minutes=61))

    work()

    assert is_asked_about(publication)
    assert len(inits(sandbox)) == 1
    assert live(sandbox) == []


def test_who_is_late_wakes_the_next_of_the_account(plan, sandbox):
    plan(caption="First")
    sending, lease = Lease.claim(by="a worker", stop=Event())
    sending.start_sending(lease)
    late, in_time = plan(caption="Late"), plan(caption="In time")
    work()  # both wait for the account to be free
    Publication.objects.filter(pk=late.pk).update(due_at=F("due_at") - timedelta(hours=2))

    send(sending, lease)
    work()

    assert is_asked_about(late)
    in_time.refresh_from_db()
    assert in_time.state == "processing"
