"""Alice opens the site in the morning: what needs her, what goes out, and how it went."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from posts.models import Publication
from posts.parking import park
from posts.platforms import About, Finding
from posts.states import State
from posts.tests.people import browser_of, member, words
from posts.tests.plain_platform import a_channel, a_publication
from posts.tests.walk import FAILURE, bring, lease_on, settled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain")]

TODAY = reverse("today")
MOVING_NOW = [State.SENDING, State.PROCESSING]


@pytest.fixture
def channel(workspace):
    return a_channel(workspace)


def a_post(author, channel, state, caption):
    return bring(a_publication(author, channel, caption=caption), state, by=author)


def seen(person, workspace=None):
    """The living part of what the person sees."""
    return browser_of(person, workspace).get(TODAY).context["today"]


def captions(items):
    return [item.words for item in items]


def needs(today):
    """What needs the person, with the button that is there."""
    return {
        need.story.publication.shown_caption: need.offer and str(need.offer) for need in today.needs
    }


@pytest.mark.parametrize(
    ("state", "button"),
    [
        (State.FAILED, "Try again now"),
        (State.HELD, "Resume"),
        (State.UNCONFIRMED, "Check again"),
        (State.DELIVERED, "Finish it"),
        (State.AWAITING_APPROVAL, "Review"),
    ],
)
def test_what_is_stuck_needs_her_and_has_the_button_that_helps(alice, channel, state, button):
    a_post(alice, channel, state, "Sunrise")

    page = browser_of(alice).get(TODAY)

    assert list(needs(page.context["today"])) == ["Sunrise"]
    row = words(page).split('id="needs-you"')[1].split("</section>")[0]
    assert row.count('class="button button-small"') == 1
    assert f"</svg> {button}" in row or f"</svg>{button}" in row


@pytest.mark.parametrize("state", [State.DRAFT, State.SCHEDULED, State.PUBLISHED, State.CANCELED])
def test_what_goes_its_way_needs_nobody(alice, channel, state):
    a_post(alice, channel, state, "Sunrise")

    assert needs(seen(alice)) == {}


def test_a_planned_post_with_something_in_its_way_needs_her(alice, channel):
    publication = a_publication(alice, channel)
    publication.schedule(timezone.now() + timedelta(days=1), by=alice)
    found = Finding("too_long", "The video is too long.", "Cut it.", about=About.MEDIA, blocks=True)
    publication.findings = [asdict(found)]
    publication.save(update_fields=["findings"])

    today = seen(alice)

    assert [(need.why, need.offer) for need in today.needs] == [("The video is too long.", "edit")]
    assert captions(today.next_rows) == ["Sunrise"]


def test_what_is_stuck_is_not_hidden_by_plans_with_a_remark(alice, channel):
    remark = Finding("short", "The video is short.", about=About.MEDIA, blocks=False)
    for _ in range(21):
        publication = a_publication(alice, channel, caption="planned")
        publication.schedule(timezone.now() + timedelta(hours=1), by=alice)
    Publication.objects.update(findings=[asdict(remark)])
    stuck = a_post(alice, channel, State.FAILED, "stuck")
    Publication.objects.filter(pk=stuck.pk).update(due_at=timezone.now() + timedelta(days=1))

    assert needs(seen(alice)) == {"stuck": "retry"}


def test_posts_that_wait_for_an_account_stand_with_the_account(alice, channel):
    for caption in ("Sunrise", "Noon"):
        publication = a_publication(alice, channel, caption=caption)
        publication.schedule(timezone.now() + timedelta(days=1), by=alice)
    channel.mark_needs_reconnect("The access was taken back.")
    park(channel, because="the access was taken back")

    page = browser_of(alice).get(TODAY)

    [account] = page.context["today"].accounts
    assert (account.is_in_need, account.posts_waiting) == (True, 2)
    assert needs(page.context["today"]) == {}
    assert "The access was taken back. 2 posts wait for it." in words(page)


def test_what_moves_now_is_watched_closely(alice, channel):
    for state in MOVING_NOW:
        a_post(alice, a_channel(channel.workspace, str(state)), state, f"Sunrise {state}")

    today = seen(alice)

    going = [story.publication.shown_caption for story in today.going]
    assert sorted(going) == ["Sunrise processing", "Sunrise sending"]
    assert today.refresh_seconds == 3


def test_where_more_moves_than_is_shown_the_rest_is_a_click_away(alice, channel):
    for number in range(6):
        a_post(
            alice,
            a_channel(channel.workspace, f"creator-{number}"),
            State.SENDING,
            f"Clip {number}",
        )
    browser = browser_of(alice)

    page = browser.get(TODAY)

    assert len(page.context["today"].going) == 5
    assert 'href="/app/posts/?state=moving"' in page.content.decode()
    listed = words(browser.get("/app/posts/?state=moving"))
    assert [number for number in range(6) if f"Clip {number}" not in listed] == []


def test_what_is_tried_again_is_on_its_way_too(alice, channel):
    publication = a_post(alice, channel, State.SENDING, "Sunrise")
    at = timezone.now() + timedelta(minutes=3)
    lease, settle = lease_on(publication), settled(publication, "failed")
    publication.defer(lease, at, failure=FAILURE, settle=settle)

    page = browser_of(alice).get(TODAY)

    assert [story.publication.pk for story in page.context["today"].going] == [publication.pk]
    assert "It tries again by itself at" in words(page)


def test_next_are_the_five_that_go_out_first(alice, channel):
    for hours in (9, 3, 7, 1, 5, 11):
        publication = a_publication(alice, channel, caption=f"in {hours}")
        publication.schedule(timezone.now() + timedelta(hours=hours), by=alice)

    assert captions(seen(alice).next_rows) == ["in 1", "in 3", "in 5", "in 7", "in 9"]


def test_what_went_out_since_her_midnight_is_there_and_yesterdays_is_not(alice, channel):
    midnight = timezone.localtime(timezone=alice.zone).replace(hour=0, minute=0, second=0)
    for caption, at in (
        ("yesterday", midnight - timedelta(minutes=5)),
        ("today", midnight + timedelta(minutes=5)),
    ):
        publication = a_post(alice, channel, State.PUBLISHED, caption)
        Publication.objects.filter(pk=publication.pk).update(published_at=at)

    assert captions(seen(alice).out_rows) == ["today"]


def test_a_browser_that_has_seen_it_all_gets_nothing_and_a_change_at_once(alice, channel):
    publication = a_post(alice, channel, State.PROCESSING, "Sunrise")
    browser = browser_of(alice)
    known = {"seen": browser.get(TODAY).context["today"].fingerprint}
    htmx = {"HX-Request": "true"}
    assert browser.get(TODAY, known, headers=htmx).status_code == 204

    publication.publish(
        lease_on(publication), settle=settled(publication, "published"), next_step_at=None
    )

    after = browser.get(TODAY, known, headers=htmx)
    assert after.status_code == 200
    assert captions(after.context["today"].out_rows) == ["Sunrise"]


def test_a_new_person_is_led_by_three_steps(alice, workspace):
    browser = browser_of(alice)
    assert browser.get(TODAY).context["step"] == "connect"

    channel = a_channel(workspace)
    assert browser.get(TODAY).context["step"] == "upload"

    publication = a_publication(alice, channel)
    assert browser.get(TODAY).context["step"] == "schedule"

    publication.schedule(timezone.now() + timedelta(days=1), by=alice)
    assert browser.get(TODAY).context["step"] == ""


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.OWNER, {"asked": "approve", "failed": "retry", "delivered": None}),
        (Role.EDITOR, {"asked": "approve", "failed": "retry", "delivered": None}),
        (Role.CONTRIBUTOR, {"failed": None, "delivered": None}),
        (Role.VIEWER, {"failed": None}),
    ],
)
def test_each_role_is_asked_for_what_it_may_do(alice, workspace, channel, role, expected):
    somebody = member(workspace, role)
    a_post(alice, channel, State.AWAITING_APPROVAL, "asked")
    a_post(alice, channel, State.FAILED, "failed")
    a_post(alice, channel, State.DELIVERED, "delivered")

    assert needs(seen(somebody, workspace)) == expected


def test_bob_sees_nothing_of_alices_day(alice, bob, channel):
    a_post(alice, channel, State.FAILED, "Sunrise")

    page = browser_of(bob).get(TODAY)

    assert page.context["today"].needs == []
    assert "Sunrise" not in words(page)


def test_a_full_day_asks_the_database_as_often_as_a_short_one(alice, workspace, channel):
    def a_day(name):
        for state in (State.FAILED, State.UNCONFIRMED, State.PUBLISHED):
            a_post(alice, channel, state, f"{name} {state}")
        publication = a_publication(alice, channel, caption=name)
        publication.schedule(timezone.now() + timedelta(hours=1), by=alice)

    browser = browser_of(alice)
    browser.get(TODAY)  # the first visit writes down where she is signed in
    a_day("one")
    with CaptureQueriesContext(connection) as for_one:
        browser.get(TODAY)
    for name in ("two", "three"):
        a_day(name)
    with CaptureQueriesContext(connection) as for_three:
        page = browser.get(TODAY)

    assert len(page.context["today"].needs) == 6
    assert len(for_three) == len(for_one)
