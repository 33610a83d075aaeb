"""Who is told what happened, and how often."""

import pytest

from accounts.models import Membership, Role
from posts.models import Notification, NotificationKind
from posts.notifications import tell

pytestmark = pytest.mark.django_db


def say(workspace, *, key="failed-1", publication=None):
    return tell(
        workspace,
        NotificationKind.FAILED,
        key=key,
        subject="“Sunrise” was not published",
        text="TikTok refused it.",
        publication=publication,
    )


def told():
    return sorted(Notification.objects.values_list("person__username", "key"))


def test_who_may_publish_is_told(workspace, alice, bob):
    Membership.objects.create(workspace=workspace, user=bob, role=Role.VIEWER)

    assert say(workspace) == 1
    assert told() == [("alice", "failed-1")]


def test_the_author_is_told_too(workspace, bob, draft):
    Membership.objects.create(workspace=workspace, user=bob, role=Role.CONTRIBUTOR)
    publication = draft()
    publication.post.author = bob
    publication.post.save()

    say(workspace, publication=publication)

    assert told() == [("alice", "failed-1"), ("bob", "failed-1")]


def test_the_same_thing_is_told_once(workspace, alice):
    say(workspace)
    say(workspace)

    assert told() == [("alice", "failed-1")]


def test_a_former_member_is_not_told(workspace, alice, bob, draft):
    publication = draft()
    publication.post.author = bob  # who is no member of the workspace
    publication.post.save()

    say(workspace, publication=publication)

    assert told() == [("alice", "failed-1")]
