"""Lost and strange answers at every call of a publication: docs/faults.md is found out here.

Never two videos, never an error of the program, and never silence: after each step the post is in
a state that says what happened, or somebody will look at it again.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from posts.models import Publication
from posts.states import State
from posts.tests.story import work
from tiktok import uploads
from tiktok.client import TikTokClient
from tiktok.oauth import tokens_alive
from tiktok.tests.fault_tables import check_cell
from tiktok.tests.story import live, report, trouble, tune
from tiktok.tests.strange_answers import CALLS, FOR_EVER, STRANGE, WITH_PHOTOS, Strange

pytestmark = pytest.mark.django_db

PATIENCE = (3.05, 2.0)  # seconds, with answers that come late or never
LIMITS = (
    "init_per_window",
    "status_per_window",
    "creator_info_per_window",
    "direct_post_cap",
    "draft_cap",
)
OVER = {
    State.PUBLISHED,
    State.DELIVERED,
    State.HELD,
    State.FAILED,
    State.UNCONFIRMED,
}


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setitem(TikTokClient.__init__.__kwdefaults__, "timeout", PATIENCE)
    monkeypatch.setitem(uploads.upload.__kwdefaults__, "timeout", PATIENCE)
    monkeypatch.setattr(tokens_alive, "TIMEOUT", PATIENCE)


@pytest.fixture
def begin(plan, channel, sandbox):
    """A post, due now, whose `call` will meet something strange."""

    def begin(strange: Strange, call: str, *, times: int, **content) -> Publication:
        tune(sandbox, **dict.fromkeys(LIMITS, 1_000))
        if call == "oauth_token":
            channel.access_expires_at = timezone.now() + timedelta(minutes=1)
            channel.save()
        draft = {"mode": "inbox", "privacy_level": ""} if call == "inbox_init" else {}
        publication = plan(**draft, **content)
        trouble(sandbox, call, strange.kind, times=times, **strange.details_for(call))
        return publication

    return begin


def cells(*rows: Strange):
    return [
        pytest.param(strange, call, id=f"{strange.row}-{call}")
        for strange in rows
        for call in CALLS
        if call in strange.calls
    ]


@pytest.mark.parametrize(("strange", "call"), cells(*STRANGE))
def test_once(strange, call, begin, sandbox, request):
    if strange.is_slow:
        request.getfixturevalue("impatient")
    publication = begin(strange, call, times=1)

    work_until_over(publication)

    check_cell(request, "once", strange.row, call, outcome(publication, sandbox))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("strange", WITH_PHOTOS, ids=lambda strange: strange.row)
def test_once_with_photos(strange, begin, site, photos, sandbox, request):
    if strange.is_slow:
        request.getfixturevalue("impatient")
    publication = begin(strange, "content_init", times=1, media=photos)

    work_until_over(publication)

    found = outcome(publication, sandbox)
    check_cell(request, "once", strange.row, "content_init", found)


@pytest.mark.parametrize(("strange", "call"), cells(*FOR_EVER))
def test_for_ever(strange, call, begin, sandbox, request, time_machine):
    publication = begin(strange, call, times=100_000)

    for _ in range(250):
        work_and_look(publication)
        if publication.state in OVER and publication.state != State.DELIVERED:
            break
        if publication.next_step_at is None:
            break
        time_machine.move_to(max(publication.next_step_at, timezone.now()) + timedelta(seconds=1))

    check_cell(request, "for ever", strange.row, call, outcome(publication, sandbox))


def work_until_over(publication: Publication) -> None:
    for _ in range(15):
        work_and_look(publication)
        if publication.state in OVER:
            return
        # What waits for its next poll or try is due at once: tests do not sleep.
        Publication.objects.filter(pk=publication.pk).update(next_step_at=timezone.now())


def work_and_look(publication: Publication) -> None:
    work()
    publication.refresh_from_db()
    goes_on = publication.next_step_at is not None
    says_why = publication.failure is not None and publication.failure["message"]
    assert goes_on or says_why or publication.state in {State.PUBLISHED, State.DELIVERED}


def outcome(publication: Publication, sandbox) -> str:
    """How it ended, and with how many inits where it was not one."""
    begun = report(sandbox, "state")["publications"]
    assert len([each for each in begun if each["completed_at"]]) <= 1
    assert len(live(sandbox)) <= 1
    inits = len(begun)
    said = publication.state + (f": {publication.held_reason}" if publication.held_reason else "")
    return said if inits == 1 else f"{said} ({inits} inits)"
