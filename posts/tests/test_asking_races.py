"""Several people at one request at the same moment: one of them is obeyed, the others are told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Role
from posts.errors import IllegalMove
from posts.models import Publication
from posts.planning import Content, request_approval, save_draft
from posts.tests.people import member
from posts.tests.plain_platform import a_channel, a_publication

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]


# Who waits, and is at work in this database: other tests run beside this one.
WAITS_HERE = """
    SELECT count(*) FROM pg_locks AS waits JOIN pg_locks AS works USING (pid)
    WHERE NOT waits.granted
      AND works.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
def carol(workspace):
    return member(workspace, Role.CONTRIBUTOR)


@pytest.fixture
def asked(carol, workspace, plain):
    publication = a_publication(carol, a_channel(workspace))
    publication.ask_for_approval(by=carol, due_at=timezone.now() + timedelta(days=1))
    return publication


class Person(threading.Thread):
    """Does one thing, over a database connection of their own."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act, self.refused = act, ""
        self.start()

    def run(self) -> None:
        try:
            self.act()
        except (IllegalMove, PermissionDenied) as error:
            self.refused = str(error)
        finally:
            connection.close()

    def done(self) -> str:
        """Why they were refused; empty when they were obeyed."""
        self.join(timeout=60)
        assert not self.is_alive()
        return self.refused


def wait_until_somebody_waits(*, seconds: int = 60) -> None:
    """For a row that this transaction has locked."""
    pause = threading.Event()
    for _ in range(seconds * 20):
        with connection.cursor() as cursor:
            cursor.execute(WAITS_HERE)
            if cursor.fetchone()[0]:
                return
        pause.wait(0.05)
    raise AssertionError(f"nobody has come to wait within {seconds} s")


@contextmanager
def first(act: Callable[[], object]) -> Iterator[None]:
    """`act` is done, and the others see it only once they have come to wait for it."""
    with transaction.atomic():
        act()
        yield
        if connection.vendor == "postgresql":
            wait_until_somebody_waits()


def edit_of(publication: Publication, carol, caption: str) -> dict[str, object]:
    post = Publication.objects.get(pk=publication.pk).post
    content = Content(caption=caption, media=post.ordered_media, channel=publication.channel)
    return {"by": carol, "workspace": post.workspace, "post": post, "content": content}


def test_of_two_who_approve_at_once_the_second_hears_who_was_faster(asked, alice, workspace):
    erin = member(workspace, Role.EDITOR)
    seen = asked.asked_digest()

    with first(lambda: asked.approve(by=alice, seen=seen)):
        other = Person(lambda: Publication.objects.get(pk=asked.pk).approve(by=erin, seen=seen))

    assert other.done() == "alice has approved this already."
    assert asked.approvals.count() == 1


def test_who_approves_while_the_author_asks_for_something_else_is_told(asked, alice, carol):
    seen = asked.asked_digest()

    def ask_again():
        request_approval(**edit_of(asked, carol, "Sunset"), options={"mood": "calm"},
                         due_at=asked.due_at)  # fmt: skip

    with first(ask_again):
        alices = Person(lambda: Publication.objects.get(pk=asked.pk).approve(by=alice, seen=seen))

    assert alices.done() == (
        "This has changed since you looked at it. Look at it once more, then press again."
    )
    asked.refresh_from_db()
    assert (asked.state, asked.approvals.count()) == ("awaiting_approval", 0)


def test_an_approval_under_way_does_not_take_in_a_later_edit(asked, alice, carol):
    """The author has written something else, which nobody could see before it was approved."""
    edits = edit_of(asked, carol, "Sunset")

    with first(lambda: asked.approve(by=alice)):
        author = Person(lambda: save_draft(**edits))

    assert author.done().startswith("Your role in alice's workspace does not let you approve")
    asked.refresh_from_db()
    assert (asked.state, asked.caption, asked.post.caption) == ("scheduled", "Sunrise", "Sunrise")


def test_without_a_digest_whatever_is_asked_for_then_is_approved(asked, alice, carol):
    """Never a mixture: what is frozen is what the post says after the wait."""
    edits = edit_of(asked, carol, "Sunset")
    ask = {"options": {"mood": "calm"}, "due_at": asked.due_at}

    with first(lambda: request_approval(**edits, **ask)):
        alices = Person(lambda: Publication.objects.get(pk=asked.pk).approve(by=alice))

    assert alices.done() == ""
    asked.refresh_from_db()
    assert (asked.state, asked.caption, asked.is_as_approved()) == ("scheduled", "Sunset", True)
