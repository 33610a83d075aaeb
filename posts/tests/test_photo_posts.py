"""A post of several photos, with a small real platform: their order, and what becomes of them."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from posts.models import Media, MediaKind, MediaState, Post, Publication
from posts.tests.composer_form import everything
from posts.tests.media.photos import saved, two_halves
from posts.tests.people import browser_of, words
from posts.tests.plain_platform import a_channel, a_medium

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain")]

COMPOSE = reverse("posts:compose")


def a_photo(workspace, name):
    medium = a_medium(workspace, name)
    medium.kind, medium.content_type = MediaKind.PHOTO, "image/jpeg"
    medium.sha256 = hashlib.sha256(name.encode()).hexdigest()
    medium.save()
    return medium


@pytest.fixture
def photos(workspace):
    return [a_photo(workspace, f"{name}.jpg") for name in ("beach", "dune", "sea")]


def keys(media):
    return [str(medium.pk) for medium in media]


@pytest.fixture
def sent(workspace, photos):
    form = everything(workspace, a_channel(workspace))
    return form | {"medium": keys(photos), "title": "At the sea", "press": "schedule"}


def names(media):
    return [medium.name for medium in media]


def test_photos_go_out_in_their_order_with_title_and_description(alice, sent, photos):
    beach, dune, sea = photos

    browser_of(alice).post(COMPOSE, sent | {"medium": keys([sea, beach, dune])})

    publication = Publication.objects.get()
    assert (publication.state, publication.title, publication.caption) == (
        "scheduled", "At the sea", "Sunrise",
    )  # fmt: skip
    assert publication.shown_media == [sea, beach, dune]
    assert (publication.shows_photos, publication.is_as_approved()) == (True, True)


def test_another_order_is_another_content(alice, sent, photos):
    browser_of(alice).post(COMPOSE, sent)
    publication = Publication.objects.get()

    publication.items.filter(position=0).update(position=9)

    assert not publication.is_as_approved()


def test_a_photo_that_is_named_twice_is_there_once(alice, sent, photos):
    browser_of(alice).post(COMPOSE, sent | {"medium": keys([*photos, photos[0]])})

    assert Post.objects.get().ordered_media == photos


@pytest.mark.parametrize(
    ("button", "order"),
    [
        ("earlier", ["dune.jpg", "beach.jpg", "sea.jpg"]),
        ("later", ["beach.jpg", "sea.jpg", "dune.jpg"]),
        ("remove", ["beach.jpg", "sea.jpg"]),
    ],
)
def test_without_scripts_buttons_change_the_order(alice, sent, photos, button, order):
    press = {"press": f"arrange {button} {photos[1].pk}"}

    page = browser_of(alice).post(COMPOSE, sent | press)

    assert names(page.context["media"]) == order
    assert page.context["compose"]["title"].value() == "At the sea"
    assert "field-errors" not in page.content.decode()
    assert Post.objects.count() == 0


def test_the_first_photo_does_not_fall_off_the_front(alice, sent, photos):
    page = browser_of(alice).post(COMPOSE, sent | {"press": f"arrange earlier {photos[0].pk}"})

    assert names(page.context["media"]) == ["beach.jpg", "dune.jpg", "sea.jpg"]


@pytest.mark.parametrize("junk", ["earlier", "earlier x", "sideways {}", "remove {} {}", ""])
def test_an_arrangement_of_nonsense_is_not_there(alice, sent, photos, junk):
    press = {"press": f"arrange {junk}".format(photos[0].pk, photos[1].pk)}

    assert browser_of(alice).post(COMPOSE, sent | press).status_code == 404


@pytest.mark.parametrize("junk", ["x", "\x00", "-1", "9" * 400])
def test_a_medium_that_is_none_is_said(alice, sent, junk):
    page = browser_of(alice).post(COMPOSE, sent | {"medium": [junk]})

    assert page.context["compose"].errors["medium"] == [
        "A file of this post is not there any more. Upload it again."
    ]


def test_the_title_belongs_to_photos_only(alice, sent, workspace):
    video = a_medium(workspace, "sunset.mp4")

    browser_of(alice).post(COMPOSE, sent | {"medium": str(video.pk)})

    assert (Post.objects.get().title, Publication.objects.get().title) == ("", "")


def test_a_draft_of_photos_survives_a_reload(alice, sent, photos):
    browser = browser_of(alice)
    browser.post(reverse("posts:autosave"), sent | {"medium": keys(reversed(photos))})

    page = browser.get(reverse("posts:edit", args=[Post.objects.get().pk]))

    assert names(page.context["media"]) == ["sea.jpg", "dune.jpg", "beach.jpg"]
    assert page.context["compose"]["title"].value() == "At the sea"


@pytest.mark.parametrize("state", [MediaState.CHECKING, MediaState.REJECTED])
def test_one_photo_that_is_not_ready_holds_all(alice, sent, photos, state):
    Media.objects.filter(pk=photos[2].pk).update(state=state)

    page = browser_of(alice).post(COMPOSE, sent)

    assert (page.status_code, Post.objects.count()) == (200, 0)
    assert page.context["compose"].errors["medium"][0].split(" ")[1] == "photo"


def test_list_and_page_of_the_post_show_photos(alice, sent, photos):
    browser = browser_of(alice)
    browser.post(COMPOSE, sent)

    row = words(browser.get(reverse("posts:list")))
    assert "At the sea</a>" in row
    assert "3 photos" in row
    page = words(browser.get(reverse("posts:detail", args=[Post.objects.get().pk])))
    assert "<h2>3 photos</h2>" in page
    places = [page.index(reverse("posts:media_file", args=[photo.pk])) for photo in photos]
    assert places == sorted(places)


# What the page fetches while photos arrive


def test_the_part_of_the_page_has_the_media_in_the_order_asked_for(alice, photos):
    beach, _, sea = photos

    part = browser_of(alice).get(reverse("posts:media_part"), {"medium": keys([sea, beach])})

    assert names(part.context["media"]) == ["sea.jpg", "beach.jpg"]
    assert 'data-kind="photo"' in words(part)
    assert "photos-poll" in words(part)


def test_those_whose_check_has_ended_are_put_in_their_place(alice, photos):
    Media.objects.filter(pk=photos[0].pk).update(state=MediaState.CHECKING)

    tiles = browser_of(alice).get(reverse("posts:media_tiles"), {"waiting": keys(photos)})

    assert names(tiles.context["settled"]) == ["dune.jpg", "sea.jpg"]
    assert words(tiles).count('hx-swap-oob="true"') == 2
    assert "hx-get" in words(tiles)
    last = browser_of(alice).get(reverse("posts:media_tiles"), {"waiting": keys(photos[1:])})
    assert "hx-get" not in words(last)


@pytest.mark.parametrize(("part", "name"), [("part", "medium"), ("tiles", "waiting")])
def test_nobody_sees_photos_of_others(bob, photos, part, name):
    answer = browser_of(bob).get(reverse(f"posts:media_{part}"), {name: keys(photos)})

    assert answer.status_code == 200
    assert "beach" not in words(answer)


# Uploading several


def files():
    return [SimpleUploadedFile(f"{name}.jpg", saved(two_halves(30, 40))) for name in ("one", "two")]


def test_several_files_come_in_one_form(alice, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    browser_of(alice).post(reverse("posts:media_upload"), {"file": files()})

    facts = Media.objects.order_by("name").values_list("name", "kind", "state")
    assert list(facts) == [("one.jpg", "photo", "checking"), ("two.jpg", "photo", "checking")]


def test_without_scripts_they_join_those_that_are_there(alice, photos, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    page = browser_of(alice).post(
        reverse("posts:media_upload"), {"file": files(), "beside": keys(photos)}, follow=True
    )

    assert names(page.context["media"]) == [
        "beach.jpg", "dune.jpg", "sea.jpg", "one.jpg", "two.jpg",
    ]  # fmt: skip
