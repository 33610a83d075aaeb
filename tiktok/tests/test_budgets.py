"""How often TikTok is asked for one account: never more than it allows, whoever asks."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from posts.models import Attempt, Publication
from posts.tests.story import work
from tiktok import budgets
from tiktok.client import CREATOR_INFO, STATUS
from tiktok.errors import BudgetUsedUp
from tiktok.models import CallBudget
from tiktok.publishing.sending import TOO_MANY_AT_ONCE
from tiktok.tests.stage import composed
from tiktok.tests.story import calls, inits, live, trouble, tune

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]


@pytest.fixture(autouse=True)
def _whole_minutes(sandbox, monkeypatch):
    """The `sandbox` of other tests lets minutes pass in no time."""
    monkeypatch.setattr(budgets, "MINUTE", timedelta(minutes=1))
    monkeypatch.setattr(budgets, "INIT_WINDOW", timedelta(seconds=62))
    monkeypatch.setattr(budgets, "STRETCH", (1.0, 1.2))


@pytest.fixture
def plan_many(alice, channel, medium):
    def plan_many(count: int) -> list[Publication]:
        planned = [composed(alice, channel, [medium]) for _ in range(count)]
        for publication in planned:
            publication.schedule(timezone.now(), by=alice)
        return planned

    return plan_many


def refusals(sandbox) -> list[str]:
    every = calls(sandbox, "creator_info") + calls(sandbox, "video_init") + calls(sandbox, "status")
    return [call["code"] for call in every if call["status"] == 429]


def test_the_seventh_post_of_a_minute_waits_for_the_window(sandbox, plan_many):
    *_, seventh = plan_many(7)

    work()

    seventh.refresh_from_db()
    assert len(inits(sandbox)) == 6
    assert refusals(sandbox) == []
    assert (seventh.state, seventh.tries, seventh.failure) == ("scheduled", 0, None)
    first = Attempt.objects.order_by("intended_at").first()
    assert seventh.next_step_at == first.intended_at + timedelta(seconds=62)


def test_what_waits_for_the_window_says_so_once(sandbox, plan_many):
    *_, seventh = plan_many(7)
    for _ in range(3):
        work()
        Publication.objects.filter(pk=seventh.pk).update(next_step_at=timezone.now())
    work()

    assert seventh.events.filter(because=TOO_MANY_AT_ONCE).count() == 1


def test_once_the_window_opens_it_goes_out(sandbox, plan_many):
    *_, seventh = plan_many(7)
    work()
    tune(sandbox, rate_window_seconds=0.01)
    Attempt.objects.update(intended_at=timezone.now() - timedelta(minutes=2))
    Publication.objects.filter(pk=seventh.pk).update(next_step_at=timezone.now())

    work()

    assert len(inits(sandbox)) == 7
    seventh.refresh_from_db()
    assert (seventh.tries, seventh.attempts.count()) == (1, 1)


def test_a_429_keeps_the_others_of_the_account_waiting_and_costs_them_no_try(sandbox, plan_many):
    first, second = plan_many(2)
    refusal = {"code": "rate_limit_exceeded", "status": 429, "retry_after": 30}
    trouble(sandbox, "creator_info", "code", **refusal)

    work()

    first.refresh_from_db()
    second.refresh_from_db()
    assert len(calls(sandbox, "creator_info")) == 1
    assert [each.state for each in (first, second)] == ["scheduled", "scheduled"]
    assert [each.tries for each in (first, second)] == [1, 0]
    assert second.next_step_at > timezone.now() + timedelta(seconds=25)
    assert live(sandbox) == []


def test_many_threads_spend_a_budget_exactly(channel):
    passed, refused = [], []

    def ask() -> None:
        for _ in range(5):
            try:
                budgets.Turnstile(channel).enter(CREATOR_INFO)
                passed.append(1)
            except BudgetUsedUp as error:
                refused.append(error.retry_after)
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(passed) == 20
    assert len(refused) == 10
    assert all(1 <= seconds <= 120 for seconds in refused)


def spend(turnstile: budgets.Turnstile, path: str) -> int:
    """How many calls it lets through now."""
    for passed in range(100):
        try:
            turnstile.enter(path)
        except BudgetUsedUp:
            return passed
    raise AssertionError("it lets everything through")


def pass_seconds(seconds: float) -> None:
    began = CallBudget.objects.get().window_began
    CallBudget.objects.update(window_began=began - timedelta(seconds=seconds))


def test_what_the_minute_before_has_used_counts(channel):
    turnstile = budgets.Turnstile(channel)
    for _ in range(5):
        turnstile.enter(STATUS)
    pass_seconds(61)

    assert spend(turnstile, STATUS) == 15
    pass_seconds(61)
    assert spend(turnstile, STATUS) == 5
    pass_seconds(121)
    assert spend(turnstile, STATUS) == 20


def test_who_looks_leaves_enough_for_what_is_to_be_sent(channel):
    assert spend(budgets.Turnstile(channel, leave=budgets.FOR_SENDINGS), CREATOR_INFO) == 13
    assert spend(budgets.Turnstile(channel), CREATOR_INFO) == 7


def test_another_account_has_a_budget_of_its_own(channel, connect, workspace):
    spend(budgets.Turnstile(channel), CREATOR_INFO)

    budgets.Turnstile(connect(workspace, "alice.travels")).enter(CREATOR_INFO)

    assert CallBudget.objects.count() == 2


def test_a_status_that_may_not_be_asked_for_is_asked_for_later(sandbox, plan, channel):
    publication = plan()
    tune(sandbox, processing_seconds=60)
    work()
    spend(budgets.Turnstile(channel), STATUS)
    Publication.objects.update(next_step_at=timezone.now())

    work()

    publication.refresh_from_db()
    assert (publication.state, publication.lease_until) == ("processing", None)
    assert publication.next_step_at > timezone.now() + timedelta(seconds=20)
    assert calls(sandbox, "status") == []


def test_who_is_done_wakes_the_next_of_the_account_and_no_crowd(sandbox, plan_many):
    """Each that is woken is claimed: thousands of them would stand in front of other accounts."""
    planned = plan_many(4)
    later = timezone.now() + timedelta(hours=1)
    Publication.objects.update(next_step_at=later)

    Publication.wake_channel(planned[0].channel)

    assert [
        each.next_step_at == later for each in Publication.objects.order_by("due_at", "pk")
    ] == [
        False,
        True,
        True,
        True,
    ]
