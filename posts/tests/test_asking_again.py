"""What has changed since it was asked for the last time, so that nobody looks for it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from posts.changes import Changes, Exchange, Piece
from posts.tests.people import browser_of, member, words
from posts.tests.plain_platform import a_channel, a_medium, a_publication

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def carol(workspace):
    return member(workspace, Role.CONTRIBUTOR)


@pytest.fixture
def asked(carol, workspace, plain):
    publication = a_publication(carol, a_channel(workspace))
    publication.ask_for_approval(by=carol, due_at=timezone.now() + timedelta(days=1))
    return publication


def page_of(publication, person):
    browser = browser_of(person, publication.post.workspace)
    return words(browser.get(reverse("posts:detail", args=[publication.post_id])))


def test_asking_again_shows_what_has_changed(asked, alice, carol, plain):
    asked.send_back(by=alice, note="Not so calm.")
    asked.post.caption = "Sunset"
    asked.post.save()
    plain.moods[asked.pk] = "wild"
    asked.ask_for_approval(by=carol, due_at=asked.due_at)

    page = page_of(asked, alice)

    assert "<del>Sunrise</del><ins>Sunset</ins>" in page
    assert "<dt>Mood</dt><dd><del>calm</del> <ins>wild</ins></dd>" in page
    assert "<dt>Time</dt>" not in page


def test_asking_again_without_a_change_says_so(asked, alice, carol):
    asked.take_back(by=carol)
    asked.ask_for_approval(by=carol, due_at=asked.due_at)

    assert "Nothing: it is asked for again as it was." in page_of(asked, alice)


def test_files_account_and_time_are_compared(asked, carol, workspace):
    first = asked.latest_request
    asked.take_back(by=carol)
    night = a_medium(workspace, "night.mp4")
    night.sha256 = "6" * 64
    night.save()
    asked.post.set_media([night])
    asked.channel.display_name = "Moonlight"
    asked.ask_for_approval(by=carol, due_at=None)

    assert Changes.between(first, asked.latest_request) == Changes(
        title=[],
        caption=[],
        files_gone=["sunrise.mp4"],
        files_new=["night.mp4"],
        files_moved=False,
        exchanges=[Exchange("Account", "Sunrise", "Moonlight")],
        times=(first.due_at, None),
    )


def test_a_text_is_compared_word_by_word(asked, carol):
    first = asked.latest_request
    asked.take_back(by=carol)
    asked.post.caption = "Sunrise\n\nby the sea"
    asked.ask_for_approval(by=carol, due_at=asked.due_at)

    assert Changes.between(first, asked.latest_request).caption == [
        Piece("kept", "Sunrise"),
        Piece("new", "\n\nby the sea"),
    ]
