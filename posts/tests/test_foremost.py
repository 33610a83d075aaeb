"""The page of a post at its moment: the button that helps, and what is said about its time."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from posts.models import Publication, Verdict
from posts.states import HeldReason, State
from posts.templatetags.figures import late
from posts.tests.people import browser_of, said, words
from posts.tests.plain_platform import a_channel, a_publication
from posts.tests.walk import FAILURE, bring, lease_on, settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain")]

LIST = reverse("posts:list")


@pytest.fixture
def publication(alice, workspace):
    return a_publication(alice, a_channel(workspace))


def page_of(publication, person):
    return words(browser_of(person).get(reverse("posts:detail", args=[publication.post_id])))


def highlighted(page):
    """The words on the highlighted buttons that one sees without opening anything."""
    shown = re.sub(r"(</summary>).*?(</details>)", r"\1\2", page.split("<main")[1])
    found = re.findall(r'class="[^"]*button-primary[^"]*"[^>]*>(.*?)</(?:a|button|summary)>', shown)
    return [re.sub(r"<[^>]*>", "", each).strip() for each in found]


def held(publication, reason, code, *, by):
    bring(publication, State.SENDING, by=by)
    lease, settle = lease_on(publication), settled(publication, Verdict.FAILED)
    publication.hold(lease, reason, failure=FAILURE | {"code": code}, settle=settle)


@pytest.mark.parametrize(
    ("reason", "code", "button"),
    [
        (HeldReason.CAP, "spam_risk_too_many_posts", ["Another time"]),
        (HeldReason.LATE, "too_late", ["Another time"]),
        (HeldReason.MEDIA, "media_missing", ["Edit"]),
        (HeldReason.CONFIGURATION, "invalid_file_upload", ["Edit"]),
        (HeldReason.CHOICE, "privacy_gone", ["Choose again"]),
        (HeldReason.RECONNECT, "channel_unusable", ["Go to the account"]),
        (HeldReason.CHANNEL_PAUSED, "channel_unusable", ["Go to the account"]),
        (HeldReason.CONFIGURATION, "unaudited", ["Resume"]),
    ],
)
def test_of_a_held_post_the_button_that_helps_is_highlighted(
    alice, publication, reason, code, button
):
    held(publication, reason, code, by=alice)

    assert highlighted(page_of(publication, alice)) == button


@pytest.mark.parametrize(
    ("code", "button"),
    [
        ("frame_rate_check_failed", ["Edit"]),
        ("file_format_check_failed", ["Edit"]),
        ("duration_check_failed", ["Edit"]),
        ("picture_size_check_failed", ["Edit"]),
        ("media_missing", ["Edit"]),
        ("invalid_file_upload", ["Edit"]),
        ("spam_risk_text", ["Edit"]),
        ("internal", ["Try again now"]),
    ],
)
def test_what_was_refused_for_its_content_is_edited_rather_than_tried_again(
    alice, publication, code, button
):
    bring(publication, State.SENDING, by=alice)
    settle = settled(publication, Verdict.FAILED)
    publication.fail(lease_on(publication), failure=FAILURE | {"code": code}, settle=settle)

    page = page_of(publication, alice)

    assert highlighted(page) == button
    assert "Try again now" in page


@pytest.mark.parametrize(
    ("state", "button"),
    [
        (State.DRAFT, ["Edit"]),
        (State.AWAITING_APPROVAL, ["Approve for Tue 1 Dec 2026, 10:00"]),
        (State.SCHEDULED, []),
        (State.HELD, ["Resume"]),
        (State.UNCONFIRMED, ["Check again"]),
        (State.CANCELED, []),
    ],
)
def test_in_each_state_one_button_at_most_is_highlighted(
    alice, publication, state, button, time_machine
):
    time_machine.move_to("2026-11-30T09:00:00+00:00")
    bring(publication, state, by=alice)

    assert highlighted(page_of(publication, alice)) == button


def test_a_post_paused_until_it_is_too_late_needs_another_time(alice, publication):
    bring(publication, State.HELD, by=alice)
    Publication.objects.update(due_at=timezone.now() - timedelta(days=9))

    assert highlighted(page_of(publication, alice)) == ["Another time"]


def test_when_its_time_has_come_it_can_only_be_canceled(alice, publication, time_machine):
    publication.schedule(timezone.now() + timedelta(minutes=1), by=alice)
    browser = browser_of(alice)
    address = reverse("posts:detail", args=[publication.post_id])
    before = browser.get(address)
    assert "Goes out by itself on" in words(before)
    assert "Publish now" in words(before)

    time_machine.move_to(timezone.now() + timedelta(seconds=90))
    seen = {"seen": before.context["stories"][0].fingerprint, "every": "2"}
    after = browser.get(reverse("posts:state", args=[publication.pk]), seen)

    assert after.status_code == 200
    assert "Its time has come: it goes out within seconds." in words(after)
    assert "Goes out by itself" not in words(after)
    assert re.findall(r"</svg> ?([^<]+)</button>", words(after)) == ["Cancel"]
    assert "Another time" not in words(after)
    assert "Edit" not in words(after)


def test_what_is_tried_again_says_when_and_offers_more(alice, publication):
    bring(publication, State.SENDING, by=alice)
    lease, settle = lease_on(publication), settled(publication, Verdict.FAILED)
    publication.defer(lease, timezone.now() + timedelta(minutes=1), failure=FAILURE, settle=settle)

    page = page_of(publication, alice)

    assert "It tries again by itself on" in page
    assert "Its time has come" not in page
    assert "Another time" in page


@pytest.mark.parametrize(
    ("wait", "sentence"),
    [
        (timedelta(minutes=5), "Resumed. It goes out at its planned time."),
        (timedelta(minutes=-5), "Resumed. Its time has passed, so it goes out now."),
    ],
)
def test_resuming_says_when_it_goes_out(alice, publication, wait, sentence):
    bring(publication, State.HELD, by=alice)
    Publication.objects.update(due_at=timezone.now() + wait)

    address = reverse("posts:resume", args=[publication.pk])
    answer = browser_of(alice).post(address, follow=True)

    assert said(answer) == [sentence]


def test_only_what_is_planned_is_told_as_planned(alice, publication):
    bring(publication, State.SCHEDULED, by=alice)
    assert "<dt>Planned</dt>" in page_of(publication, alice)

    publication.cancel(by=alice)
    assert "<dt>Was planned for</dt>" in page_of(publication, alice)

    publication.undo_cancel(by=alice)
    assert "lanned</dt>" not in page_of(publication, alice)
    assert "lanned for</dt>" not in page_of(publication, alice)


def test_a_row_says_when_it_is_tried_again_and_no_more_when_it_was_planned(
    alice, publication, time_machine
):
    time_machine.move_to("2026-03-01T12:56:00+00:00", tick=False)
    bring(publication, State.SENDING, by=alice)
    browser = browser_of(alice)
    lease, settle = lease_on(publication), settled(publication, Verdict.FAILED)
    publication.defer(lease, timezone.now() + timedelta(minutes=1), failure=FAILURE, settle=settle)

    page = words(browser.get(LIST))

    assert ">13:57</time>" in page.split("Tries again")[1]
    assert "Was planned for" not in page


def test_what_was_given_up_is_not_listed_as_planned(alice, publication):
    bring(publication, State.CANCELED, by=alice)
    browser = browser_of(alice)
    assert "Was planned for" in words(browser.get(LIST))

    publication.undo_cancel(by=alice)

    assert "Was planned for" not in words(browser.get(LIST))
    assert "Written" in words(browser.get(LIST))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, "on time"),
        (6, "6 s after its time"),
        (59, "59 s after its time"),
        (60, "1 min late"),
        (200, "3 min late"),
        (4500, "1 h 15 min late"),
    ],
)
def test_some_seconds_do_not_read_like_a_fault(seconds, told):
    assert late(timedelta(seconds=seconds)) == told
