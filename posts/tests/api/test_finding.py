"""Posts by the API: listed, found, and asked what happened to them."""

import pytest

from accounts.tests.program import Program, code
from posts.platforms import Finding
from posts.tests.api.story import fields, made, soon
from posts.tests.plain_platform import a_channel

pytestmark = [pytest.mark.django_db]


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
    with django_assert_num_queries(20):
        program.get("/posts/")
    made(program, channel, medium)
    made(program, channel, medium)
    with django_assert_num_queries(20):
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
