"""Changing a post that exists already: what it means for its approval, and who may."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from posts.models import Post, Publication
from posts.states import State
from posts.tests.composer_form import everything
from posts.tests.people import browser_of, member, words
from posts.tests.plain_platform import a_channel, a_publication
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain")]

COMPOSE = reverse("posts:compose")
AUTOSAVE = reverse("posts:autosave")


@pytest.fixture
def channel(workspace):
    return a_channel(workspace)


@pytest.fixture
def sent(workspace, channel):
    return everything(workspace, channel)


def edit_of(publication):
    return reverse("posts:edit", args=[publication.post_id])


def test_a_page_from_before_does_not_undo_what_others_did_since(alice, channel, sent):
    publication = a_publication(alice, channel)
    bring(publication, State.SCHEDULED, by=alice)

    page = browser_of(alice).post(
        COMPOSE,
        sent | {"post": str(publication.post_id), "seen_state": "draft", "press": "draft"},
    )

    publication.refresh_from_db()
    assert (page.status_code, publication.state) == (200, "scheduled")
    assert "Meanwhile this post has changed: it is scheduled now." in words(page)


def test_editing_a_scheduled_post_asks_first(alice, channel):
    publication = a_publication(alice, channel)
    publication.schedule(timezone.now() + timedelta(hours=1), by=alice)

    page = words(browser_of(alice).get(edit_of(publication)))

    assert "This post is scheduled for" in page
    assert "</time>.</strong>" in page
    assert "data-autosave" not in page


@pytest.mark.parametrize("state", [State.SENDING, State.PROCESSING, State.PUBLISHED])
def test_what_is_on_its_way_is_shown_and_not_edited(alice, channel, state):
    publication = bring(a_publication(alice, channel), state, by=alice)

    answer = browser_of(alice).get(edit_of(publication))

    assert answer.headers["Location"] == reverse("posts:detail", args=[publication.post_id])


def test_another_account_brings_its_own_settings(alice, workspace, channel, sent):
    moon = a_channel(workspace, "moonlight")

    page = browser_of(alice).post(reverse("posts:plan"), sent | {"channel": str(moon.pk)})

    assert f'name="options_for" value="{moon.pk}"' in words(page)
    assert page.context["form"].is_bound is False
    assert 'value="12:00"' in page.content.decode()


def test_a_viewer_writes_nothing(workspace, sent):
    browser = browser_of(member(workspace, Role.VIEWER), workspace)

    answers = [browser.get(COMPOSE), browser.post(COMPOSE, sent), browser.post(AUTOSAVE, sent)]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert Post.objects.count() == 0


@pytest.mark.parametrize("press", ["schedule", "now"])
def test_a_contributor_can_not_publish(workspace, sent, press):
    browser = browser_of(member(workspace, Role.CONTRIBUTOR), workspace)

    assert browser.post(COMPOSE, sent | {"press": press}).status_code == 403
    assert Post.objects.count() == 0
    assert 'value="schedule"' not in browser.get(COMPOSE).content.decode()


def test_a_contributor_asks_and_an_editor_approves_what_they_see(workspace, sent):
    carol, erin = member(workspace, Role.CONTRIBUTOR), member(workspace, Role.EDITOR)
    browser_of(carol, workspace).post(COMPOSE, sent | {"press": "ask"})
    publication = Publication.objects.get()
    assert publication.state == "awaiting_approval"

    editor = browser_of(erin, workspace)
    assert "Approve and schedule" in words(editor.get(edit_of(publication)))
    post = {"post": str(publication.post_id), "seen_state": "awaiting_approval"}
    editor.post(COMPOSE, sent | post | {"press": "schedule"})

    publication.refresh_from_db()
    assert (publication.state, publication.approval.by) == ("scheduled", erin)


def test_an_editing_contributor_asks_again(alice, workspace, channel, sent):
    carol = member(workspace, Role.CONTRIBUTOR)
    publication = a_publication(carol, channel)
    bring(publication, State.SCHEDULED, by=alice)
    post = {"post": str(publication.post_id), "seen_state": "scheduled"}

    browser_of(carol, workspace).post(COMPOSE, sent | post | {"press": "ask"})

    publication.refresh_from_db()
    assert (publication.state, publication.approval) == ("awaiting_approval", None)
