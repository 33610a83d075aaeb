"""A backup is put back: nothing in it goes out again before somebody has looked."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from posts.models import Installation, Publication
from posts.models.installation import why_publishing_is_off
from posts.parking import unpark
from posts.restoring import HELD_FAILURE
from posts.states import State
from posts.tests.plain_platform import a_channel, a_publication, register_plain
from posts.tests.story import work
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture
def make(monkeypatch, alice, workspace):
    register_plain(monkeypatch)

    def make(state: State, name: str = "sunrise") -> Publication:
        publication = a_publication(alice, a_channel(workspace, name))
        return bring(publication, state, by=alice)

    Installation.claim_if_new()
    return make


def restore(*arguments: str) -> str:
    said = StringIO()
    call_command("restore", *arguments, stdout=said)
    return said.getvalue()


def test_what_was_planned_waits_for_a_person(make, alice):
    publication = make(State.SCHEDULED)

    assert "1 held, 0 unconfirmed, 0 not planned" in restore("--yes")

    work()
    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == (State.HELD, "restored")
    assert publication.failure == HELD_FAILURE
    assert publication.attempts.count() == 0
    # A person has looked at the account: it is not there.
    publication.resume(by=alice)
    work()
    publication.refresh_from_db()
    assert publication.state == State.PUBLISHED


def test_a_restored_post_does_not_go_on_with_its_account(make):
    publication = make(State.SCHEDULED)
    restore("--yes")

    assert unpark(publication.channel) == []
    publication.refresh_from_db()
    assert publication.state == State.HELD


def test_what_was_on_its_way_is_unconfirmed(make):
    publication = make(State.PROCESSING)

    assert "0 held, 1 unconfirmed" in restore("--yes")

    publication.refresh_from_db()
    assert (publication.state, publication.next_step_at) == (State.UNCONFIRMED, None)


def test_what_is_out_and_what_is_a_draft_stays(make):
    published, draft = make(State.PUBLISHED), make(State.DRAFT, "sunset")

    restore("--yes")

    published.refresh_from_db()
    draft.refresh_from_db()
    assert (published.state, draft.state) == (State.PUBLISHED, State.DRAFT)
    assert "put back from a backup" in draft.events.last().because
    assert published.events.filter(because__contains="backup").count() == 0


def test_a_dry_run_counts_and_changes_nothing(make):
    sending, waiting = make(State.PROCESSING), make(State.SCHEDULED, "sunset")

    assert "1 held, 1 unconfirmed" in restore("--dry-run")

    waiting.refresh_from_db()
    sending.refresh_from_db()
    assert (waiting.state, sending.state) == (State.SCHEDULED, State.PROCESSING)


def test_without_the_word_nothing_changes(make, monkeypatch):
    publication = make(State.SCHEDULED)
    monkeypatch.setattr("builtins.input", lambda prompt: "yes")

    with pytest.raises(CommandError):
        restore()

    publication.refresh_from_db()
    assert publication.state == State.SCHEDULED


def test_restoring_that_dies_half_way_leaves_publishing_off(make, monkeypatch):
    make(State.SCHEDULED)

    def die(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Publication, "_move", die)
    with pytest.raises(KeyboardInterrupt):
        restore("--yes")

    assert "manage.py adopt" in why_publishing_is_off()


def test_a_copy_that_is_adopted_holds_what_the_other_may_have_published(make, settings):
    publication = make(State.SCHEDULED)
    settings.INSTALLATION_ID = "the copy"
    said = StringIO()

    call_command("adopt", "--yes", stdout=said)

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == (State.HELD, "restored")
    assert "1 held" in said.getvalue()
    assert why_publishing_is_off() == ""


def test_a_move_lets_everything_go_on(make, settings):
    publication = make(State.SCHEDULED)
    settings.INSTALLATION_ID = "the new machine"

    call_command("adopt", "--yes", "--moved", stdout=StringIO())

    publication.refresh_from_db()
    assert publication.state == State.SCHEDULED
    assert why_publishing_is_off() == ""
