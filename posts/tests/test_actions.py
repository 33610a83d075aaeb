"""The buttons of a post's page: who may press which, and what each does."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from posts.models import Publication, Verdict
from posts.offers import Offer, offers
from posts.states import State
from posts.tests.people import browser_of, member, said
from posts.tests.plain_platform import a_channel, a_publication
from posts.tests.walk import bring
from posts.urls import VERBS
from posts.views.access import Rights

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain")]

TOMORROW = {"date": f"{timezone.now() + timedelta(days=1):%Y-%m-%d}", "time": "12:00"}

# From where each button is pressed, what comes with it, and where it leads.
PRESSED = {
    "reschedule": (State.SCHEDULED, TOMORROW, State.SCHEDULED),
    "publish_now": (State.SCHEDULED, {}, State.SCHEDULED),
    "pause": (State.SCHEDULED, {}, State.HELD),
    "resume": (State.HELD, {}, State.SCHEDULED),
    "retry": (State.FAILED, {}, State.SCHEDULED),
    "cancel": (State.SCHEDULED, {}, State.CANCELED),
    "take_proposal": (State.HELD, {}, State.SCHEDULED),
    "undo_cancel": (State.CANCELED, {}, State.DRAFT),
    "take_back": (State.AWAITING_APPROVAL, {}, State.DRAFT),
    "approve": (State.AWAITING_APPROVAL, {}, State.SCHEDULED),
    "send_back": (State.AWAITING_APPROVAL, {"note": "Too dark"}, State.DRAFT),
    "check_again": (State.UNCONFIRMED, {}, State.PROCESSING),
    "confirm_live": (State.UNCONFIRMED, {"link": "https://example.com/1"}, State.PUBLISHED),
    "take_back_word": (State.PUBLISHED, {}, State.UNCONFIRMED),
    "send_again": (State.UNCONFIRMED, {}, State.SCHEDULED),
}


@pytest.fixture
def publication(alice, workspace):
    return a_publication(alice, a_channel(workspace))


def brought(publication, verb, *, by):
    if verb == "take_back_word":
        bring(publication, State.UNCONFIRMED, by=by).confirm_live(by=by)
        return publication
    if verb == "take_proposal":
        bring(publication, State.HELD, by=by)
        tomorrow = timezone.now() + timedelta(days=1)
        Publication.objects.filter(pk=publication.pk).update(proposed_at=tomorrow)
        return publication
    return bring(publication, PRESSED[verb][0], by=by)


def press(browser, verb, publication, **fields):
    address = reverse(f"posts:{verb}", args=[publication.pk])
    return browser.post(address, fields, follow=True)


def fields_for(verb, publication):
    seen = {"send_again": publication.content_digest, "approve": publication.asked_digest}
    return PRESSED[verb][1] | ({"seen": seen[verb]()} if verb in seen else {})


def test_every_button_has_its_story():
    assert set(PRESSED) == set(VERBS)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("verb", PRESSED)
def test_who_may_publish_may_press_it(alice, workspace, publication, role, verb):
    brought(publication, verb, by=alice)
    before = publication.state
    browser = browser_of(member(workspace, role), workspace)

    response = press(browser, verb, publication, **fields_for(verb, publication))

    publication.refresh_from_db()
    if role in {Role.OWNER, Role.EDITOR}:
        assert (response.status_code, publication.state) == (200, PRESSED[verb][2])
        assert len(said(response)) == 1
    else:
        assert (response.status_code, publication.state) == (403, before)


def test_a_contributor_takes_their_own_request_back(alice, workspace, publication):
    carol = member(workspace, Role.CONTRIBUTOR)
    publication.post.author = carol
    publication.post.save()
    publication.ask_for_approval(by=carol, due_at=None)

    press(browser_of(carol, workspace), "take_back", publication)

    publication.refresh_from_db()
    assert publication.state == "draft"


@pytest.mark.parametrize("verb", PRESSED)
def test_nothing_happens_by_looking(alice, publication, verb):
    brought(publication, verb, by=alice)
    before = publication.version

    answer = browser_of(alice).get(reverse(f"posts:{verb}", args=[publication.pk]))

    publication.refresh_from_db()
    assert (answer.status_code, publication.version) == (405, before)


@pytest.mark.parametrize("state", list(State))
def test_what_is_offered_can_be_done(alice, workspace, publication, state):
    bring(publication, state, by=alice)
    rights = Rights.of(alice, workspace)
    offered = offers(publication, alice, may_write=rights.may_write, may_publish=rights.may_publish)
    page = browser_of(alice).get(reverse("posts:detail", args=[publication.post_id]))

    shown = {
        verb for verb in VERBS if f"publications/{publication.pk}/{verb}/" in str(page.content)
    }
    assert shown == offered & set(VERBS)
    for verb in shown:
        assert PRESSED[verb][0] == state or verb in {"cancel", "reschedule", "publish_now",
                                                     "confirm_live", "send_again"}  # fmt: skip


@pytest.mark.parametrize("state", list(State))
def test_a_viewer_is_offered_nothing(alice, workspace, publication, state):
    bring(publication, state, by=alice)
    victor = member(workspace, Role.VIEWER)

    page = browser_of(victor, workspace).get(reverse("posts:detail", args=[publication.post_id]))

    assert page.status_code == 200
    assert "<main" in page.content.decode()
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    assert "<form" not in main
    assert "/edit/" not in main


def test_a_paused_post_is_not_edited_by_a_contributor_who_did_not_write_it(alice, publication):
    bring(publication, State.HELD, by=alice)
    publication.post.author = None

    assert offers(publication, alice, may_write=True, may_publish=False) == frozenset()
    assert Offer.EDIT in offers(publication, alice, may_write=True, may_publish=True)


def test_stopping_a_running_upload_is_asked_and_obeyed_later(alice, publication):
    bring(publication, State.SENDING, by=alice)

    response = press(browser_of(alice), "cancel", publication)

    publication.refresh_from_db()
    assert (publication.state, publication.cancel_asked_by) == ("sending", alice)
    assert said(response) == [
        "Stopping. The upload ends before its last block, so nothing appears."
    ]
    assert "Stop sending" not in response.content.decode()


def test_too_late_is_said_and_nothing_moves(alice, publication):
    bring(publication, State.PROCESSING, by=alice)

    response = press(browser_of(alice), "cancel", publication)

    publication.refresh_from_db()
    assert publication.state == "processing"
    [sentence] = said(response)
    assert "not possible" in sentence or "Too late" in sentence


def test_a_missing_hour_is_asked_on_the_page_itself(alice, publication, time_machine):
    time_machine.move_to("2026-03-01T12:00:00+00:00")
    publication.schedule(timezone.now() + timedelta(hours=1), by=alice)

    page = press(browser_of(alice), "reschedule", publication, date="2026-03-29", time="02:30")

    assert page.status_code == 200
    assert "02:30 does not exist in Europe/Berlin" in page.content.decode()
    assert 'value="2026-03-29T01:30:00+00:00"' in page.content.decode()


def test_sending_again_approves_only_what_was_shown(alice, publication):
    bring(publication, State.UNCONFIRMED, by=alice)
    seen = publication.content_digest()
    publication.post.caption = "Something else"
    publication.post.save()

    response = press(browser_of(alice), "send_again", publication, seen=seen)

    publication.refresh_from_db()
    assert publication.state == "unconfirmed"
    assert said(response) == [
        "This has changed since you looked at it. Look at it once more, then press again."
    ]


def test_sending_again_writes_the_first_attempt_off(alice, publication):
    bring(publication, State.UNCONFIRMED, by=alice)

    press(browser_of(alice), "send_again", publication, seen=publication.content_digest())

    publication.refresh_from_db()
    assert publication.state == "scheduled"
    assert [attempt.verdict for attempt in publication.attempts.all()] == [Verdict.WRITTEN_OFF]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "not a link"])
def test_a_link_must_be_one(alice, publication, link):
    bring(publication, State.UNCONFIRMED, by=alice)

    page = press(browser_of(alice), "confirm_live", publication, link=link)

    publication.refresh_from_db()
    assert (page.status_code, publication.state, publication.permalink) == (200, "unconfirmed", "")


def test_a_note_reaches_the_author(alice, publication):
    bring(publication, State.AWAITING_APPROVAL, by=alice)

    page = press(browser_of(alice), "send_back", publication, note="<b>Too dark</b>")

    assert "Sent back, by alice." in page.content.decode()
    assert "&lt;b&gt;Too dark&lt;/b&gt;</div>" in page.content.decode()
