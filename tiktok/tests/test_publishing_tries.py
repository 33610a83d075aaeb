"""How often a sending is repeated, and when it is not repeated any more."""

from datetime import timedelta
from threading import Event

import pytest
from django.utils import timezone

from posts.errors import Blocked
from posts.leases import Lease
from posts.models import Publication, Verdict
from posts.states import State
from posts.tests.story import work, work_until_rest
from tiktok.publishing.outcomes import MOST_TRIES
from tiktok.tests.story import inits, live, tune

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


def begin_and_die(publication: Publication) -> None:
    """A worker begins, or goes on, and is killed; its lease ends."""
    claimed = Lease.claim(by="a worker", stop=Event())
    assert claimed is not None
    mine, lease = claimed
    if mine.state == State.SENDING:
        mine.take_over(lease)
    else:
        mine.start_sending(lease)
    long_ago = timezone.now() - timedelta(minutes=1)
    dead = Publication.objects.filter(pk=publication.pk)
    dead.update(lease_until=long_ago, next_step_at=long_ago)


def test_a_post_that_kills_its_workers_is_given_up_with_a_sentence(plan, sandbox):
    publication = plan()
    for _ in range(MOST_TRIES):
        begin_and_die(publication)

    work()

    publication.refresh_from_db()
    assert publication.state == "failed"
    assert publication.failure["what_to_do"]
    assert inits(sandbox) == []


def test_handing_over_is_not_dying(plan, sandbox):
    publication = plan()
    mine, lease = Lease.claim(by="a worker", stop=Event())
    mine.start_sending(lease)
    for _ in range(MOST_TRIES + 2):
        lease.let_go()
        mine, lease = Lease.claim(by="another", stop=Event())
        mine.take_over(lease)
    lease.let_go()

    work_until_rest(publication)

    assert publication.state == "published"
    assert publication.tries == 1


def test_who_tries_again_gets_as_many_tries_as_at_first(plan, sandbox, alice):
    tune(sandbox, rate_window_seconds=0.01)
    publication = plan(caption="Sunrise #sandbox:internal")
    work_until_rest(publication)
    assert publication.attempts.count() == 4

    publication.retry(by=alice)
    work_until_rest(publication)

    assert publication.state == "failed"
    assert [attempt.verdict for attempt in publication.attempts.all()] == [Verdict.FAILED] * 8
    assert "by ourselves" not in publication.failure["what_to_do"]


def test_a_repeat_that_would_be_late_asks_at_once(plan, sandbox, time_machine):
    publication = plan(caption="Sunrise #sandbox:internal")
    work()
    # TikTok's verdict comes seconds before the hour is over, a repeat would come after it.
    time_machine.move_to(publication.due_at + timedelta(minutes=59, seconds=58))
    Publication.objects.update(next_step_at=timezone.now())

    work()

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "late")
    assert "passed more than 60 minutes ago" not in publication.failure["message"]
    assert live(sandbox) == []


def test_the_cancel_of_a_dead_workers_post_comes_before_any_new_init(plan, sandbox, alice):
    publication = plan()
    begin_and_die(publication)
    publication.refresh_from_db()
    assert publication.cancel(by=alice) is True  # nobody has to be asked: nobody holds it

    work()

    publication.refresh_from_db()
    assert publication.state == "canceled"
    assert inits(sandbox) == []


def test_two_videos_in_one_post_are_refused_before_it_is_planned(
    draft, make_medium, workspace, video_file, medium, alice
):
    publication = draft(media=[medium, make_medium(workspace, video_file)])

    with pytest.raises(Blocked, match="one video"):
        publication.schedule(timezone.now(), by=alice)


def test_what_has_waited_for_its_own_pause_and_then_for_the_account_is_woken(plan, sandbox):
    """The pause after a failure is over; from then on it waits for the other post alone."""
    failed = plan()
    plan(caption="Noon")
    Publication.objects.filter(pk=failed.pk).update(failure={"message": "It did not work."})
    sending, lease = Lease.claim(by="a worker", stop=Event())
    if sending.pk == failed.pk:
        lease.wait_until(timezone.now() + timedelta(minutes=1))
        sending, lease = Lease.claim(by="a worker", stop=Event())
    sending.start_sending(lease)
    Publication.objects.filter(pk=failed.pk).update(next_step_at=timezone.now())
    work()
    failed.refresh_from_db()
    assert (failed.state, failed.failure) == ("scheduled", None)
    assert failed.next_step_at > timezone.now() + timedelta(seconds=10)

    lease.let_go()
    work()

    failed.refresh_from_db()
    assert failed.state == "processing"
