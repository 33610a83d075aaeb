"""TikTok by the API: a post in one call, and publishing it in another."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connections
from django.utils import timezone

from accounts.tests.program import code
from posts.media.checking import check
from posts.models import Approval, Media, Post, Publication
from posts.tests.story import work, work_until_rest
from tiktok.tests.story import inits, live, trouble, tune

pytestmark = [pytest.mark.django_db]

ONE_CALL = "/api/v1/tiktok/posts/"
AUTHORIZE = "/api/v1/auth/tiktok/authorize"
DISCONNECT = "/api/v1/auth/tiktok/disconnect"
CHOICES = {"caption": "Sunrise", "privacy_level": "PUBLIC_TO_EVERYONE"}


def fields(answer) -> list[str]:
    return list(answer.json()["error"]["fields"])


def test_a_draft_is_published_in_two_calls(program, alice, medium, channel, sandbox):
    made = program.post(ONE_CALL, CHOICES | {"media_id": str(medium.pk), "consent": True})

    assert made.status_code == 201
    post = made.json()
    assert (post["state"], post["kind"]) == ("draft", "video")
    assert post["publications"][0]["options"] == {
        "mode": "direct",
        "privacy_level": "PUBLIC_TO_EVERYONE",
        "allow_comment": False,
        "allow_duet": False,
        "allow_stitch": False,
        "brand_organic": False,
        "brand_content": False,
        "is_aigc": False,
        "cover_timestamp_ms": None,
        "photo_cover_index": 0,
        "auto_add_music": False,
    }
    answer = program.post(f"{ONE_CALL}{post['id']}/publish")
    assert answer.status_code == 202
    assert answer.json()["state"] == "scheduled"
    publication = Publication.objects.get()
    work_until_rest(publication)

    told = program.get(f"/posts/{post['id']}").json()["publications"][0]
    [video] = live(sandbox)
    assert (told["state"], told["post_id"]) == ("published", str(video["id"]))
    assert told["publish_id"] == publication.attempts.get().publish_id
    assert told["permalink"].endswith(f"/video/{video['id']}")
    assert (told["published_at"] is not None, told["failure"]) == (True, None)
    again = program.post(f"{ONE_CALL}{post['id']}/publish")
    assert code(again) == (409, "illegal_move")
    assert again.json()["error"]["state"] == "published"
    assert publication.approval.by == alice


def test_without_consent_nothing_is_published(program, medium, channel):
    post = program.post(ONE_CALL, CHOICES | {"media_id": str(medium.pk)}).json()
    address = f"{ONE_CALL}{post['id']}/publish"

    assert code(program.post(address)) == (422, "consent_required")
    assert "Music Usage Confirmation" in program.post(address).json()["error"]["message"]
    assert program.post(address, {"consent": True}).json()["state"] == "scheduled"


def test_consent_is_for_what_was_said_then(program, medium, channel):
    post = program.post(ONE_CALL, CHOICES | {"media_id": str(medium.pk), "consent": True}).json()
    program.patch(f"/posts/{post['id']}", {"caption": "Sunset"})

    answer = program.post(f"{ONE_CALL}{post['id']}/publish")

    assert code(answer) == (422, "consent_required")
    assert Approval.objects.count() == 1


def test_a_post_is_planned_in_one_call(program, medium, channel):
    at = (timezone.now() + timedelta(hours=2)).replace(microsecond=0)
    body = CHOICES | {"media_id": str(medium.pk), "consent": True, "scheduled_at": at.isoformat()}

    answer = program.post(ONE_CALL, body)

    assert answer.json()["state"] == "scheduled"
    assert Publication.objects.get().due_at == at


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"privacy_level": None}, "privacy_level"),
        ({"privacy_level": "FRIENDS_OF_MINE"}, "privacy_level"),
        ({"privacy_level": "SELF_ONLY", "brand_content": True}, "brand_content"),
        ({"cover_timestamp_ms": 99_000}, "cover_timestamp_ms"),
        ({"cover_timestamp_ms": -1}, "cover_timestamp_ms"),
        ({"mode": "carrier pigeon"}, "mode"),
        ({"title": "A title"}, "title"),
        ({"privacy": "x"}, "privacy"),
        ({"media_id": None}, "media_id"),
        ({"allow_comment": "perhaps"}, "allow_comment"),
    ],
)
def test_the_rules_are_those_of_the_composer(program, medium, channel, wrong, field):
    at = (timezone.now() + timedelta(hours=2)).isoformat()
    body = CHOICES | {"media_id": str(medium.pk), "consent": True, "scheduled_at": at}

    answer = program.post(ONE_CALL, body | wrong)

    assert (code(answer), fields(answer)) == ((422, "invalid"), [field])
    assert not Post.objects.exists()


def test_a_photo_is_no_video(program, make_photo, channel, tmp_path):
    make_photo()
    with (tmp_path / "photo-0.jpg").open("rb") as photo:
        answer = program.send(ONE_CALL, **CHOICES, video=photo)

    assert (code(answer), fields(answer)) == ((422, "invalid"), ["video"])
    assert Media.objects.count() == 1


def test_a_tiktok_that_can_not_be_asked_now_is_no_mistake_of_the_program(
    program, medium, channel, sandbox
):
    at = (timezone.now() + timedelta(hours=2)).isoformat()
    body = CHOICES | {"media_id": str(medium.pk), "consent": True, "scheduled_at": at}
    trouble(sandbox, "creator_info", "status", status=503, times=2)

    answer = program.post(ONE_CALL, body)

    assert code(answer) == (503, "tiktok_away")
    assert int(answer["Retry-After"]) > 0
    assert not Post.objects.exists()
    body["mode"] = "inbox"
    assert program.post(ONE_CALL, body).status_code == 201


def test_what_the_creator_has_switched_off_is_not_chosen(program, medium, connect, workspace):
    connect(workspace, "quiet", private=True)
    at = (timezone.now() + timedelta(hours=2)).isoformat()

    answer = program.post(
        ONE_CALL,
        {"media_id": str(medium.pk), "consent": True, "scheduled_at": at}
        | {"privacy_level": "PUBLIC_TO_EVERYONE"},
    )

    assert fields(answer) == ["privacy_level"]


def test_photos_have_a_title_and_a_cover(program, channel, make_photo):
    photos = [str(make_photo(number).pk) for number in range(3)]
    body = {"media_ids": photos, "title": "Three", "photo_cover_index": 2, "mode": "inbox"}

    post = program.post(ONE_CALL, body).json()

    assert (post["kind"], post["title"], post["media"]) == ("photos", "Three", photos)
    assert post["publications"][0]["options"]["photo_cover_index"] == 2
    at = (timezone.now() + timedelta(hours=2)).isoformat()
    beyond = program.post(
        ONE_CALL,
        body
        | CHOICES
        | {"mode": "direct", "consent": True, "scheduled_at": at}
        | {"photo_cover_index": 3},
    )
    assert fields(beyond) == ["photo_cover_index"]


def test_a_file_comes_along(program, channel, video_file, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    with video_file.open("rb") as video:
        answer = program.send(ONE_CALL, **CHOICES, allow_comment="true", video=video)

    assert answer.status_code == 201
    medium = Media.objects.get()
    assert answer.json()["media"] == [str(medium.pk)]
    assert answer.json()["publications"][0]["options"]["allow_comment"] is True


def test_what_came_along_goes_when_the_rest_is_refused(program, channel, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    path = tmp_path / "words.txt"
    path.write_text("no video at all")
    at = (timezone.now() + timedelta(hours=2)).isoformat()
    with path.open("rb") as video:
        answer = program.send(ONE_CALL, **CHOICES, scheduled_at=at, video=video)

    assert code(answer) == (422, "consent_required")
    assert not Media.objects.exists()
    assert list((tmp_path / "media" / "media").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_call_waits_for_the_check_of_its_file(program, channel, video_file, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    done = Event()

    def look() -> None:
        while not done.wait(0.05):
            if medium := Media.claim_check(seconds=60):
                check(medium)
        connections.close_all()

    worker = Thread(target=look)
    worker.start()
    try:
        with video_file.open("rb") as video:
            answer = program.send(ONE_CALL, **CHOICES, consent="true", video=video)
    finally:
        done.set()
        worker.join()

    assert answer.status_code == 201, answer.content
    assert Media.objects.get().is_ready
    assert program.post(f"{ONE_CALL}{answer.json()['id']}/publish").status_code == 202


def test_without_an_account_there_is_nowhere_to_post(program, medium):
    assert fields(program.post(ONE_CALL, {"media_id": str(medium.pk)})) == ["channel_id"]


@pytest.mark.django_db(transaction=True)
def test_twenty_publish_at_once_and_it_goes_out_once(program, medium, channel, sandbox):
    tune(sandbox, rate_window_seconds=0.1)
    post = program.post(ONE_CALL, CHOICES | {"media_id": str(medium.pk), "consent": True}).json()
    statuses = []

    def publish() -> None:
        statuses.append(program.post(f"{ONE_CALL}{post['id']}/publish").status_code)
        connections.close_all()

    threads = [Thread(target=publish) for _ in range(20)]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()
    work_until_rest(Publication.objects.get())

    # 503: TikTok could not be asked so often in a minute; 409: another was quicker.
    assert set(statuses) <= {202, 409, 503}
    assert 202 in statuses
    assert len(live(sandbox)) == len(inits(sandbox)) == 1
