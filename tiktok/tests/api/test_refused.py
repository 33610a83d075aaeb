"""What a call with a file, or for several accounts, is told when it can not be done."""

from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Channel, Health, Workspace
from accounts.tests.program import Program, code
from posts.api import checked
from posts.media.checking import check
from posts.models import Media, MediaState, Publication
from posts.tests.walk import bring
from tiktok.models import CallBudget

pytestmark = [pytest.mark.django_db]

ONE_CALL = "/api/v1/tiktok/posts/"
CHOICES = {"caption": "Sunrise", "privacy_level": "PUBLIC_TO_EVERYONE"}


def fields(answer: Any) -> dict[str, list[str]]:
    return answer.json()["error"]["fields"]


@pytest.fixture
def media_root(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def checks(media_root, transactional_db):
    """A worker that looks at what was uploaded."""
    done = Event()

    def look() -> None:
        while not done.wait(0.05):
            if medium := Media.claim_check(seconds=60):
                check(medium)
        connections.close_all()

    worker = Thread(target=look)
    worker.start()
    yield
    done.set()
    worker.join()


def test_why_a_file_is_refused_is_told(program, channel, checks, tmp_path):
    path = tmp_path / "words.mp4"
    path.write_text("no video at all")
    with path.open("rb") as video:
        answer = program.send(ONE_CALL, **CHOICES, consent="true", video=video)

    assert code(answer) == (422, "invalid")
    [said] = fields(answer)["video"]
    assert "MP4" in said
    assert not Media.objects.exists()


def test_few_calls_wait_for_checks_at_a_time(program, medium, channel):
    """The others are told to come again: pages and other calls need threads, too."""
    Media.objects.update(state=MediaState.CHECKING, check_at=timezone.now())
    body = CHOICES | {"media_id": str(medium.pk), "consent": True}
    taken = 0
    while checked.SEATS.acquire(blocking=False):
        taken += 1
    try:
        answer = program.post(ONE_CALL, body)
    finally:
        checked.SEATS.release(taken)

    assert code(answer) == (503, "still_checking")
    assert int(answer["Retry-After"]) > 0


def test_what_is_not_all_there_yet_is_not_waited_for(program, channel):
    upload = program.post("/uploads/", {"name": "a.mp4", "size": 10}).json()

    answer = program.post(ONE_CALL, CHOICES | {"media_id": upload["media_id"], "consent": True})

    assert (code(answer), list(fields(answer))) == ((422, "invalid"), ["media_id"])


def test_nobody_hears_of_the_files_of_others(bob, connect, medium):
    Media.objects.update(
        state=MediaState.REJECTED, problems=[{"code": "secret", "message": "A secret of Alice's."}]
    )
    theirs = Program(bob)
    connect(Workspace.personal_for(bob), "bob.films")
    body = CHOICES | {"consent": True}

    of_alice = theirs.post(ONE_CALL, body | {"media_id": str(medium.pk)})
    of_nobody = theirs.post(ONE_CALL, body | {"media_id": "00000000-0000-4000-8000-000000000000"})

    assert of_alice.status_code == 422
    assert of_alice.json() == of_nobody.json()


@pytest.mark.parametrize(
    ("choice", "is_of"),
    [
        ({"allow_duet": True}, "videos"),
        ({"allow_stitch": True}, "videos"),
        ({"cover_timestamp_ms": 500}, "videos"),
        ({"auto_add_music": True}, "photos"),
        ({"photo_cover_index": 1}, "photos"),
    ],
)
@pytest.mark.parametrize("consent", [True, False])
def test_no_choice_is_dropped_without_a_word(
    program, channel, medium, make_photo, choice, is_of, consent
):
    media = [make_photo(number) for number in range(2)] if is_of == "videos" else [medium]
    body = CHOICES | {"media_ids": [str(each.pk) for each in media], "consent": consent}

    answer = program.post(ONE_CALL, body | choice)

    assert (code(answer), fields(answer)) == (
        (422, "invalid"),
        {name: [f"Only {is_of} have this."] for name in choice},
    )


def test_a_tiktok_that_is_not_asked_often_enough_says_when(program, medium, channel):
    """It is no fault of what was sent, and the same can be sent again."""
    body = CHOICES | {"media_id": str(medium.pk), "consent": True}
    now = timezone.now()
    CallBudget.objects.update_or_create(
        channel=channel,
        call="creator_info",
        defaults={"window_began": now, "blocked_until": now + timedelta(seconds=40)},
    )

    answer = program.post(ONE_CALL, body, **{"Idempotency-Key": "sunrise"})

    assert code(answer) == (503, "tiktok_away")
    assert 30 <= int(answer["Retry-After"]) <= 40
    assert "we try again" not in answer.json()["error"]["message"]
    CallBudget.objects.update(blocked_until=None)
    assert program.post(ONE_CALL, body, **{"Idempotency-Key": "sunrise"}).status_code == 201


def test_of_several_accounts_all_go_or_none(program, alice, draft, channel, connect, workspace):
    failed = draft()
    bring(failed, "failed", by=alice)
    second = connect(workspace, "alice.second")
    body = {
        "publications": [
            {"channel_id": second.pk, "options": {"privacy_level": "PUBLIC_TO_EVERYONE"}}
        ]
    }
    assert program.patch(f"/posts/{failed.post_id}", body).status_code == 200
    Channel.objects.filter(pk=channel.pk).update(health=Health.PAUSED, paused_because="Stop.")

    answer = program.post(f"{ONE_CALL}{failed.post_id}/publish", {"consent": True})

    assert answer.status_code in {409, 422}
    assert sorted(Publication.objects.values_list("state", flat=True)) == ["draft", "failed"]
