"""People change their minds while a post goes out: entirely before, between blocks, or too late.

A worker of its own thread is stopped by the sandbox at one moment of its work; meanwhile somebody
acts. Whatever TikTok has in the end is what a person approved, to the byte.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Health
from posts import planning
from posts.errors import IllegalMove, LeaseLost, TooLate
from posts.leases import Lease
from posts.models import Publication
from posts.tests.story import work, work_until_rest
from tiktok import oauth
from tiktok.publishing.sending import send
from tiktok.tests.stage import padded_video
from tiktok.tests.story import inits, live, trouble

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]

LARGE = 20_000_000  # bytes: more than what the sockets between us and TikTok take in

# Where TikTok stops the worker.
BEFORE_THE_INIT = {"endpoint": "creator_info"}
IN_THE_INIT = {"endpoint": "video_init"}
IN_MID_UPLOAD = {"endpoint": "upload", "after_bytes": 1_000_000}
AT_THE_LAST_BLOCK = {"endpoint": "upload", "after_bytes": LARGE}
AT_THE_ANSWER = {"endpoint": "upload", "effect": True}  # TikTok has everything
IN_TIME = [BEFORE_THE_INIT, IN_THE_INIT, IN_MID_UPLOAD]
TOO_LATE = [AT_THE_LAST_BLOCK, AT_THE_ANSWER]


@pytest.fixture
def film(make_medium, workspace, video_file, tmp_path):
    return make_medium(workspace, padded_video(video_file, tmp_path / "film.mp4", LARGE))


@pytest.fixture
def sunrise(plan, film) -> Publication:
    return plan(media=[film], caption="Sunrise")


@contextmanager
def a_worker_stopped_at(moment: dict[str, Any], sandbox) -> Iterator[None]:
    """A worker is at it, and TikTok holds it there until the block is over."""
    number = trouble(sandbox, kind="hold", **moment)

    def serve() -> None:
        work()
        connection.close()

    worker = threading.Thread(target=serve, daemon=True)
    worker.start()
    assert sandbox.wait_for_trouble(number, seconds=30)
    try:
        yield
    finally:
        sandbox.release_trouble(number)
        worker.join(timeout=60)
    assert not worker.is_alive()


def edit(publication: Publication, by) -> None:
    post = publication.post
    planning.schedule_post(
        by=by,
        workspace=post.workspace,
        content=planning.Content(
            caption="Sunset", media=post.ordered_media, channel=publication.channel
        ),
        options={"privacy_level": "SELF_ONLY"},
        due_at=timezone.now(),
        post=post,
    )


def reschedule(publication: Publication, by) -> None:
    publication.reschedule(timezone.now() + timedelta(days=1), by=by)


def save_as_draft(publication: Publication, by) -> None:
    post = publication.post
    content = planning.Content(caption="Sunset", media=post.ordered_media)
    planning.save_draft(by=by, workspace=post.workspace, content=content, post=post)


def pause(publication: Publication, by) -> None:
    publication.pause(by=by)


CHANGES: list[Callable[..., None]] = [edit, reschedule, save_as_draft, pause]


def what_is_live(sandbox, film) -> list[str]:
    """The captions; and each video is the approved file."""
    shown = live(sandbox)
    assert all(video["sha256"] == film.sha256 for video in shown)
    return [body["post_info"]["title"] for body in inits(sandbox)] if shown else []


@pytest.mark.parametrize("moment", [*IN_TIME, *TOO_LATE], ids=str)
def test_what_is_being_sent_is_not_changed(moment, sunrise, film, sandbox, alice):
    with a_worker_stopped_at(moment, sandbox):
        for change in CHANGES:
            with pytest.raises(TooLate, match="already on its way"):
                change(Publication.objects.get(pk=sunrise.pk), alice)
        with pytest.raises(IllegalMove, match="can still go out"):
            planning.archive(sunrise.post, by=alice)

    work_until_rest(sunrise)

    assert sunrise.state == "published"
    assert what_is_live(sandbox, film) == ["Sunrise"]
    assert sunrise.attempts.get().digest == sunrise.approval.digest


@pytest.mark.parametrize("moment", IN_TIME, ids=str)
def test_a_cancel_stops_it_before_the_last_block(moment, sunrise, film, sandbox, alice):
    with a_worker_stopped_at(moment, sandbox):
        assert sunrise.cancel(by=alice) is False

    sunrise.refresh_from_db()
    assert (sunrise.state, sunrise.next_step_at) == ("canceled", None)
    assert live(sandbox) == []


@pytest.mark.parametrize("moment", TOO_LATE, ids=str)
def test_a_cancel_after_the_last_block_is_too_late(moment, sunrise, film, sandbox, alice):
    with a_worker_stopped_at(moment, sandbox), pytest.raises(TooLate):
        sunrise.cancel(by=alice)

    work_until_rest(sunrise)

    assert what_is_live(sandbox, film) == ["Sunrise"]


@pytest.mark.parametrize("moment", IN_TIME, ids=str)
def test_disconnecting_stops_it_before_the_last_block(moment, sunrise, sandbox, alice):
    with a_worker_stopped_at(moment, sandbox):
        with pytest.raises(oauth.StillBusy):
            oauth.disconnect(sunrise.channel, by=alice)
        oauth.disconnect(sunrise.channel, by=alice, now=True)

    sunrise.refresh_from_db()
    assert (sunrise.state, sunrise.held_reason) == ("held", "reconnect")
    assert live(sandbox) == []


def test_disconnecting_after_the_last_block_leaves_it_to_tiktok(sunrise, film, sandbox, alice):
    with a_worker_stopped_at(AT_THE_ANSWER, sandbox):
        oauth.disconnect(sunrise.channel, by=alice, now=True)

    sunrise.refresh_from_db()
    assert sunrise.state == "processing"
    assert what_is_live(sandbox, film) == ["Sunrise"]


# Between the claim and the first move of its worker.


@pytest.mark.parametrize("change", [*CHANGES, Publication.cancel])
def test_what_is_only_claimed_is_still_its_persons(change, sunrise, sandbox, alice):
    taken, lease = Lease.claim(by="a worker", stop=Event())
    change(Publication.objects.get(pk=sunrise.pk), by=alice)

    with pytest.raises(LeaseLost):
        send(taken, lease)

    assert inits(sandbox) == []


def test_an_edit_of_what_is_claimed_is_what_goes_out(sunrise, film, sandbox, alice):
    taken, lease = Lease.claim(by="a worker", stop=Event())
    edit(Publication.objects.get(pk=sunrise.pk), alice)
    with pytest.raises(LeaseLost):
        send(taken, lease)

    work_until_rest(sunrise)

    assert what_is_live(sandbox, film) == ["Sunset"]


def test_what_is_claimed_does_not_outlive_its_account(sunrise, sandbox, alice):
    taken, lease = Lease.claim(by="a worker", stop=Event())
    oauth.disconnect(sunrise.channel, by=alice)
    assert sunrise.channel.health == Health.DISCONNECTED

    with pytest.raises(LeaseLost):
        send(taken, lease)

    assert inits(sandbox) == []
