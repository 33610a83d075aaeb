"""Posts by the API: made by the rules of the composer."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connections

from accounts.models import Role, Scope
from accounts.tests.program import Program, code, key_of
from posts.models import Approval, Post, Publication
from posts.platforms import Finding
from posts.states import State
from posts.tests.api.story import fields, planned
from posts.tests.people import member
from posts.tests.plain_platform import a_channel

pytestmark = [pytest.mark.django_db]


def test_a_draft_is_made_and_found_again(program, alice, channel, medium):
    body = {
        "caption": "Sunrise",
        "media": [str(medium.pk)],
        "publications": [{"channel_id": channel.pk, "options": {"mood": "wild"}}],
    }

    made = program.post("/posts/", body)

    assert made.status_code == 201
    post = Post.objects.get()
    publication = post.publications.get()
    assert made.json() == {
        "id": post.pk,
        "caption": "Sunrise",
        "title": "",
        "kind": "video",
        "media": [str(medium.pk)],
        "author": {"id": alice.pk, "username": "alice"},
        "state": "draft",
        "created_at": post.created_at.isoformat().replace("+00:00", "Z"),
        "updated_at": post.updated_at.isoformat().replace("+00:00", "Z"),
        "publications": [
            {
                "id": publication.pk,
                "platform": "plain",
                "channel_id": channel.pk,
                "state": "draft",
                "held_reason": None,
                "scheduled_at": None,
                "options": {"mood": "wild"},
                "publish_id": None,
                "post_id": None,
                "permalink": None,
                "published_at": None,
                "delivered_at": None,
                "lateness_ms": None,
                "failure": None,
            }
        ],
    }
    assert program.get(f"/posts/{post.pk}").json() == made.json()
    assert program.get("/posts/").json() == {"posts": [made.json()], "next_cursor": None}


def test_a_post_is_planned_with_consent(program, alice, channel, medium):
    answer = program.post(
        "/posts/", planned(channel, medium, scheduled_at="2026-12-01T09:30:00.5+01:00")
    )

    publication = Publication.objects.get()
    assert answer.status_code == 201
    assert answer.json()["publications"][0]["scheduled_at"] == "2026-12-01T08:30:00.500000Z"
    assert publication.state == State.SCHEDULED
    assert publication.due_at == datetime(2026, 12, 1, 8, 30, 0, 500_000, tzinfo=UTC)
    assert publication.approval.by == alice
    assert publication.approval.consent_text == "By posting, you agree to be plain."


def test_without_consent_nothing_is_planned(program, channel, medium):
    answer = program.post("/posts/", planned(channel, medium, consent=False))

    assert code(answer) == (422, "consent_required")
    assert list(fields(answer)) == ["publications.0.consent"]
    assert "you agree to be plain" in answer.json()["error"]["message"]
    assert not Post.objects.exists()


def test_who_may_not_publish_asks_for_approval(workspace, channel, medium):
    carl = member(workspace, Role.CONTRIBUTOR)

    answer = Program(carl, workspace=workspace).post("/posts/", planned(channel, medium))

    assert answer.json()["state"] == "awaiting_approval"
    assert answer.json()["publications"][0]["scheduled_at"] is not None
    assert not Approval.objects.exists()


def test_a_key_that_may_not_publish_asks_too(alice, workspace, channel, medium):
    key = Program(key_of(alice, workspace, Scope.READ, Scope.WRITE))

    made = key.post("/posts/", planned(channel, medium)).json()

    assert made["state"] == "awaiting_approval"
    assert code(key.post(f"/publications/{made['publications'][0]['id']}/approve", {})) == (
        403,
        "scope_missing",
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"scheduled_at": "2020-01-01T00:00:00Z"}, "publications.0.scheduled_at"),
        ({"scheduled_at": "2099-01-01T00:00:00Z"}, "publications.0.scheduled_at"),
        ({"scheduled_at": "2026-12-01T00:00:00"}, "publications.0.scheduled_at"),
        ({"scheduled_at": "tomorrow"}, "publications.0.scheduled_at"),
        ({"options": {"mood": "sad"}}, "publications.0.options.mood"),
        ({"options": {"colour": "red"}}, "publications.0.options.colour"),
        ({"channel_id": 10**6}, "publications.0.channel_id"),
        ({"channel_id": 10**30}, "publications.0.channel_id"),
        ({"account": 1}, "publications.0.account"),
    ],
)
def test_what_is_wrong_is_named(program, channel, medium, wrong, field):
    answer = program.post("/posts/", planned(channel, medium, **wrong))

    assert code(answer) == (422, "invalid")
    assert list(fields(answer)) == [field]
    assert not Post.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"caption": "x" * 10_001}, "caption"),
        ({"media": ["2b1a0f9e-0000-4000-8000-000000000000"]}, "media"),
        ({"media": ["x"]}, "media.0"),
        ({"media": []}, "media"),
        ({"title": "A title"}, "title"),
        ({"text": "Sunrise"}, "text"),
    ],
)
def test_so_is_what_is_wrong_with_the_content(program, channel, medium, wrong, field):
    answer = program.post("/posts/", planned(channel, medium) | wrong)

    assert (code(answer), list(fields(answer))) == ((422, "invalid"), [field])
    assert not Post.objects.exists()


def test_what_the_checks_find_stops_all_of_it(program, plain, channel, medium):
    plain.findings = [Finding("caption_too_long", "This is too long.", "Cut it.")]

    answer = program.post("/posts/", planned(channel, medium))

    assert code(answer) == (422, "blocked")
    assert fields(answer) == {"caption": ["This is too long. Cut it."]}
    assert not Post.objects.exists()


def test_one_post_goes_to_several_accounts_or_to_none(program, workspace, channel, medium):
    second = a_channel(workspace, "sunset")
    body = planned(channel, medium)
    body["publications"].append({**body["publications"][0], "channel_id": second.pk})

    made = program.post("/posts/", body).json()

    assert [each["channel_id"] for each in made["publications"]] == [channel.pk, second.pk]
    assert [each["state"] for each in made["publications"]] == ["scheduled", "scheduled"]
    body["publications"][1]["consent"] = False
    assert code(program.post("/posts/", body)) == (422, "consent_required")
    assert Post.objects.count() == 1


def test_an_account_stands_in_the_list_once(program, channel, medium):
    body = planned(channel, medium)
    body["publications"] *= 2

    assert list(fields(program.post("/posts/", body))) == ["publications.1.channel_id"]


def test_nobody_uses_what_is_of_others(bob, channel, medium):
    theirs = Program(bob)

    assert list(fields(theirs.post("/posts/", {"media": [str(medium.pk)]}))) == ["media"]
    body = {"publications": [{"channel_id": channel.pk}]}
    assert list(fields(theirs.post("/posts/", body))) == ["publications.0.channel_id"]


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_under_one_key_are_one_post(program, channel, medium):
    body = planned(channel, medium)
    start, answers = Barrier(50), []

    def send() -> None:
        start.wait()
        answers.append(program.post("/posts/", body, **{"Idempotency-Key": "first"}))
        connections.close_all()

    threads = [Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {each.status_code for each in answers} <= {201, 409}
    assert len({each.content for each in answers if each.status_code == 201}) == 1
    assert Post.objects.count() == 1
    assert Publication.objects.get().approvals.count() == 1
