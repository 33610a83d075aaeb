"""What an operator can do with publications, how they find one, and what a list costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Channel, User, Workspace
from posts.errors import IllegalMove
from posts.models import Heartbeat, Media, Post, Publication
from posts.models.heartbeat import Kind
from posts.states import HeldReason, State
from posts.tests.walk import bring

pytestmark = pytest.mark.django_db

PUBLICATIONS = "/admin/posts/publication/"


def act(desk, action: str, *publications: Publication) -> list[str]:
    """Choose rows of the list, take an action, and return what the page says then."""
    rows = [publication.pk for publication in publications]
    response = desk.post(
        PUBLICATIONS, {"action": action, "_selected_action": rows, "index": 0}, follow=True
    )
    return [str(message) for message in response.context["messages"]]


# What can be done


def test_what_is_planned_can_be_stopped_and_resumed(desk, olga, plan):
    publication = plan(minutes=60)

    assert act(desk, "pause", publication) == ["1 paused."]
    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == (State.HELD, HeldReason.PERSON)
    assert publication.events.last().by == olga

    assert act(desk, "resume", publication) == ["1 resumed."]
    assert act(desk, "cancel", publication) == ["1 canceled, or asked to stop."]
    publication.refresh_from_db()
    assert publication.state == State.CANCELED


def test_what_failed_can_be_tried_again(desk, plan, alice):
    publication = bring(plan(), State.FAILED, by=alice)
    assert act(desk, "retry", publication) == ["1 will be tried again now."]
    publication.refresh_from_db()
    assert publication.state == State.SCHEDULED


def test_what_is_unconfirmed_can_be_checked_again(desk, plan, alice):
    publication = bring(plan(), State.UNCONFIRMED, by=alice)
    assert act(desk, "check_again", publication) == ["1 will be checked again now."]
    publication.refresh_from_db()
    assert publication.state == State.PROCESSING


def test_what_can_not_be_done_is_said_for_each(desk, plan, alice, connect, workspace):
    waiting = plan(minutes=60)
    out = bring(plan(caption="Out", to=connect(workspace, "alice.two")), State.PUBLISHED, by=alice)

    said = act(desk, "cancel", waiting, out)

    assert sorted(said) == [
        "1 canceled, or asked to stop.",
        f"Out to Alice.Two: {IllegalMove.for_people}",
    ]


# How it is found, and what that costs


@pytest.mark.parametrize(
    "words",
    ["plain-", "20261122LOG", "Sunrise", "alice@example.com", "alice.films"],
    ids=["publish_id", "log_id", "caption", "e-mail", "handle"],
)
def test_support_finds_a_publication_by_what_a_mail_contains(desk, everything, words):
    assert "1 publication" in desk.get(PUBLICATIONS, {"q": words}).text
    assert "0 publications" in desk.get(PUBLICATIONS, {"q": f"{words}?"}).text


@pytest.mark.parametrize(
    "page",
    [
        "/admin/posts/publication/",
        "/admin/posts/post/",
        "/admin/posts/media/",
        "/admin/accounts/user/",
        "/admin/accounts/workspace/",
        "/admin/accounts/channel/",
        "/admin/posts/heartbeat/",
    ],
)
def test_thirty_rows_cost_as_many_queries_as_one(page, desk, plan, alice, make_person):
    one = plan(minutes=60)
    Heartbeat.beat(Kind.WORKER, "one")
    desk.get(page)  # once, for what is looked up once a process
    with CaptureQueriesContext(connection) as for_one:
        desk.get(page)

    for number in range(29):
        one_more(number, owner=make_person(f"person-{number}"), like=one)
    with CaptureQueriesContext(connection) as for_thirty:
        response = desk.get(page)

    assert len(response.context["cl"].result_list) >= 30
    assert len(for_thirty) == len(for_one)


def one_more(number: int, *, owner: User, like: Publication) -> None:
    """One more of everything that has a list, each belonging to somebody else."""
    home = Workspace.personal_for(owner)
    channel = Channel(workspace=home, platform="tiktok", external_id=f"open-{number}")
    channel.access_token = channel.refresh_token = "a token"
    channel.save()
    Media.objects.create(workspace=home, uploaded_by=owner, name=f"{number}.mp4")
    post = Post.objects.create(workspace=home, author=owner, caption=f"Post {number}")
    Publication.objects.create(post=post, channel=channel, due_at=like.due_at)
    Heartbeat.beat(Kind.WORKER, f"worker {number}", at=timezone.now())
