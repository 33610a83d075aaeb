"""Uploading a file and showing it: what is taken, what is refused, and who may see it."""

import shutil
import uuid
from collections import namedtuple

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from posts.media import receiving
from posts.media.checking import check
from posts.models import Media, MediaState, Post
from posts.tests.media.photos import exif, saved, two_halves
from posts.tests.people import browser_of, member, said, words

pytestmark = pytest.mark.django_db

UPLOAD = reverse("posts:media_upload")


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"
    return settings.MEDIA_ROOT


def files_in(store):
    return sorted(str(path.relative_to(store)) for path in store.rglob("*") if path.is_file())


def a_file(content=b"some bytes", name="sunrise.mp4"):
    return SimpleUploadedFile(name, content, content_type="video/mp4")


def upload(browser, file=None, **fields):
    return browser.post(UPLOAD, fields | ({"file": file} if file else {}))


def checked():
    """Do what the drain does with what waits for its check."""
    medium = Media.claim_check(seconds=60)
    check(medium)
    medium.refresh_from_db()
    return medium


def shown(browser, name, medium, **headers):
    answer = browser.get(reverse(f"posts:media_{name}", args=[medium.pk]), headers=headers)
    return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_an_uploaded_video_is_stored_checked_and_played(alice, workspace, store, video_file):
    browser = browser_of(alice)
    content = video_file.read_bytes()

    upload(browser, a_file(content))

    medium = Media.objects.get()
    assert (medium.state, medium.workspace, medium.uploaded_by) == ("checking", workspace, alice)
    assert files_in(store) == [f"media/{medium.pk}"]

    medium = checked()
    assert (medium.state, medium.width, medium.height) == ("ready", 360, 640)
    assert files_in(store) == [f"media/{medium.pk}", f"media/{medium.pk}.jpg"]
    assert "Ready to post" in words(browser.get(reverse("posts:media_status", args=[medium.pk])))
    assert shown(browser, "file", medium)[1] == content
    assert shown(browser, "poster", medium)[1][:3] == b"\xff\xd8\xff"


def test_a_plain_form_leads_back_to_the_composer(alice):
    answer = upload(browser_of(alice), a_file())

    assert (
        answer.headers["Location"] == f"{reverse('posts:compose')}?media={Media.objects.get().pk}"
    )


def test_a_plain_form_leads_back_to_the_post_it_was_for(alice, workspace):
    post = Post.objects.create(workspace=workspace, author=alice)

    answer = upload(browser_of(alice), a_file(), post=str(post.pk))

    edit = reverse("posts:edit", args=[post.pk])
    assert answer.headers["Location"] == f"{edit}?media={Media.objects.get().pk}"
    assert browser_of(alice).get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("junk", ["x", "\x00", "../", str(uuid.UUID(int=1))])
def test_an_address_that_names_no_medium_shows_an_empty_composer(alice, junk):
    page = browser_of(alice).get(reverse("posts:compose"), {"media": junk})

    assert page.status_code == 200
    assert (page.context["media"], 'name="medium"' in page.content.decode()) == ([], False)


def test_an_uploaded_photo_is_shown_as_the_jpeg_that_is_posted(alice, store):
    browser = browser_of(alice)
    came = saved(two_halves(300, 400), "PNG", exif=exif())

    upload(browser, a_file(came, "beach.png"))
    assert Media.objects.get().kind == "photo"
    medium = checked()

    answer, content = shown(browser, "file", medium)
    assert (answer.headers["Content-Type"], content[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert 'filename="beach.jpg"' in answer.headers["Content-Disposition"]
    assert files_in(store) == [f"media/{medium.pk}-photo.jpg", f"media/{medium.pk}.jpg"]


# Refusals


def refused(browser, file, store):
    """Why it was not taken, after making sure that nothing of it is left."""
    answer = upload(browser, file)
    assert (Media.objects.count(), files_in(store)) == (0, [])
    [sentence] = said(browser.get(answer.headers["Location"]))
    return sentence


def test_no_file(alice, store):
    sentence = refused(browser_of(alice), None, store)

    assert sentence == "No file came with this. Please choose a video or photos first."


def test_a_file_that_is_too_large(alice, store, settings):
    settings.MEDIA_SIZE_LIMIT = 1_000_000

    sentence = refused(browser_of(alice), a_file(b"x" * 1_200_000), store)

    assert sentence.startswith("This file is larger than 0.001 GB")


def test_a_full_disk(alice, store, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**12, 10**12, 1_000_000))

    sentence = refused(browser_of(alice), a_file(), store)

    assert sentence.startswith("There is not enough room on the server for this file.")


def test_a_store_that_takes_nothing(alice, store):
    browser = browser_of(alice)
    store.mkdir()
    (store / "media").write_text("a file where a folder should be")

    page = browser.get(upload(browser, a_file()).headers["Location"])

    assert said(page) == [
        "The file arrived, but our store did not take it. Please upload it again."
    ]
    assert (Media.objects.count(), files_in(store)) == (0, ["media"])


def test_a_viewer_may_not_upload(workspace, store):
    answer = upload(browser_of(member(workspace, Role.VIEWER), workspace), a_file())

    assert (answer.status_code, Media.objects.count(), files_in(store)) == (403, 0, [])


def test_nobody_uploads_to_a_post_of_others(bob, alice, workspace, store):
    post = Post.objects.create(workspace=workspace, author=alice)

    answer = upload(browser_of(bob), a_file(), post=str(post.pk))

    assert (answer.status_code, Media.objects.count(), files_in(store)) == (404, 0, [])


def test_another_site_can_not_upload_in_alices_name(alice, store):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)

    answer = upload(browser, a_file())

    assert (answer.status_code, Media.objects.count(), files_in(store)) == (403, 0, [])


def test_a_name_with_tricks_is_only_a_name(alice, store):
    upload(browser_of(alice), a_file(name="..\\..\\etc\\passwd\u202egpj.mp4"))

    medium = Media.objects.get()
    assert medium.name == "passwdgpj.mp4"
    assert files_in(store) == [f"media/{medium.pk}"]


# Showing


@pytest.fixture
def medium(alice, video_file):
    upload(browser_of(alice), a_file(video_file.read_bytes()))
    return checked()


def test_a_player_may_jump(alice, medium, video_file):
    content = video_file.read_bytes()

    answer, part = shown(browser_of(alice), "file", medium, Range="bytes=100-199")

    assert (answer.status_code, part) == (206, content[100:200])
    assert answer.headers["Content-Range"] == f"bytes 100-199/{len(content)}"
    assert answer.headers["Content-Type"] == "video/mp4"


def test_what_a_browser_has_is_not_sent_again(alice, medium):
    browser = browser_of(alice)
    etag = shown(browser, "file", medium)[0].headers["ETag"]

    assert shown(browser, "file", medium, **{"If-None-Match": etag})[0].status_code == 304


@pytest.mark.parametrize("name", ["file", "poster", "status"])
def test_strangers_see_nothing(bob, medium, name):
    assert shown(browser_of(bob), name, medium)[0].status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_every_member_may_see_it(workspace, medium, role):
    browser = browser_of(member(workspace, role), workspace)

    assert shown(browser, "file", medium)[0].status_code == 200


def test_what_is_not_ready_is_not_shown(alice):
    upload(browser_of(alice), a_file())

    assert shown(browser_of(alice), "file", Media.objects.get())[0].status_code == 404


def test_a_file_that_vanished_is_not_found(alice, medium):
    default_storage.delete(medium.storage_key)

    assert shown(browser_of(alice), "file", medium)[0].status_code == 404


# Dismissing


def test_a_rejected_file_is_told_and_dismissed(alice, workspace, store):
    browser = browser_of(alice)
    upload(browser, a_file(b"just text"))
    medium = checked()
    post = Post.objects.create(workspace=workspace, author=alice)
    post.set_media([medium])
    page = words(browser.get(reverse("posts:media_status", args=[medium.pk])))
    assert "“sunrise.mp4” can not be posted" in page
    assert medium.problems[0]["message"] in page

    browser.post(reverse("posts:media_dismiss", args=[medium.pk]), headers={"HX-Request": "true"})

    assert (Media.objects.count(), post.ordered_media, files_in(store)) == (0, [], [])


def test_a_good_file_is_not_dismissed(alice, medium):
    browser_of(alice).post(reverse("posts:media_dismiss", args=[medium.pk]))

    assert Media.objects.get().state == MediaState.READY


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "²", "one"])
def test_a_number_of_nonsense_is_no_post(alice, store, number):
    answer = upload(browser_of(alice), a_file(), post=number)

    assert (answer.status_code, files_in(store)) == (404, [])


def test_receiving_never_takes_more_than_the_setting_says(settings):
    assert settings.MEDIA_SIZE_LIMIT == receiving.SIZE_LIMIT
