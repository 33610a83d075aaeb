"""The verbs of a publication by the API: those of the pages, by the same rights."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from accounts.tests.program import Program, code
from posts.models import Publication
from posts.states import State
from posts.tests.people import member
from posts.tests.plain_platform import a_publication
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db]

S = State
LATER = {"scheduled_at": "2026-12-24T18:00:00Z", "consent": True}

# By action: what is sent, from where it goes where, and what a contributor gets for it.
VERBS = {
    "approve": ({"consent": True}, S.AWAITING_APPROVAL, S.SCHEDULED),
    "send-back": ({"note": "Too loud."}, S.AWAITING_APPROVAL, S.DRAFT),
    "schedule": (LATER, S.DRAFT, S.SCHEDULED),
    "unschedule": (None, S.SCHEDULED, S.DRAFT),
    "cancel": (None, S.SCHEDULED, S.CANCELED),
    "pause": (None, S.SCHEDULED, S.HELD),
    "resume": (None, S.HELD, S.SCHEDULED),
    "retry": (None, S.FAILED, S.SCHEDULED),
    "check-again": (None, S.UNCONFIRMED, S.PROCESSING),
    "resolve": ({"live": True, "link": "https://example.com/v/1"}, S.UNCONFIRMED, S.PUBLISHED),
}


@pytest.fixture
def stands(alice, channel):
    """A publication of Alice's in that state."""

    def bring_it(state: State, author=alice) -> Publication:
        publication = a_publication(author, channel)
        bring(publication, state, by=alice)
        if state == S.AWAITING_APPROVAL:
            Publication.objects.update(due_at=timezone.now() + timedelta(hours=1))
        return publication

    return bring_it


def act(who, publication, action, body, workspace=None):
    return Program(who, workspace=workspace).post(f"/publications/{publication.pk}/{action}", body)


@pytest.mark.parametrize("action", VERBS)
def test_alice_may_do_all_of_it(action, alice, stands):
    body, before, after = VERBS[action]
    publication = stands(before)

    answer = act(alice, publication, action, body)

    assert answer.status_code == 200, answer.content
    assert (answer.json()["id"], answer.json()["state"]) == (publication.pk, after)
    publication.refresh_from_db()
    assert (publication.state, publication.events.last().by) == (after, alice)


@pytest.mark.parametrize("action", VERBS)
def test_where_there_is_no_such_move_the_state_is_told(action, alice, stands):
    publication = stands(S.CANCELED)

    answer = act(alice, publication, action, VERBS[action][0])

    assert code(answer) == (409, "illegal_move")
    assert answer.json()["error"]["state"] == "canceled"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
@pytest.mark.parametrize("action", VERBS)
def test_without_the_right_nothing_happens(action, role, workspace, stands):
    publication = stands(VERBS[action][1])

    answer = act(member(workspace, role), publication, action, VERBS[action][0], workspace)

    publication.refresh_from_db()
    asks = role == Role.CONTRIBUTOR and action == "schedule"
    if asks:
        assert (answer.status_code, publication.state) == (200, S.AWAITING_APPROVAL)
    else:
        assert code(answer) == (403, "forbidden")
        assert publication.state == VERBS[action][1]


@pytest.mark.parametrize("action", VERBS)
def test_bob_finds_nothing(action, bob, stands):
    publication = stands(VERBS[action][1])

    assert code(act(bob, publication, action, VERBS[action][0])) == (404, "not_found")


def test_a_contributor_takes_back_what_is_theirs(workspace, stands):
    carl = member(workspace, Role.CONTRIBUTOR)
    publication = stands(S.AWAITING_APPROVAL, author=carl)

    assert act(carl, publication, "unschedule", None, workspace).json()["state"] == "draft"


@pytest.mark.parametrize(
    ("action", "state"), [("approve", S.AWAITING_APPROVAL), ("schedule", S.DRAFT)]
)
def test_consent_is_asked_for(action, state, alice, stands):
    publication = stands(state)
    body = {} if action == "approve" else LATER | {"consent": False}

    answer = act(alice, publication, action, body)

    assert code(answer) == (422, "consent_required")
    assert Publication.objects.get().state == state


def test_an_editor_approves_for_another_time(alice, stands):
    publication = stands(S.AWAITING_APPROVAL)

    answer = act(alice, publication, "approve", LATER)

    assert answer.json()["scheduled_at"] == LATER["scheduled_at"]


def test_approval_without_a_time_asks_for_one(alice, stands):
    publication = stands(S.AWAITING_APPROVAL)
    Publication.objects.update(due_at=None)

    answer = act(alice, publication, "approve", {"consent": True})

    assert code(answer) == (422, "invalid")
    assert list(answer.json()["error"]["fields"]) == ["scheduled_at"]


def test_what_is_planned_moves_and_its_approval_stands(alice, stands):
    publication = stands(S.SCHEDULED)

    answer = act(alice, publication, "schedule", {"scheduled_at": LATER["scheduled_at"]})

    assert answer.json()["scheduled_at"] == LATER["scheduled_at"]
    assert Publication.objects.get().approval == publication.approval


def test_it_moves_into_no_past(alice, stands):
    answer = act(alice, stands(S.SCHEDULED), "schedule", {"scheduled_at": "2020-01-01T00:00:00Z"})

    assert list(answer.json()["error"]["fields"]) == ["scheduled_at"]


def test_it_is_not_live_and_goes_out_again(alice, stands):
    publication = stands(S.UNCONFIRMED)

    assert code(act(alice, publication, "resolve", {"live": False})) == (422, "consent_required")
    answer = act(alice, publication, "resolve", {"live": False, "consent": True})

    assert answer.json()["state"] == "scheduled"


def test_a_link_is_an_address_of_the_web(alice, stands):
    publication = stands(S.UNCONFIRMED)

    answer = act(alice, publication, "resolve", {"live": True, "link": "javascript:alert(1)"})

    assert list(answer.json()["error"]["fields"]) == ["link"]


@pytest.mark.parametrize("action", ["explode", "approve/", "Cancel"])
def test_other_verbs_there_are_none(action, alice, stands):
    assert act(alice, stands(S.SCHEDULED), action, None).status_code == 404


def test_what_its_author_asks_for_meanwhile_is_not_approved(alice, workspace, stands, plain):
    """The platform is asked for seconds whether it still takes what was chosen."""
    carol = member(workspace, Role.CONTRIBUTOR)
    publication = stands(S.AWAITING_APPROVAL, carol)
    ask_platform = plain.options_form

    def slow(*args, **details):
        publication.take_back(by=carol)
        publication.ask_for_approval(by=carol, due_at=timezone.now() + timedelta(hours=2))
        return ask_platform(*args, **details)

    plain.options_form = slow
    publication.refresh_from_db()
    answer = act(alice, publication, "approve", {"consent": True}, workspace)

    assert (answer.status_code, answer.json()["error"]["message"]) == (
        409,
        "This has changed since you looked at it. Look at it once more, then press again.",
    )
    publication.refresh_from_db()
    assert (publication.state, publication.approval) == ("awaiting_approval", None)


def test_a_program_says_too_what_should_change(alice, stands):
    publication = stands(S.AWAITING_APPROVAL)

    answers = [act(alice, publication, "send-back", body) for body in ({}, {"note": " "})]

    assert [list(answer.json()["error"]["fields"]) for answer in answers[:1]] == [["note"]]
    assert [answer.status_code for answer in answers] == [422, 422]
    publication.refresh_from_db()
    assert publication.state == "awaiting_approval"
