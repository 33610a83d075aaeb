"""Uploads in parts: in any order, again, later; kept in a folder and in an S3 store."""

import hashlib
from datetime import timedelta

import pytest
import requests
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Role
from accounts.tests.program import Program, code
from posts.chores import _tidy
from posts.media import parts
from posts.media.checking import check
from posts.models import Media, Upload
from posts.tests.people import member

pytestmark = [pytest.mark.django_db]

PART = 6_000_000  # bytes; S3 takes no smaller ones
BYTES = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 50_000
TYPE = "application/octet-stream"


def begin(program, size: int = len(BYTES)) -> dict[str, object]:
    answer = program.post("/uploads/", {"name": "sunrise.mp4", "size": size})
    assert answer.status_code == 201, answer.content
    return answer.json()


def part(number: int) -> bytes:
    return BYTES[(number - 1) * PART : number * PART]


def put(program, upload, number: int, content: bytes):
    return program.client.generic(
        "PUT",
        f"/uploads/{upload['id']}/parts/{number}",
        content,
        content_type=TYPE,
        headers=program.headers,
    )


def test_parts_become_a_medium(program, parts_store):
    upload = begin(program)
    assert (upload["part_size"], upload["part_count"], upload["received"]) == (PART, 3, [])

    for number in (3, 1, 1, 2):
        answer = put(program, upload, number, part(number))
        assert answer.json() == {
            "number": number,
            "size": len(part(number)),
            "sha256": hashlib.sha256(part(number)).hexdigest(),
        }
    assert program.get(f"/uploads/{upload['id']}").json()["received"] == [1, 2, 3]
    done = program.post(f"/uploads/{upload['id']}/complete")

    assert (done.status_code, done.json()["id"]) == (201, upload["media_id"])
    assert (done.json()["state"], done.json()["size"]) == ("checking", len(BYTES))
    with default_storage.open(Media.objects.get().storage_key) as stored:
        assert stored.read() == BYTES
    assert not Upload.objects.exists()
    assert code(program.get(f"/uploads/{upload['id']}")) == (404, "not_found")


def test_what_is_missing_is_named(program, parts_store):
    upload = begin(program)
    put(program, upload, 2, part(2))

    answer = program.post(f"/uploads/{upload['id']}/complete")

    assert code(answer) == (409, "parts_missing")
    assert "1, 3" in answer.json()["error"]["message"]
    assert program.get(f"/uploads/{upload['id']}").json()["received"] == [2]


@pytest.mark.parametrize("content", [part(1)[:-1], part(1) + b"!"])
def test_a_part_has_its_length(program, parts_store, content):
    upload = begin(program)

    assert code(put(program, upload, 1, content)) == (422, "wrong_part")
    assert program.get(f"/uploads/{upload['id']}").json()["received"] == []


@pytest.mark.parametrize("number", [0, 4, 10**9])
def test_there_are_no_other_parts(program, parts_store, number):
    assert put(program, begin(program), number, part(1)).status_code in {404, 422}


def test_a_part_goes_past_us_to_the_store(program, parts_store):
    upload = begin(program)
    address = program.post(f"/uploads/{upload['id']}/parts/1/address")
    if parts_store == "folder":
        assert code(address) == (409, "no_address")
        return

    sent = requests.put(address.json()["url"], data=part(1), timeout=30)

    assert sent.status_code == 200, sent.text
    assert program.get(f"/uploads/{upload['id']}").json()["received"] == [1]


def test_an_upload_is_given_up(program, parts_store, tmp_path):
    upload = begin(program)
    put(program, upload, 1, part(1))

    assert program.delete(f"/uploads/{upload['id']}").status_code == 204

    assert (Upload.objects.count(), Media.objects.count()) == (0, 0)
    assert [each for each in (tmp_path / "media").rglob("*") if each.is_file()] == []


def test_it_goes_with_its_medium_too(program, parts_store, tmp_path):
    upload = begin(program)
    put(program, upload, 1, part(1))

    assert program.delete(f"/media/{upload['media_id']}").status_code == 204

    assert (Upload.objects.count(), Media.objects.count()) == (0, 0)
    assert [each for each in (tmp_path / "media").rglob("*") if each.is_file()] == []


def test_what_a_post_waits_for_stays(program, parts_store):
    upload = begin(program)
    program.post("/posts/", {"media": [upload["media_id"]]})

    for address in (f"/uploads/{upload['id']}", f"/media/{upload['media_id']}"):
        assert code(program.delete(address)) == (409, "in_use")
    Upload.objects.update(created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
    _tidy()
    assert put(program, upload, 1, part(1)).status_code == 200


def test_without_room_nothing_is_begun(program, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(parts, "DISK_RESERVE", 10**18)

    answer = program.post("/uploads/", {"name": "sunrise.mp4", "size": 10})

    assert code(answer) == (503, "disk_full")
    assert (Upload.objects.count(), Media.objects.count()) == (0, 0)


def test_what_nobody_goes_on_with_is_forgotten_after_a_day(program, parts_store):
    upload = begin(program)
    put(program, upload, 1, part(1))
    Media.objects.update(created_at=timezone.now() - timedelta(hours=12))
    _tidy()
    assert Upload.objects.exists()
    Upload.objects.update(created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())

    _tidy()

    assert (Upload.objects.count(), Media.objects.count()) == (0, 0)


def test_completing_again_after_a_crash_is_no_harm(program, parts_store, monkeypatch):
    upload = begin(program)
    for number in (1, 2, 3):
        put(program, upload, number, part(number))
    with monkeypatch.context() as crash:
        crash.setattr(Upload, "delete", _die)
        with pytest.raises(ZeroDivisionError):
            program.post(f"/uploads/{upload['id']}/complete")

    assert program.post(f"/uploads/{upload['id']}/complete").status_code == 201


def _die(*_: object) -> None:
    raise ZeroDivisionError


def test_the_check_finds_the_digest(program, parts_store, video_file):
    content = video_file.read_bytes()
    upload = begin(program, len(content))
    put(program, upload, 1, content)
    program.post(f"/uploads/{upload['id']}/complete")

    check(Media.claim_check(seconds=60))

    told = program.get(f"/media/{upload['media_id']}").json()
    assert (told["state"], told["sha256"]) == ("ready", hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"name": "x", "size": 0}, (422, "invalid")),
        ({"name": "x", "size": 4_000_000_001}, (413, "too_large")),
        ({"name": "", "size": 1}, (422, "invalid")),
        ({"name": "x"}, (422, "invalid")),
    ],
)
def test_an_upload_has_a_name_and_a_size(program, body, expected):
    assert code(program.post("/uploads/", body)) == expected


def test_others_find_nothing_of_it(program, bob, workspace, parts_store):
    upload = begin(program)
    theirs = Program(bob)
    viewer = Program(member(workspace, Role.VIEWER), workspace=workspace)

    assert code(theirs.get(f"/uploads/{upload['id']}")) == (404, "not_found")
    assert code(put(theirs, upload, 1, part(1))) == (404, "not_found")
    assert code(theirs.delete(f"/uploads/{upload['id']}")) == (404, "not_found")
    assert code(put(viewer, upload, 1, part(1))) == (403, "forbidden")
