"""What a move of a post tells, and whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role
from posts.models import Notification
from posts.notifications import tell_disconnected
from posts.parking import park
from posts.states import HeldReason, State
from posts.tests.people import member
from posts.tests.plain_platform import a_channel, a_publication, register_plain
from posts.tests.walk import FAILURE, bring, lease_on

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    register_plain(monkeypatch)


@pytest.fixture
def publication(workspace, alice):
    return a_publication(alice, a_channel(workspace))


@pytest.fixture
def carla(workspace):
    return member(workspace, Role.CONTRIBUTOR)


def told():
    return [(each.person.username, each.kind, each.subject) for each in _all()]


def _all():
    return Notification.objects.select_related("person").order_by("pk")


@pytest.mark.parametrize(
    ("state", "kind", "subject"),
    [
        (State.FAILED, "failed", "“Sunrise” was not published"),
        (State.UNCONFIRMED, "attention", "“Sunrise” may be live, or not"),
        (State.DELIVERED, "draft_waiting", "“Sunrise” waits in Plain: finish it there"),
    ],
)
def test_what_needs_somebody_is_told(publication, alice, state, kind, subject):
    bring(publication, state, by=alice)

    assert told() == [("alice", kind, subject)]
    assert Notification.objects.get().publication == publication


@pytest.mark.parametrize("state", [State.SCHEDULED, State.SENDING, State.PUBLISHED])
def test_what_goes_well_is_not_told(publication, alice, state):
    bring(publication, state, by=alice)

    assert told() == []


@pytest.mark.parametrize(
    ("reason", "subjects"),
    [
        (HeldReason.CHOICE, ["“Sunrise” needs a new choice"]),
        (HeldReason.CAP, ["“Sunrise” waits: a limit is reached"]),
        (HeldReason.LATE, ["“Sunrise” missed its time"]),
        (HeldReason.MEDIA, ["“Sunrise” needs another file"]),
        (HeldReason.CONFIGURATION, ["“Sunrise” waits for something to be set up"]),
        (HeldReason.RECONNECT, ["Sunrise must be connected again"]),
        (HeldReason.CHANNEL_PAUSED, []),
    ],
)
def test_what_is_held_asks_for_a_person(publication, alice, reason, subjects):
    bring(publication, State.SCHEDULED, by=alice)

    publication.hold(lease_on(publication), reason, failure=FAILURE)

    assert [subject for _, _, subject in told()] == subjects


def test_what_a_person_does_themselves_is_no_news_to_them(publication, alice):
    bring(publication, State.UNCONFIRMED, by=alice)
    Notification.objects.all().delete()

    publication.confirm_live(by=alice)
    publication.take_back_word(by=alice)
    publication.cancel(by=alice)

    assert told() == []


def test_a_pause_is_no_news(publication, alice):
    bring(publication, State.HELD, by=alice)

    assert told() == []


def test_ten_posts_of_a_disconnected_account_are_one_word_to_the_others(workspace, alice):
    channel = a_channel(workspace)
    eddie = member(workspace, Role.EDITOR)
    for _ in range(3):
        bring(a_publication(alice, channel), State.SCHEDULED, by=alice)

    park(channel, because="the account was disconnected", by=alice)

    assert told() == [(eddie.username, "disconnected", "Sunrise must be connected again")]
    assert Notification.objects.get().text.startswith("The account was disconnected. Its posts")
    assert Notification.objects.get().channel == channel


def test_an_account_that_is_lost_again_is_told_again(workspace, alice):
    channel = a_channel(workspace)
    tell_disconnected(channel, because="TikTok said no.")
    tell_disconnected(channel, because="TikTok said no.")
    channel.connected_at += timedelta(minutes=1)
    tell_disconnected(channel, because="TikTok said no.")

    assert len(told()) == 2


def test_who_may_approve_is_asked_and_the_author_is_answered(publication, alice, carla):
    publication.post.author = carla
    publication.post.save()

    soon = timezone.now() + timedelta(hours=1)
    publication.ask_for_approval(by=carla, due_at=soon, note="Loud enough?")
    publication.send_back(by=alice, note="Cut the first second.")
    publication.ask_for_approval(by=carla, due_at=soon)
    publication.approve(by=alice)

    asked = ("alice", "approval_asked", f"{carla} asks you to approve “Sunrise”")
    assert told() == [
        asked,
        (carla.username, "sent_back", "alice sent “Sunrise” back"),
        asked,
        (carla.username, "approval_given", "alice approved “Sunrise”"),
    ]
    assert [each.text for each in _all()] == [
        "“Loud enough?” Look at it, then approve it or send it back.",
        "“Cut the first second.” Change it, then ask again.",
        "Look at it, then approve it or send it back.",
        "It goes out at its planned time, by itself.",
    ]


def test_another_time_than_the_one_that_was_asked_for_is_told(publication, alice, carla):
    publication.post.author = carla
    publication.post.save()
    publication.ask_for_approval(by=carla, due_at=timezone.now() + timedelta(hours=1))

    publication.approve(by=alice, due_at=timezone.now() + timedelta(hours=2))

    assert _all().last().text == (
        "It goes out at its planned time, by itself. That is not the time that was asked for: its "
        "page says it."
    )


def test_who_withdraws_their_own_request_hears_nothing(publication, carla):
    publication.post.author = carla
    publication.post.save()
    publication.ask_for_approval(by=carla, due_at=None)
    Notification.objects.all().delete()

    publication.take_back(by=carla)

    assert told() == []
