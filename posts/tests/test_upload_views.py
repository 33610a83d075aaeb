"""Uploading in parts with the session of a browser: who may, what is there, and what is refused."""

import hashlib

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import Role, Workspace
from posts.models import Media, Post, Upload
from posts.tests.people import browser_of, member, words

pytestmark = pytest.mark.django_db

PART = 6_000_000  # bytes
BYTES = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 50_000
PARTS = [BYTES[:PART], BYTES[PART : 2 * PART], BYTES[2 * PART :]]
JSON = "application/json"


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"
    settings.UPLOAD_PART_SIZE = PART
    return settings.MEDIA_ROOT


@pytest.fixture
def browser(alice) -> Client:
    return browser_of(alice)


def address(name: str, *arguments: object) -> str:
    return reverse(f"posts:{name}", args=arguments)


def begin(browser, **wishes):
    wish = {"name": "sunrise.mp4", "size": len(BYTES)} | wishes
    return browser.post(address("uploads"), wish, content_type=JSON)


def begun(browser, **wishes) -> str:
    answer = begin(browser, **wishes)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def put(browser, upload: str, number: int, content: bytes | None = None):
    bytes_ = PARTS[number - 1] if content is None else content
    return browser.put(
        address("upload_part", upload, number), bytes_, content_type="application/octet-stream"
    )


def code(answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_parts_become_a_medium(browser, alice, workspace):
    upload = begun(browser)
    for number in (3, 1):
        put(browser, upload, number)

    there = browser.get(address("upload", upload)).json()
    assert (there["part_size"], there["part_count"], there["received"]) == (PART, 3, [1, 3])
    assert there["sha256"] == {"1": sha256(PARTS[0]), "3": sha256(PARTS[2])}
    put(browser, upload, 2)
    done = browser.post(address("upload_complete", upload))

    medium = Media.objects.get()
    assert (done.status_code, done.json()["id"]) == (201, str(medium.pk))
    assert (medium.state, medium.workspace, medium.uploaded_by) == ("checking", workspace, alice)
    with default_storage.open(medium.storage_key) as stored:
        assert sha256(stored.read()) == sha256(BYTES)


def test_what_is_unfinished_is_shown_until_it_is_deleted(browser):
    upload = begun(browser)
    assert words(browser.get(address("uploads_unfinished"))).startswith("<section") is False
    put(browser, upload, 1)

    page = words(browser.get(address("uploads_unfinished")))
    assert "sunrise.mp4" in page
    assert "46 % is here" in page
    assert "6.0 MB of 12.8 MB" in page

    assert browser.delete(address("upload", upload)).status_code == 204
    assert "sunrise.mp4" not in words(browser.get(address("uploads_unfinished")))
    assert (Upload.objects.count(), Media.objects.count()) == (0, 0)


def test_an_upload_belongs_where_the_post_is(browser, alice, make_person):
    team = Workspace.objects.create(name="Team")
    team.memberships.create(user=alice, role=Role.CONTRIBUTOR)
    post = Post.objects.create(workspace=team, author=alice)

    upload = begun(browser, post=str(post.pk))
    put(browser, upload, 1)

    assert Media.objects.get().workspace == team
    unfinished = address("uploads_unfinished")
    assert "sunrise.mp4" not in words(browser_of(alice).get(unfinished))
    assert "sunrise.mp4" in words(browser.get(unfinished, {"post": post.pk}))
    assert begin(browser_of(make_person("carol")), post=str(post.pk)).status_code == 404


def test_nobody_else_finds_it_not_even_in_the_same_workspace(browser, bob, workspace):
    upload = begun(browser)
    put(browser, upload, 1)
    editor = browser_of(member(workspace, Role.EDITOR), workspace)

    for other in (editor, browser_of(bob)):
        assert code(other.get(address("upload", upload))) == (404, "not_found")
        assert code(put(other, upload, 2)) == (404, "not_found")
        assert code(other.post(address("upload_complete", upload))) == (404, "not_found")
        assert code(other.delete(address("upload", upload))) == (404, "not_found")
        assert "sunrise.mp4" not in words(other.get(address("uploads_unfinished")))


def test_who_was_removed_can_not_go_on(workspace):
    writer = member(workspace, Role.CONTRIBUTOR)
    browser = browser_of(writer, workspace)
    upload = begun(browser)
    put(browser, upload, 1)

    workspace.memberships.filter(user=writer).update(role=Role.VIEWER)
    assert code(put(browser, upload, 2)) == (403, "forbidden")
    workspace.memberships.filter(user=writer).delete()

    assert code(put(browser, upload, 2)) == (404, "not_found")
    assert code(browser.post(address("upload_complete", upload))) == (404, "not_found")
    assert Upload.objects.get().parts.keys() == {"1"}


def test_another_site_can_not_upload_in_alices_name(alice):
    upload = begun(browser_of(alice))
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)

    refused = [
        begin(strict),
        put(strict, upload, 1),
        strict.post(address("upload_complete", upload)),
        strict.delete(address("upload", upload)),
    ]

    assert [answer.status_code for answer in refused] == [403, 403, 403, 403]
    assert (Upload.objects.count(), Upload.objects.get().parts) == (1, {})


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ({"size": 0}, (422, "invalid")),
        ({"size": 4_000_000_001}, (413, "too_large")),
        ({"kind": "poem"}, (422, "invalid")),
        ({"post": "x"}, (404, "not_found")),
        ({"more": 1}, (422, "invalid")),
    ],
)
def test_what_can_not_be_begun(browser, wish, expected):
    assert code(begin(browser, **wish)) == expected
    assert Media.objects.count() == 0


def test_a_part_never_becomes_another_one(browser):
    upload = begun(browser)
    put(browser, upload, 1)

    assert put(browser, upload, 1).status_code == 200
    assert code(put(browser, upload, 1, b"!" * PART)) == (409, "other_bytes")
    assert code(put(browser, upload, 4, b"!")) == (422, "wrong_part")
    assert code(put(browser, upload, 2, b"!")) == (422, "wrong_part")
    assert code(browser.post(address("upload_part_address", upload, 2), {}, content_type=JSON)) == (
        409,
        "no_address",
    )

    assert browser.get(address("upload", upload)).json()["sha256"] == {"1": sha256(PARTS[0])}
