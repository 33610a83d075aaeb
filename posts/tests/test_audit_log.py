"""The log of a workspace: people's acts and what became of posts, in one list for its owners."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import members, workspaces
from accounts.models import ApiKey, Role, Scope
from accounts.tests.browser import browser_of, words
from posts.audit_log import ACTS, Subject, lines_of, read
from posts.pausing import let_go_on, pause
from posts.states import State
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def log(workspace) -> str:
    return reverse("leaving:log", args=[workspace.pk])


@pytest.fixture
def bobs(bob, workspace):
    return workspace.memberships.create(user=bob, role=Role.EDITOR)


def told(workspace, **which) -> list[str]:
    """First thing first."""
    return [f"{line.who} {line.what}" for line in read(lines_of(workspace, **which))][::-1]


def everything_happens(alice, bob, bobs, workspace, channel, draft) -> None:
    workspaces.change(workspace, name="Films", late_limit_minutes=None, by=alice)
    members.change_role(bobs, Role.VIEWER, by=alice)
    key, _ = ApiKey.make(bobs, name="my script", scopes=[Scope.READ], lasts=None)
    key.revoke(by=bob)
    pause(channel, by=alice)
    let_go_on(channel, by=alice)
    bring(draft(), State.PUBLISHED, by=alice)


def test_each_act_belongs_to_one_subject():
    acts = [act for some in ACTS.values() for act in some]
    assert len(acts) == len(set(acts))
    assert {str(act) for act in acts} == set(type(acts[0]).values)


@pytest.mark.sqlite_too
def test_everything_is_in_one_list(alice, bob, bobs, workspace, channel, draft):
    everything_happens(alice, bob, bobs, workspace, channel, draft)

    assert told(workspace) == [
        "alice renamed it from “alice's workspace” to “Films”",
        "alice made bob viewer instead of editor",
        "bob made the API key “my script”",
        "bob revoked the API key “my script”",
        f"alice paused {channel}",
        f"alice let {channel} go on",
        "alice approved and scheduled",
        "The scheduler published",
    ]


def test_it_can_be_filtered(alice, bob, bobs, workspace, channel, draft, log):
    everything_happens(alice, bob, bobs, workspace, channel, draft)

    assert len(told(workspace, person=bob)) == 2
    by_subject = {subject: len(told(workspace, subject=subject)) for subject in Subject}
    assert by_subject == {"people": 1, "workspace": 1, "accounts": 2, "keys": 2, "posts": 2}
    page = words(browser_of(alice).get(log, {"person": bob.pk, "about": "keys"}))
    assert page.count("my script") == 2
    assert "renamed" not in page


def test_who_is_gone_can_still_be_looked_up(alice, bob, bobs, workspace, log):
    ApiKey.make(bobs, name="my script", scopes=[Scope.READ], lasts=None)
    members.end(bobs, by=alice)

    page = words(browser_of(alice).get(log, {"person": bob.pk}))

    assert "made the API key “my script”" in page
    assert "removed bob" not in page


@pytest.mark.parametrize("asked", [{"person": "x"}, {"about": "x"}, {"page": "x"}, {"person": 0}])
def test_nonsense_filters_nothing(alice, workspace, log, asked):
    workspaces.change(workspace, name="Films", late_limit_minutes=None, by=alice)

    assert "to “Films”" in words(browser_of(alice).get(log, asked))


def test_a_page_takes_the_same_queries_for_one_line_and_for_many(
    alice, bob, bobs, workspace, channel, draft, plan, log
):
    browser = browser_of(alice)
    browser.get(log)
    everything_happens(alice, bob, bobs, workspace, channel, draft)
    with CaptureQueriesContext(connection) as few:
        browser.get(log)
    for minutes in (60, 61, 62):
        plan(minutes=minutes)
    with CaptureQueriesContext(connection) as many:
        browser.get(log)
    assert len(many) == len(few)


def test_it_pages(alice, workspace, log):
    for number in range(60):
        workspaces.change(workspace, name=f"Films {number}", late_limit_minutes=None, by=alice)

    browser = browser_of(alice)

    assert "Page 1 of 2" in words(browser.get(log))
    assert words(browser.get(log, {"page": 2})).count("renamed it") == 10
