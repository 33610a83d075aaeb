"""Others act on a post while a program's call is at work on it: nobody's act is undone unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import RememberedAnswer, Role
from accounts.tests.program import Program, code
from posts.models import Post, Publication
from posts.states import State
from posts.tests.api.story import made, planned, soon
from posts.tests.people import member
from posts.tests.plain_platform import PlainOptions

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def meanwhile(plain, monkeypatch) -> Callable[[Callable[[], object]], None]:
    """What somebody does while the platform is asked, which takes its time."""

    def does(act: Callable[[], object]) -> None:
        acts = [act]  # once

        def ask(data: dict[str, str], **_: object) -> PlainOptions:
            if acts:
                acts.pop()()
            return PlainOptions(data)

        monkeypatch.setattr(plain, "options_form", ask)

    return does


def planning(channel) -> dict[str, object]:
    wish = {"channel_id": channel.pk, "scheduled_at": soon(), "consent": True}
    return {"publications": [wish]}


def test_what_was_changed_meanwhile_is_not_planned(program, channel, medium, meanwhile):
    post = made(program, channel, medium, scheduled_at=None)
    address = f"/posts/{post['id']}"
    meanwhile(lambda: program.patch(address, {"caption": "Sunset"}))

    answer = program.patch(address, planning(channel))

    assert code(answer) == (409, "changed_meanwhile")
    assert answer.json()["error"]["state"] == "draft"
    told = program.get(address).json()
    assert (told["caption"], told["state"]) == ("Sunset", "draft")


def test_what_was_removed_meanwhile_is_not_planned(program, channel, medium, meanwhile):
    post = made(program, channel, medium, scheduled_at=None)
    address = f"/posts/{post['id']}"
    meanwhile(lambda: program.delete(address))

    assert code(program.patch(address, planning(channel))) == (409, "changed_meanwhile")
    assert Post.objects.get().archived_at is not None
    assert Publication.objects.get().state == State.DRAFT


def test_what_was_withdrawn_meanwhile_is_not_approved(
    program, workspace, channel, medium, meanwhile
):
    carl = Program(member(workspace, Role.CONTRIBUTOR), workspace=workspace)
    post = made(carl, channel, medium)
    address = f"/publications/{post['publications'][0]['id']}"
    meanwhile(lambda: carl.post(f"{address}/unschedule"))

    assert code(program.post(f"{address}/approve", {"consent": True})) == (
        409,
        "changed_meanwhile",
    )
    assert Publication.objects.get().state == State.DRAFT


def test_a_call_slower_than_its_lease_does_not_do_it_again(program, channel, medium, meanwhile):
    """The repeat has taken it for dead, and has made the post."""
    again = []

    def repeat() -> None:
        RememberedAnswer.objects.update(lease_until=timezone.now())
        again.append(program.post("/posts/", body, **{"Idempotency-Key": "sunrise"}))

    body = planned(channel, medium)
    meanwhile(repeat)

    answer = program.post("/posts/", body, **{"Idempotency-Key": "sunrise"})

    assert code(answer) == (409, "idempotency_key_in_use")
    assert [each.status_code for each in again] == [201]
    assert Post.objects.get().pk == again[0].json()["id"]
    replayed = program.post("/posts/", body, **{"Idempotency-Key": "sunrise"})
    assert replayed.json() == again[0].json()


@pytest.mark.django_db(transaction=True)
def test_changing_and_removing_at_once_wait_for_each_other(alice, channel, medium):
    """Also where both want the post and its publications: nobody waits for ever."""
    posts = [made(Program(alice), channel, medium, scheduled_at=None)["id"] for _ in range(6)]

    def act(number: int) -> int:
        program, address = Program(alice), f"/posts/{posts[number // 4]}"
        if number % 2:
            answer = program.delete(address)
        else:
            publication = {"channel_id": channel.pk, "options": {"mood": "wild"}}
            answer = program.patch(address, {"caption": str(number), "publications": [publication]})
        connections.close_all()
        return answer.status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = set(pool.map(act, range(24)))

    assert statuses <= {200, 204, 404, 409}
    assert not Post.objects.filter(archived_at=None).exists()
