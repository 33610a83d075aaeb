"""The table of moves, walked on real rows: each move by each who may make it."""

from itertools import pairwise, product

import pytest
from django.utils import timezone

from posts.errors import Blocked, IllegalMove, NotApproved, TooLate
from posts.models import Attempt, Mode, Publication, Verdict
from posts.platforms import Finding
from posts.states import MACHINE_STATES, MOVES, State, Who
from posts.tests.moves import STORIES, Key, begin, schedule, send_again
from posts.tests.walk import ROADS, bring

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

SENDING_AGAIN = [key for key, story in STORIES.items() if story is send_again]
STORIES_THAT_NEED_SAFETY = [
    key
    for key in STORIES
    if (MOVES[key[:2]].safe or MOVES[key[:2]].safe_or_open) and key not in SENDING_AGAIN
]
STORIES_OF_APPROVED_CONTENT = [
    key
    for key, story in STORIES.items()
    if MOVES[key[:2]].ok and story not in {schedule, send_again}  # these approve anew
]


def name_of(key: Key | tuple[State, State]) -> str:
    return "-".join(str(getattr(part, "name", part)).lower() for part in key)


def snapshot(publication: Publication) -> dict[str, object]:
    [row] = Publication.objects.filter(pk=publication.pk).values()
    return row | {"events": publication.events.count(), "approvals": publication.approvals.count()}


def something_may_be_out(publication: Publication) -> None:
    """An attempt that ended in a post."""
    Attempt.objects.create(
        publication=publication,
        number=99,
        mode=Mode.DIRECT,
        publish_id="plain-out",
        size=1,
        chunk_size=1,
        chunk_count=1,
        verdict=Verdict.PUBLISHED,
        settled_at=timezone.now(),
    )


def test_every_move_has_a_story_for_each_who_may_make_it():
    needed = {(*states, who) for states, move in MOVES.items() for who in move.who}
    assert set(STORIES) == needed


def test_every_state_can_be_reached_and_is_in_the_table():
    assert set(ROADS) == set(State)
    assert {state for move in MOVES for state in move} == set(State)


@pytest.mark.parametrize("key", STORIES, ids=name_of)
def test_the_move_is_made_and_remembered(key, publication, alice):
    before, after, who = key
    begin(publication, key, by=alice)
    version = publication.version

    STORIES[key](publication, alice)

    publication.refresh_from_db()
    assert publication.state == after
    last = publication.events.last()
    assert (last.before, last.after) == (before, after)
    assert bool(last.because)
    assert (last.by == alice) is (who is Who.PERSON or key[1] is State.CANCELED)
    assert (publication.lease_until is not None) is (after is State.SENDING)
    if after in MACHINE_STATES:
        assert publication.next_step_at is not None
    if who is not Who.WORKER:
        assert publication.version > version


@pytest.mark.parametrize("key", STORIES, ids=name_of)
def test_the_history_has_no_gaps(key, publication, alice):
    begin(publication, key, by=alice)
    STORIES[key](publication, alice)

    events = list(publication.events.all())
    assert events[0].before == State.DRAFT
    assert [earlier.after for earlier in events[:-1]] == [later.before for later in events[1:]]
    assert all(earlier.at <= later.at for earlier, later in pairwise(events))


@pytest.mark.parametrize("key", STORIES_THAT_NEED_SAFETY, ids=name_of)
def test_what_may_be_out_can_not_be_moved_as_if_it_were_not(key, publication, alice):
    begin(publication, key, by=alice)
    something_may_be_out(publication)
    before = snapshot(publication)

    if key[2] is Who.DISPATCHER:
        STORIES[key](publication, alice)  # it goes round what it may not move
    elif key[2] is Who.OPERATOR:
        STORIES[key](publication, alice)  # nobody can say what became of it
        publication.refresh_from_db()
        assert publication.state == State.UNCONFIRMED
        return
    else:
        with pytest.raises(TooLate):
            STORIES[key](publication, alice)

    after = snapshot(publication)
    changed_by_a_claim = {"version", "lease_until", "next_step_at", "claimed_by", "claimed_at"}
    if key[2] is Who.WORKER or key[0] is State.SENDING:
        before, after = (
            {name: value for name, value in row.items() if name not in changed_by_a_claim}
            for row in (before, after)
        )
    assert after == before


@pytest.mark.parametrize("key", SENDING_AGAIN, ids=name_of)
def test_sending_again_needs_the_word_for_it(key, publication, alice):
    begin(publication, key, by=alice)
    with pytest.raises(TooLate):
        publication.schedule(timezone.now(), by=alice)

    send_again(publication, alice)
    verdicts = publication.attempts.values_list("verdict", flat=True)
    assert list(verdicts) == [Verdict.WRITTEN_OFF]


@pytest.mark.parametrize("before", State)
def test_what_is_not_in_the_table_does_not_happen(before, publication, alice):
    bring(publication, before, by=alice)
    row = snapshot(publication)
    for after, who in product(State, Who):
        move = MOVES.get((before, after))
        if move is None or who not in move.who:
            with pytest.raises(IllegalMove):
                publication._move(after, who=who, because="it tries")
    assert snapshot(publication) == row


def test_what_the_platform_confirmed_is_final(publication, alice):
    bring(publication, State.PUBLISHED, by=alice)
    with pytest.raises(IllegalMove):
        publication.take_back_word(by=alice)
    assert publication.events.last().after == State.PUBLISHED


@pytest.mark.parametrize("key", STORIES_OF_APPROVED_CONTENT, ids=name_of)
def test_what_was_changed_after_the_approval_does_not_go_out(key, publication, alice, plain):
    begin(publication, key, by=alice)
    plain.moods[publication.pk] = "wild"

    if key[2] is Who.DISPATCHER:
        STORIES[key](publication, alice)  # it leaves alone what it may not move
    else:
        with pytest.raises(NotApproved):
            STORIES[key](publication, alice)

    assert snapshot(publication)["state"] == key[0]


def test_a_later_edit_of_the_post_changes_nothing_that_was_approved(publication, alice):
    bring(publication, State.SCHEDULED, by=alice)
    publication.post.caption = "Sunset"
    publication.post.save()

    publication.refresh_from_db()
    assert publication.shown_caption == "Sunrise"
    assert publication.is_as_approved() is True


def test_what_changed_under_the_persons_eyes_is_not_approved(publication, alice):
    seen = publication.content_digest()
    publication.post.caption = "Sunset"
    publication.post.save()

    with pytest.raises(NotApproved):
        publication.schedule(timezone.now(), by=alice, seen_digest=seen)

    publication.refresh_from_db()
    assert (publication.state, publication.approvals.count()) == (State.DRAFT, 0)


def test_a_blocker_keeps_it_where_it_is(publication, alice, plain):
    plain.findings = [Finding("too_loud", "It is too loud.", "Turn it down.")]
    with pytest.raises(Blocked) as caught:
        publication.schedule(timezone.now(), by=alice)
    assert [finding.code for finding in caught.value.findings] == ["too_loud"]
    assert snapshot(publication)["state"] == State.DRAFT


def test_a_cancel_during_the_sending_is_asked_and_then_obeyed(publication, alice):
    bring(publication, State.SENDING, by=alice)
    assert publication.cancel(by=alice) is False
    assert publication.cancel_asked_at is not None

    publication.attempts.update(finishing_at=timezone.now())
    with pytest.raises(TooLate):
        publication.cancel(by=alice)


def test_what_a_person_left_unconfirmed_does_not_go_out_a_second_time(publication, alice):
    bring(publication, State.UNCONFIRMED, by=alice)
    publication.cancel(by=alice)
    publication.undo_cancel(by=alice)

    with pytest.raises(TooLate):
        publication.schedule(timezone.now(), by=alice)
    assert snapshot(publication)["state"] == State.DRAFT


def test_a_draft_that_was_dropped_may_be_sent_anew(publication, alice):
    bring(publication, State.DELIVERED, by=alice)
    publication.cancel(by=alice)
    publication.undo_cancel(by=alice)

    publication.schedule(timezone.now(), by=alice)

    assert publication.state == State.SCHEDULED
    assert publication.attempts.get().verdict == Verdict.WRITTEN_OFF
