"""Posts by the API: made, found, changed and removed, by the rules of the pages."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Role, Scope
from accounts.tests.program import Program, code, key_of
from posts.models import Approval, Post, Publication
from posts.platforms import Finding
from posts.states import State
from posts.tests.people import member
from posts.tests.plain_platform import a_channel, a_medium, a_publication, register_plain
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def plain(monkeypatch):
    return register_plain(monkeypatch)


@pytest.fixture
def channel(plain, workspace):
    return a_channel(workspace)


@pytest.fixture
def medium(workspace):
    return a_medium(workspace)


@pytest.fixture
def program(alice) -> Program:
    return Program(alice)


def soon(hours: float = 1) -> str:
    return (timezone.now() + timedelta(hours=hours)).isoformat()


def planned(channel, medium, **publication):
    wish = {"channel_id": channel.pk, "scheduled_at": soon(), "options": {"mood": "wild"}}
    wish |= {"consent": True} | publication
    return {"caption": "Sunrise", "media": [str(medium.pk)], "publications": [wish]}


def fields(answer) -> dict[str, list[str]]:
    return answer.json()["error"]["fields"]


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


# Changing


def made(program, channel, medium, **publication):
    return program.post("/posts/", planned(channel, medium, **publication)).json()


def test_a_draft_changes(program, channel, medium):
    post = made(program, channel, medium, scheduled_at=None, consent=False)

    answer = program.patch(f"/posts/{post['id']}", {"caption": "Sunset"})

    assert answer.status_code == 200
    assert answer.json()["caption"] == "Sunset"
    assert answer.json()["media"] == post["media"]
    assert answer.json()["publications"] == post["publications"]


def test_another_time_needs_no_other_approval(program, channel, medium):
    post = made(program, channel, medium)
    approval = Publication.objects.get().approval
    later = "2026-12-24T18:00:00Z"

    answer = program.patch(
        f"/posts/{post['id']}",
        {"publications": [{"channel_id": channel.pk, "scheduled_at": later}]},
    )

    assert answer.json()["publications"][0]["scheduled_at"] == later
    assert Publication.objects.get().approval == approval


def test_other_words_of_what_is_planned_need_consent(program, channel, medium):
    post = made(program, channel, medium)
    address = f"/posts/{post['id']}"

    assert code(program.patch(address, {"caption": "Sunset"})) == (422, "consent_required")
    assert Post.objects.get().caption == "Sunrise"
    answer = program.patch(
        address,
        {"caption": "Sunset", "publications": [{"channel_id": channel.pk, "consent": True}]},
    )

    assert answer.json()["state"] == "scheduled"
    publication = Publication.objects.get()
    assert (publication.caption, publication.is_as_approved()) == ("Sunset", True)
    assert (
        answer.json()["publications"][0]["scheduled_at"]
        == (post["publications"][0]["scheduled_at"])
    )


def test_a_time_of_null_takes_it_out_of_the_plan(program, channel, medium):
    post = made(program, channel, medium)

    answer = program.patch(
        f"/posts/{post['id']}",
        {"publications": [{"channel_id": channel.pk, "scheduled_at": None}]},
    )

    assert (answer.json()["state"], answer.json()["publications"][0]["scheduled_at"]) == (
        "draft",
        None,
    )


def test_a_contributors_change_asks_again(workspace, channel, medium):
    carl = Program(member(workspace, Role.CONTRIBUTOR), workspace=workspace)
    editor = Program(member(workspace, Role.EDITOR), workspace=workspace)
    post = made(carl, channel, medium)
    number = post["publications"][0]["id"]
    assert editor.post(f"/publications/{number}/approve", {"consent": True}).status_code == 200

    answer = carl.patch(f"/posts/{post['id']}", {"caption": "Sunset"})

    assert answer.json()["state"] == "awaiting_approval"
    assert Publication.objects.get().approval is None


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.PUBLISHED, "already_published"),
        (State.DELIVERED, "already_published"),
        (State.PROCESSING, "too_late"),
        (State.UNCONFIRMED, "too_late"),
    ],
)
def test_what_is_out_does_not_change(program, alice, channel, state, said):
    publication = a_publication(alice, channel)
    bring(publication, state, by=alice)

    answer = program.patch(f"/posts/{publication.post_id}", {"caption": "Sunset"})

    assert code(answer) == (409, said)
    assert answer.json()["error"]["state"] == state
    assert Post.objects.get().caption == "Sunrise"


# Removing


def test_a_draft_is_removed(program, channel, medium):
    post = made(program, channel, medium, scheduled_at=None)

    answer = program.delete(f"/posts/{post['id']}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert code(program.get(f"/posts/{post['id']}")) == (404, "not_found")
    assert Post.objects.get().archived_at is not None


def test_what_can_still_go_out_is_canceled_first(program, channel, medium):
    post = made(program, channel, medium)

    answer = program.delete(f"/posts/{post['id']}")

    assert code(answer) == (409, "illegal_move")
    assert answer.json()["error"]["state"] == "scheduled"


# Finding


@pytest.fixture
def three(program, workspace, channel, medium) -> list[int]:
    """A draft, one planned for tomorrow, and one for next week with another account."""
    other = a_channel(workspace, "sunset")
    return [
        program.post("/posts/", {"caption": "Only words"}).json()["id"],
        made(program, channel, medium, scheduled_at=soon(24))["id"],
        made(program, other, medium, scheduled_at=soon(24 * 7))["id"],
    ]


def found(answer) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [post["id"] for post in answer.json()["posts"]]


def test_filters_find_what_they_say(program, three, alice, bob, channel):
    draft, tomorrow, next_week = three

    def listed(**query):
        return found(program.get("/posts/", **query))

    assert listed() == [next_week, tomorrow, draft]
    assert listed(state="draft") == [draft]
    assert listed(state="scheduled") == [next_week, tomorrow]
    assert listed(platform="plain") == [next_week, tomorrow]
    assert listed(platform="tiktok") == []
    assert listed(channel_id=channel.pk) == [tomorrow]
    assert listed(author=alice.pk) == [next_week, tomorrow, draft]
    assert listed(author=bob.pk) == []
    assert listed(q="WORDS") == [draft]
    assert listed(**{"from": soon(48)}) == [next_week]
    assert listed(**{"from": soon(1), "to": soon(48)}) == [tomorrow]


@pytest.mark.parametrize(
    ("name", "value"),
    [("state", "gone"), ("limit", 101), ("limit", 0), ("cursor", "x"), ("from", "2026-01-01"),
     ("channel_id", 10**30), ("q", "a\0b"), ("sort", "id"), ("cursor", "AAAA")],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused(program, name, value):
    answer = program.get("/posts/", **{name: value})

    assert (code(answer), list(fields(answer))) == ((422, "invalid"), [name])


def test_pages_follow_each_other(program, three):
    first = program.get("/posts/", limit=2).json()
    second = program.get("/posts/", limit=2, cursor=first["next_cursor"]).json()

    assert [each["id"] for each in first["posts"] + second["posts"]] == three[::-1]
    assert second["next_cursor"] is None


def test_a_list_asks_as_often_for_many_as_for_one(
    program, channel, medium, django_assert_num_queries
):
    made(program, channel, medium)
    program.get("/posts/")
    with django_assert_num_queries(22):
        program.get("/posts/")
    made(program, channel, medium)
    made(program, channel, medium)
    with django_assert_num_queries(22):
        program.get("/posts/")


def test_what_is_alices_is_not_found_by_bob(bob, three):
    theirs = Program(bob)

    assert found(theirs.get("/posts/")) == []
    for method in ("GET", "PATCH", "DELETE"):
        body = {} if method == "PATCH" else None
        assert code(theirs.ask(method, f"/posts/{three[0]}", body)) == (404, "not_found")


def test_the_time_line_tells_what_happened(program, alice, channel, medium):
    post = made(program, channel, medium)
    number = post["publications"][0]["id"]
    program.post(f"/publications/{number}/pause")

    told = program.get(f"/posts/{post['id']}/events").json()["events"]

    assert [(each["before"], each["after"], each["because"]) for each in told] == [
        ("draft", "draft", "written"),
        ("draft", "scheduled", "approved and scheduled"),
        ("scheduled", "held", "paused"),
    ]
    assert told[2]["by"] == {"id": alice.pk, "username": "alice"}
    first = program.get(f"/posts/{post['id']}/events", limit=1).json()
    rest = program.get(f"/posts/{post['id']}/events", cursor=first["next_cursor"]).json()
    assert first["events"] + rest["events"] == told


def test_the_checks_are_the_same(program, plain, channel, medium):
    post = made(program, channel, medium)
    plain.findings = [Finding("too_loud", "It is too loud.", "Turn it down.")]
    plain.found_by_asking = [Finding("far_away", "They are far away.", blocks=False)]
    number = post["publications"][0]["id"]

    alone = program.get(f"/posts/{post['id']}/preflight").json()
    asked = program.get(f"/posts/{post['id']}/preflight", ask="true").json()

    too_loud = {
        "code": "too_loud",
        "message": "It is too loud.",
        "what_to_do": "Turn it down.",
        "blocks": True,
    }
    assert alone == {
        "publications": [
            {
                "publication_id": number,
                "channel_id": channel.pk,
                "ready": False,
                "findings": [too_loud],
            }
        ]
    }
    codes = [each["code"] for each in asked["publications"][0]["findings"]]
    assert codes[0] == "too_loud"
    assert codes[-1] == "far_away"
    plain.is_away = True
    away = program.get(f"/posts/{post['id']}/preflight", ask="true")
    assert code(away) == (503, "platform_away")


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
