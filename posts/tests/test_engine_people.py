"""People act while machines work: their word counts, once, and is never forgotten."""

from datetime import timedelta
from threading import Event

import pytest
from django.utils import timezone

from posts import stumbles
from posts.errors import LeaseLost, TooLate
from posts.leases import Lease
from posts.models import Publication, Verdict
from posts.offers import Offer, offers
from posts.parking import park, unpark
from posts.states import HeldReason, State
from posts.tests.plain_platform import begin_attempt
from posts.tests.walk import FAILURE, bring, lease_on

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


def test_a_second_press_of_send_again_does_not_write_off_what_the_first_has_sent(
    publication, alice
):
    bring(publication, State.UNCONFIRMED, by=alice)
    publication.schedule(timezone.now(), by=alice, send_again=True)
    lose_the_last_answer(publication)

    with pytest.raises(TooLate):
        publication.schedule(timezone.now(), by=alice, send_again=True)

    verdicts = [attempt.verdict for attempt in publication.attempts.all()]
    assert verdicts == [Verdict.WRITTEN_OFF, Verdict.OPEN]


def lose_the_last_answer(publication: Publication) -> None:
    """Its last block leaves, nobody knows whether it arrived, and it waits to ask."""
    claimed = Lease.claim(by="a worker", stop=Event())
    assert claimed is not None
    mine, lease = claimed
    mine.start_sending(lease)
    begin_attempt(mine, last_block_gone=True)
    mine.defer(lease, timezone.now(), failure=FAILURE)
    publication.refresh_from_db()


@pytest.mark.parametrize("verb", ["defer", "hold", "fail"])
def test_a_cancel_that_was_asked_for_outlives_every_trouble_of_the_sending(
    publication, alice, verb
):
    bring(publication, State.SENDING, by=alice)
    assert publication.cancel(by=alice) is False
    lease = lease_on(publication)

    if verb == "defer":
        publication.defer(lease, timezone.now(), failure=FAILURE)
    elif verb == "hold":
        publication.hold(lease, HeldReason.RECONNECT, failure=FAILURE)
    else:
        publication.fail(lease, failure=FAILURE)

    publication.refresh_from_db()
    assert (publication.state, publication.next_step_at) == (State.CANCELED, None)
    assert publication.events.last().by == alice


def test_what_no_worker_holds_is_canceled_at_once(publication, alice):
    bring(publication, State.SENDING, by=alice)
    frozen = lease_on(publication)
    stumbles.give_back(publication, frozen)  # waits in sending, for some seconds or minutes

    assert publication.cancel(by=alice) is True

    assert (publication.state, publication.next_step_at) == (State.CANCELED, None)
    assert publication.attempts.get().verdict == Verdict.INCOMPLETE
    with pytest.raises(LeaseLost):
        frozen.renew()


def test_a_cancel_that_its_worker_did_not_live_to_obey_can_be_pressed_again(
    publication, alice, time_machine
):
    bring(publication, State.SENDING, by=alice)
    assert publication.cancel(by=alice) is False
    time_machine.move_to(timezone.now() + timedelta(minutes=2))

    assert Offer.CANCEL in offers(publication, alice, may_write=True, may_publish=True)
    assert publication.cancel(by=alice) is True

    assert publication.state == State.CANCELED


def test_what_nobody_holds_is_not_canceled_once_its_last_block_has_left(publication, alice):
    bring(publication, State.SENDING, by=alice)
    publication.attempts.update(finishing_at=timezone.now())
    lease_on(publication).let_go()

    with pytest.raises(TooLate):
        publication.cancel(by=alice)


def test_what_may_be_live_already_says_how_it_can_be_posted_again(publication, alice):
    bring(publication, State.UNCONFIRMED, by=alice)
    publication.cancel(by=alice)
    publication.undo_cancel(by=alice)

    with pytest.raises(TooLate, match="Duplicate"):
        publication.schedule(timezone.now(), by=alice)


def test_a_post_that_changed_while_its_account_was_away_asks_when_it_is_back(
    publication, alice, plain
):
    bring(publication, State.SCHEDULED, by=alice)
    park(publication.channel, because="the account must be reconnected")
    plain.moods[publication.pk] = "wild"

    assert unpark(publication.channel) == []

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == (State.HELD, HeldReason.CHOICE)
    assert publication.failure["code"] == "not_approved"


@pytest.mark.parametrize("act", [park, unpark])
def test_what_a_person_pauses_at_that_very_moment_stays_theirs(
    publication, alice, monkeypatch, act
):
    bring(publication, State.SCHEDULED, by=alice)
    if act is unpark:
        park(publication.channel, because="the account must be reconnected")
    locked = Publication.locked

    def after_a_pause(pk: int) -> Publication:
        monkeypatch.setattr(Publication, "locked", locked)
        Publication.objects.get(pk=pk).pause(by=alice)
        return locked(pk)

    monkeypatch.setattr(Publication, "locked", after_a_pause)

    act(publication.channel, because="the account")

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == (State.HELD, HeldReason.PERSON)


def test_a_workspace_that_wants_nothing_late_still_publishes_in_time(publication, alice):
    publication.post.workspace.late_limit_minutes = 0
    publication.due_at = timezone.now() - timedelta(seconds=2)
    assert publication.is_late is False

    publication.due_at = timezone.now() - timedelta(seconds=90)
    assert publication.is_late is True
