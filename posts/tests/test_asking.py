"""Carol writes and may not publish: she asks, Alice looks, and answers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from posts.errors import Blocked
from posts.models import Publication
from posts.states import State
from posts.tests.composer_form import everything
from posts.tests.people import browser_of, member, said, words
from posts.tests.plain_platform import a_channel, a_publication

pytestmark = [pytest.mark.django_db]

COMPOSE, LIST = reverse("posts:compose"), reverse("posts:list")
CHANGED = "This has changed since you looked at it. Look at it once more, then press again."
CONSENT = "By posting, you agree to be plain."


@pytest.fixture
def channel(workspace, plain):
    return a_channel(workspace)


@pytest.fixture
def carol(workspace):
    return member(workspace, Role.CONTRIBUTOR)


@pytest.fixture
def asked(carol, channel):
    """For tomorrow, with a note."""
    publication = a_publication(carol, channel)
    tomorrow = timezone.now() + timedelta(days=1)
    publication.ask_for_approval(by=carol, due_at=tomorrow, note="Is the <end> right?")
    return publication


def page_of(publication, person):
    browser = browser_of(person, publication.post.workspace)
    return words(browser.get(reverse("posts:detail", args=[publication.post_id])))


def press(person, verb, publication, **fields):
    address = reverse(f"posts:{verb}", args=[publication.pk])
    return browser_of(person, publication.post.workspace).post(address, fields, follow=True)


def test_whoever_may_not_publish_asks_from_the_composer(carol, alice, workspace, channel):
    browser = browser_of(carol, workspace)
    page = words(browser.get(COMPOSE))
    assert f"{alice} can approve it, and agree to Plain's terms for it." in page
    assert ("Ask for approval" in page, 'value="schedule"' in page) == (True, False)

    sent = everything(workspace, channel) | {"press": "ask", "note": "  Loud enough? "}
    page = browser.post(COMPOSE, sent, follow=True)

    publication = Publication.objects.get()
    request = publication.latest_request
    assert publication.state == "awaiting_approval"
    assert (request.by, request.note, request.due_at) == (carol, "Loud enough?", publication.due_at)
    assert said(page) == [
        "Sent for approval. Nothing goes out before it is approved; you get a mail about it."
    ]


def test_a_note_that_is_too_long_asks_for_nothing(carol, workspace, channel):
    sent = everything(workspace, channel) | {"press": "ask", "note": "x" * 1001}

    page = words(browser_of(carol, workspace).post(COMPOSE, sent))

    assert "Ensure this value has at most 1000 characters (it has 1001)." in page
    assert not Publication.objects.filter(state=State.AWAITING_APPROVAL).exists()


def test_who_approves_sees_all_that_they_approve(asked, alice, carol):
    page = page_of(asked, alice)

    assert f"<strong>{carol}</strong> asked on" in page
    assert (
        "Is the &lt;end&gt; right?"
        in browser_of(alice).get(reverse("posts:detail", args=[asked.post_id])).content.decode()
    )
    assert "<dt>Mood</dt><dd>calm</dd>" in page
    assert page.index(CONSENT) < page.index("Approve for")

    press(alice, "approve", asked, seen=asked.asked_digest())

    wished = asked.due_at
    asked.refresh_from_db()
    assert (asked.state, asked.approval.by, asked.due_at) == ("scheduled", alice, wished)


def test_who_asked_sees_no_button_that_they_may_not_press(asked, carol):
    main = page_of(asked, carol).split("<main")[1]

    assert f"publications/{asked.pk}/approve/" not in main
    assert f"publications/{asked.pk}/send_back/" not in main
    assert f"publications/{asked.pk}/take_back/" in main
    assert "Waits until somebody with the right to publish has looked at it." in main


def test_only_what_was_looked_at_is_approved(asked, alice):
    seen = asked.asked_digest()
    asked.post.caption = "Sunset"
    asked.post.save()

    answer = press(alice, "approve", asked, seen=seen)

    asked.refresh_from_db()
    assert (said(answer), asked.state) == ([CHANGED], "awaiting_approval")


def test_the_time_that_was_looked_at_counts_too(asked, alice, carol):
    seen = asked.asked_digest()
    asked.take_back(by=carol)
    asked.ask_for_approval(by=carol, due_at=timezone.now() + timedelta(days=2))

    answer = press(alice, "approve", asked, seen=seen)

    asked.refresh_from_db()
    assert (said(answer), asked.state) == ([CHANGED], "awaiting_approval")


def test_what_the_platform_does_not_offer_any_more_is_not_approved(asked, alice, plain):
    plain.moods[asked.pk] = "sad"

    answer = press(alice, "approve", asked, seen=asked.asked_digest())

    asked.refresh_from_db()
    [sentence] = said(answer)
    assert sentence.startswith("Select a valid choice. sad is not one of the available choices.")
    assert sentence.endswith("Change it in the composer, or send it back.")
    assert asked.state == "awaiting_approval"


def test_another_time_is_asked_for_in_the_approvers_own_zone(asked, alice, time_machine):
    time_machine.move_to("2026-11-30T09:00:00+00:00")
    Publication.objects.update(due_at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    asked.refresh_from_db()
    seen = {"seen": asked.asked_digest()}

    unclear = words(press(alice, "approve", asked, date="2027-03-28", time="02:30", **seen))
    press(alice, "approve", asked, date="2026-12-02", time="18:30", **seen)

    asked.refresh_from_db()
    assert "02:30 does not exist in Europe/Berlin." in unclear
    assert asked.due_at == datetime(2026, 12, 2, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        (-1, "Its time has passed while it waited. Choose another time."),
        (None, "No time was asked for. Choose one."),
    ],
)
def test_what_waited_too_long_never_goes_out_at_once(asked, alice, hours, sentence):
    due_at = None if hours is None else timezone.now() + timedelta(hours=hours)
    Publication.objects.update(due_at=due_at)
    asked.refresh_from_db()
    page = page_of(asked, alice)
    assert ("Approve for <time" in page, "Approve for this time" in page) == (False, True)

    answer = press(alice, "approve", asked, seen=asked.asked_digest())

    asked.refresh_from_db()
    assert (said(answer), asked.state) == ([sentence], "awaiting_approval")


def test_nothing_is_sent_back_without_a_word(asked, alice):
    page = words(press(alice, "send_back", asked, note="  "))
    with pytest.raises(Blocked, match="Its author can not know what is wrong with it"):
        asked.send_back(by=alice, note=" ")

    asked.refresh_from_db()
    assert "Write what should change, so that its author can mend it." in page
    assert asked.state == "awaiting_approval"


def test_what_was_sent_back_says_why_until_it_is_asked_for_again(asked, alice, carol):
    press(alice, "send_back", asked, note="Too dark.\nCut the end.")

    asked.refresh_from_db()
    composer = browser_of(carol, asked.post.workspace).get(
        reverse("posts:edit", args=[asked.post_id])
    )
    for page in (page_of(asked, carol), words(composer)):
        assert f"<strong>{alice} sent it back</strong>" in page
        assert "Too dark.<br>Cut the end." in page

    asked.ask_for_approval(by=carol, due_at=None)
    assert "sent it back" not in page_of(asked, carol)


def test_what_waits_is_counted_for_who_may_approve_it(asked, alice, carol, workspace, bob):
    erin = member(workspace, Role.EDITOR)
    victor = member(workspace, Role.VIEWER)

    def count(person, at=workspace):
        page = words(browser_of(person, at).get(LIST))
        return page.partition('nav-count nav-count-loud">')[2][:1]

    assert [count(each) for each in (alice, erin)] == ["1", "1"]
    assert [count(each) for each in (carol, victor)] == ["", ""]
    assert count(bob, at=None) == ""

    asked.approve(by=alice)
    assert count(erin) == ""


def test_what_waits_is_listed_by_its_time_and_what_is_overdue_says_so(
    asked, alice, carol, channel, workspace
):
    for caption, hours in (("In an hour", 1), ("An hour ago", -1)):
        publication = a_publication(carol, channel, caption=caption)
        publication.ask_for_approval(by=carol, due_at=timezone.now() + timedelta(hours=hours))

    page = browser_of(alice).get(LIST, {"state": "awaiting_approval"})

    assert [row.words for row in page.context["rows"]] == ["An hour ago", "In an hour", "Sunrise"]
    assert words(page).count("Overdue") == 1
    assert f"by {carol}" in words(page)


def test_an_old_page_of_the_composer_does_not_bring_back_what_was_asked_before(
    asked, alice, carol, workspace, channel
):
    editor = browser_of(alice)
    shown = editor.get(reverse("posts:edit", args=[asked.post_id])).context["composer"]
    asked.take_back(by=carol)
    asked.post.caption = "Sunset"
    asked.post.save()
    asked.ask_for_approval(by=carol, due_at=asked.due_at)

    page = editor.post(
        COMPOSE,
        everything(workspace, channel)
        | {"post": str(asked.post_id), "press": "schedule"}
        | {"seen_state": shown.state, "seen_version": str(shown.version)},
    )

    asked.refresh_from_db()
    assert "Meanwhile this post has changed" in words(page)
    assert (asked.state, asked.post.caption) == ("awaiting_approval", "Sunset")
