"""Posts by the API: changed and removed, as far as their publications let them."""

import pytest

from accounts.models import Role
from accounts.tests.program import Program, code
from posts.models import Post, Publication
from posts.states import State
from posts.tests.api.story import made
from posts.tests.people import member
from posts.tests.plain_platform import a_publication
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db]


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
