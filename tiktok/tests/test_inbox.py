"""The inbox road: drafts that wait are counted, a sixth is warned of, and goes on when one is done.

At TikTok at most five drafts may wait for a creator within 24 hours (Protocol 6).
"""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from posts.chores import TIDY_EVERY
from posts.models import Attempt, Heartbeat, Notification, Publication
from posts.models.heartbeat import Kind
from posts.preflight import preflight
from posts.tests.people import browser_of, words
from posts.tests.story import history, work
from tiktok.inbox import MOST_WAITING, drafts_before, let_drafts_go_on
from tiktok.tests.story import calls, live, order, tune

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture
def inbox(plan):
    """Plan a draft for the inbox; `minutes` from now, and now by default."""

    def planned(**content) -> Publication:
        return plan(mode="inbox", privacy_level="", **content)

    return planned


def deliver(publication) -> Publication:
    """Let a worker go on until the draft is in the inbox."""
    for _ in range(5):
        work()
        publication.refresh_from_db()
        if publication.state == "delivered":
            return publication
        Publication.objects.filter(pk=publication.pk).update(next_step_at=timezone.now())
    raise AssertionError(publication.state)


@pytest.fixture
def full(inbox, sandbox):
    """As many drafts as TikTok lets wait."""
    tune(sandbox, init_per_window=100)
    drafts = [deliver(inbox(caption=f"Draft {number}")) for number in range(MOST_WAITING)]
    # Of an hour ago, so that what follows is not too soon after so many calls.
    Attempt.objects.update(intended_at=timezone.now() - timedelta(hours=1))
    return drafts


def findings(publication):
    return [
        (each.code, each.blocks) for each in preflight(publication, media=publication.shown_media)
    ]


def test_a_delivered_draft_is_told_and_counted(inbox, alice):
    publication = deliver(inbox(caption="Sunrise"))

    [told] = Notification.objects.all()
    assert (told.person, told.kind) == (alice, "draft_waiting")
    assert told.subject == "“Sunrise” waits in TikTok: finish it there"
    assert publication.remind_at is not None
    assert publication.lateness is not None
    page = browser_of(alice).get(reverse("accounts:channels"))
    assert "1 of 5 drafts waits in the TikTok inbox" in words(page)


def test_what_a_person_noted_is_on_the_page_for_the_phone_and_not_sent(plan, sandbox, alice):
    publication = deliver(
        plan(mode="inbox", privacy_level="PUBLIC_TO_EVERYONE", allow_comment=True, is_aigc=True)
    )

    page = words(browser_of(alice).get(reverse("posts:finish", args=[publication.pk])))

    assert "<dt>Who can see it</dt><dd>Everyone</dd>" in page
    assert "<dt>Viewers may</dt><dd>Comment</dd>" in page
    assert "<dt>AI-generated</dt><dd>Yes</dd>" in page
    [init] = calls(sandbox, "inbox_init")
    assert list(json.loads(init["body"])) == ["source_info"]


def test_a_sixth_is_warned_of_before_it_is_planned(full, inbox):
    sixth = inbox(minutes=60)

    assert drafts_before(sixth) == 5
    assert findings(sixth) == [("inbox_full", False)]


def test_the_composer_says_how_many_wait(full, inbox, alice):
    page = browser_of(alice).get(reverse("posts:compose"))
    assert "5 drafts wait in this account's TikTok inbox, or will by then" in words(page)

    Publication.objects.filter(pk=full[0].pk).update(
        delivered_at=timezone.now() - timedelta(days=2)
    )
    inbox(minutes=30)
    draft = inbox(minutes=60)
    page = browser_of(alice).get(reverse("posts:edit", args=[draft.post_id]))
    assert "5 drafts wait" in words(page)


def test_the_posts_page_says_how_many_wait(inbox, alice):
    publication = deliver(inbox())

    page = browser_of(alice).get(reverse("posts:detail", args=[publication.post_id]))

    assert "1 of 5 drafts waits in the TikTok inbox" in words(page)


def test_what_is_planned_before_it_counts_too(inbox):
    earlier = [inbox(minutes=minutes) for minutes in (10, 20, 30, 40, 50)]
    later = inbox(minutes=70)
    sixth = inbox(minutes=60)

    assert [drafts_before(each) for each in earlier] == [0, 1, 2, 3, 4]
    assert (drafts_before(sixth), drafts_before(later)) == (5, 6)


def test_only_the_last_day_and_the_same_account_count(full, inbox, connect, workspace):
    elsewhere = inbox(to=connect(workspace, "alice.cooks"))
    after_a_day = inbox(minutes=24 * 60 + 5)

    assert (findings(elsewhere), findings(after_a_day)) == ([], [])


def test_what_is_published_directly_is_not_counted(plan, inbox):
    plan(minutes=5)

    assert drafts_before(inbox(minutes=10)) == 0


def test_the_sixth_waits_and_goes_on_by_itself(full, inbox, alice, sandbox):
    sixth = inbox(caption="The sixth")
    work()
    sixth.refresh_from_db()
    assert (sixth.state, sixth.held_reason) == ("held", "cap")
    assert sixth.failure["what_to_do"].startswith("Finish drafts in TikTok, or delete them there")
    assert let_drafts_go_on() == []
    assert Heartbeat.claim_turn(Kind.TIDY, every=TIDY_EVERY)

    order(sandbox, f"drafts/{full[0].attempts.get().publish_id}/drop")
    full[0].cancel(by=alice)

    assert Heartbeat.turn_is_due(Kind.TIDY, every=TIDY_EVERY)
    assert let_drafts_go_on() == [sixth]
    assert deliver(sixth).state == "delivered"
    assert history(sixth) == [
        "scheduled", "sending", "held", "scheduled", "sending", "processing", "delivered"
    ]  # fmt: skip


def test_one_place_is_for_one_draft(full, inbox, alice):
    first = inbox(caption="First")
    inbox(caption="Second")
    work()
    assert Publication.objects.filter(held_reason="cap").count() == 2

    full[0].confirm_live(by=alice)

    assert let_drafts_go_on() == [first]


def test_what_is_late_by_then_asks_first(full, inbox, alice):
    sixth = inbox()
    work()
    Publication.objects.filter(pk=sixth.pk).update(due_at=timezone.now() - timedelta(hours=2))

    full[0].cancel(by=alice)

    assert let_drafts_go_on() == []
    sixth.refresh_from_db()
    assert (sixth.state, sixth.held_reason) == ("held", "late")


def test_another_limit_does_not_go_on_by_that(full, plan, alice, sandbox):
    direct = plan()
    Publication.objects.filter(pk=direct.pk).update(
        state="held",
        held_reason="cap",
        next_step_at=None,
        failure={"code": "spam_risk_too_many_posts"},
    )

    full[0].cancel(by=alice)

    assert let_drafts_go_on() == []


def test_a_draft_is_posted_in_tiktok_and_the_app_notices(inbox, sandbox):
    publication = deliver(inbox())
    publish_id = publication.attempts.get().publish_id

    order(sandbox, f"drafts/{publish_id}/post", caption="Posted", privacy="PUBLIC_TO_EVERYONE")
    Publication.objects.update(next_step_at=timezone.now())
    work()

    publication.refresh_from_db()
    assert publication.state == "published"
    assert publication.remind_at is None
    assert [video["caption"] for video in live(sandbox)] == ["Posted"]


def test_a_warning_holds_nothing_at_the_due_time(full, inbox, alice, sandbox):
    """Only TikTok knows its count: perhaps there is a place."""
    for each in full:
        order(sandbox, f"drafts/{each.attempts.get().publish_id}/drop")
    sixth = inbox()
    assert findings(sixth) == [("inbox_full", False)]

    assert deliver(sixth).state == "delivered"
    assert len(calls(sandbox, "inbox_init")) == 6
