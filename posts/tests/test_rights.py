"""Who may do what with a publication: every verb of people asks first."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Membership, Role, User
from posts.models import Publication
from posts.models.asking_verbs import AskingVerbs
from posts.models.people_verbs import PeopleVerbs
from posts.states import State
from posts.tests import moves
from posts.tests.plain_platform import a_channel, a_publication, register_plain
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

S = State
Verb = Callable[[Publication, User], object]

# For each verb: where it begins, and how it is called.
VERBS: dict[str, tuple[State, Verb]] = {
    "ask_for_approval": (S.DRAFT, moves.ask_for_approval),
    "send_back": (S.AWAITING_APPROVAL, lambda each, by: each.send_back(by=by, note="too loud")),
    "approve": (S.AWAITING_APPROVAL, lambda each, by: each.approve(by=by)),
    "take_back": (S.AWAITING_APPROVAL, moves.take_back),
    "schedule": (S.DRAFT, moves.schedule),
    "reschedule": (S.SCHEDULED, moves.reschedule),
    "take_proposal": (S.HELD, moves.take_proposal),
    "unschedule": (S.SCHEDULED, moves.unschedule),
    "cancel": (S.SCHEDULED, moves.cancel),
    "undo_cancel": (S.CANCELED, moves.undo_cancel),
    "pause": (S.SCHEDULED, moves.pause),
    "resume": (S.HELD, moves.resume),
    "publish_now": (S.SCHEDULED, lambda each, by: each.publish_now(by=by)),
    "retry": (S.FAILED, moves.retry),
    "check_again": (S.UNCONFIRMED, moves.check_again),
    "confirm_live": (S.UNCONFIRMED, moves.confirm_live),
    "take_back_word": (S.PUBLISHED, moves.take_back_word),
}
READ_ONLY = {"content_digest", "latest_request", "asked_digest"}
FOR_CONTRIBUTORS = {"ask_for_approval", "take_back"}


@pytest.fixture
def compose(monkeypatch, workspace):
    """A draft of somebody's in Alice's workspace."""
    register_plain(monkeypatch)
    channel = a_channel(workspace)
    return lambda author: a_publication(author, channel)


@pytest.fixture
def member(make_person, workspace):
    def join(role: Role | None) -> User:
        user = make_person(role or "stranger")
        if role:
            Membership.objects.create(workspace=workspace, user=user, role=role)
        return user

    return join


def begin(publication: Publication, name: str, *, by: User) -> None:
    state = VERBS[name][0]
    if name == "take_back_word":  # only a person's word can be taken back
        bring(publication, State.UNCONFIRMED, by=by)
        moves.confirm_live(publication, by)
    else:
        bring(publication, state, by=by)


def row_of(publication: Publication) -> dict[str, object]:
    [row] = Publication.objects.filter(pk=publication.pk).values()
    return row | {"events": publication.events.count(), "approvals": publication.approvals.count()}


def test_every_verb_is_asked_for_here():
    verbs = vars(PeopleVerbs) | vars(AskingVerbs)
    public = {name for name in verbs if not name.startswith("_")}
    assert set(VERBS) == public - READ_ONLY


@pytest.mark.parametrize("role", [None, Role.VIEWER], ids=["stranger", "viewer"])
@pytest.mark.parametrize("name", VERBS)
def test_who_has_no_right_does_nothing(name, role, compose, alice, member):
    publication = compose(alice)
    begin(publication, name, by=alice)
    somebody = member(role)
    before = row_of(publication)

    with pytest.raises(PermissionDenied):
        VERBS[name][1](publication, somebody)

    assert row_of(publication) == before


@pytest.mark.parametrize("name", VERBS)
def test_an_editor_may_do_all_of_it(name, compose, alice, member):
    publication = compose(alice)
    begin(publication, name, by=alice)
    editor = member(Role.EDITOR)

    VERBS[name][1](publication, editor)

    assert publication.events.last().by == editor


@pytest.mark.parametrize("name", VERBS)
def test_a_contributor_asks_and_takes_back_what_is_theirs(name, compose, alice, member):
    carl = member(Role.CONTRIBUTOR)
    publication = compose(carl)
    begin(publication, name, by=alice)
    if name in FOR_CONTRIBUTORS:
        VERBS[name][1](publication, carl)
        assert publication.events.last().by == carl
    else:
        with pytest.raises(PermissionDenied):
            VERBS[name][1](publication, carl)


def test_a_contributor_leaves_to_others_what_is_theirs(compose, alice, member):
    carl = member(Role.CONTRIBUTOR)
    publication = compose(alice)
    publication.ask_for_approval(by=alice, due_at=None)
    with pytest.raises(PermissionDenied):
        publication.take_back(by=carl)


def test_who_left_has_no_right_any_more(compose, alice, member, workspace):
    editor = member(Role.EDITOR)
    publication = compose(editor)
    publication.schedule(timezone.now(), by=editor)
    workspace.memberships.get(user=editor).delete()
    with pytest.raises(PermissionDenied):
        publication.cancel(by=editor)

    alice.is_active = False
    alice.save()
    with pytest.raises(PermissionDenied):
        publication.cancel(by=alice)
