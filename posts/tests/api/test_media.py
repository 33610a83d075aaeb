"""Media by the API: streamed in, listed, and deleted while nothing needs them."""

import hashlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage

from accounts.models import Role
from accounts.tests.program import Program, code
from posts.media import receiving
from posts.models import Media, MediaState, Post
from posts.tests.people import member

pytestmark = [pytest.mark.django_db]

BYTES = b"\0\0\0\x18ftypmp42" + b"sunrise" * 100


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def named(content: bytes, name: str = "sunrise.mp4") -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def test_a_file_becomes_a_medium(program, alice):
    answer = program.send("/media/", file=named(BYTES))

    assert answer.status_code == 201
    medium = Media.objects.get()
    assert answer.json() == {
        "id": str(medium.pk),
        "kind": "video",
        "name": "sunrise.mp4",
        "state": "checking",
        "size": len(BYTES),
        "sha256": hashlib.sha256(BYTES).hexdigest(),
        "content_type": "",
        "width": None,
        "height": None,
        "duration": None,
        "frame_rate": None,
        "problems": [],
        "created_at": medium.created_at.isoformat().replace("+00:00", "Z"),
    }
    assert medium.uploaded_by == alice
    with default_storage.open(medium.storage_key) as stored:
        assert stored.read() == BYTES
    assert program.get(f"/media/{medium.pk}").json() == answer.json()
    assert program.get("/media/").json() == {"media": [answer.json()], "next_cursor": None}


def test_sent_twice_under_one_key_it_is_one(program, folder):
    program.headers["Idempotency-Key"] = "first"

    answers = [program.send("/media/", file=named(BYTES)) for _ in "12"]
    other = program.send("/media/", file=named(BYTES + b"!"))

    assert answers[0].json() == answers[1].json()
    assert code(other) == (409, "idempotency_key_reused")
    assert Media.objects.count() == 1
    assert list((folder / "incoming").iterdir()) == []


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, (422, ["file"])),
        ({"file": [named(BYTES), named(BYTES)]}, (422, ["file"])),
        ({"video": named(BYTES)}, (422, ["video"])),
        ({"file": "no file"}, (422, ["file"])),
        ({"file": named(BYTES), "name": "x"}, (422, ["name"])),
    ],
)
def test_a_wrong_form_is_refused_and_leaves_nothing(program, folder, sent, expected):
    answer = program.send("/media/", **sent)

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == expected
    assert not Media.objects.exists()
    assert not list((folder / "incoming").glob("*"))


def test_what_is_too_large_is_not_taken(program, settings):
    settings.MEDIA_SIZE_LIMIT = 100

    assert code(program.send("/media/", file=named(BYTES))) == (413, "too_large")


def test_a_full_disk_is_said_to_be_full(program, monkeypatch):
    monkeypatch.setattr(receiving, "DISK_RESERVE", 10**18)
    monkeypatch.setattr(receiving.StreamToDisk, "_need_room", _no_room)

    answer = program.send("/media/", file=named(BYTES))

    assert code(answer) == (503, "disk_full")
    assert answer["Retry-After"] == "600"


def _no_room(*_: object, **__: object) -> None:
    raise receiving.DiskFull


def test_json_is_no_file(program):
    assert code(program.post("/media/", {})) == (415, "unsupported_media_type")


def test_who_may_not_write_sends_nothing(workspace, folder):
    viewer = Program(member(workspace, Role.VIEWER), workspace=workspace)

    assert code(viewer.send("/media/", file=named(BYTES))) == (403, "forbidden")
    assert not (folder / "incoming").exists()


def test_a_medium_goes_with_its_bytes(program):
    medium_id = program.send("/media/", file=named(BYTES)).json()["id"]
    key = Media.objects.get().storage_key

    answer = program.delete(f"/media/{medium_id}")

    assert answer.status_code == 204
    assert not Media.objects.exists()
    assert not default_storage.exists(key)


def test_what_a_post_needs_stays(program, alice, workspace):
    medium_id = program.send("/media/", file=named(BYTES)).json()["id"]
    post = Post.objects.create(workspace=workspace, author=alice)
    post.set_media(list(Media.objects.all()))

    assert code(program.delete(f"/media/{medium_id}")) == (409, "in_use")
    assert default_storage.exists(Media.objects.get().storage_key)


def test_lists_are_filtered_and_paged(program):
    ids = [program.send("/media/", file=named(BYTES)).json()["id"] for _ in "123"]
    Media.objects.filter(pk=ids[0]).update(state=MediaState.REJECTED)

    def listed(**query) -> list[str]:
        return [each["id"] for each in program.get("/media/", **query).json()["media"]]

    assert listed() == ids[::-1]
    assert listed(state="checking") == [ids[2], ids[1]]
    assert listed(kind="photo") == []
    cursor = program.get("/media/", limit=2).json()["next_cursor"]
    assert listed(cursor=cursor) == [ids[0]]


def test_bob_finds_nothing_of_it(program, bob):
    medium_id = program.send("/media/", file=named(BYTES)).json()["id"]
    theirs = Program(bob)

    assert theirs.get("/media/").json()["media"] == []
    assert code(theirs.get(f"/media/{medium_id}")) == (404, "not_found")
    assert code(theirs.delete(f"/media/{medium_id}")) == (404, "not_found")
