"""Photos in the composer against a TikTok that answers, and in the checks before they go out.

Numbers in the names are the statements of Protocol 13.
"""

import pytest
from django.urls import reverse

from posts.models import Post, Publication
from posts.preflight import blockers
from posts.tests.people import browser_of, words
from tiktok.choices import describe
from tiktok.models import TikTokOptions
from tiktok.tests.composer_form import everything, read
from tiktok.tests.story import calls

pytestmark = pytest.mark.django_db

COMPOSE = reverse("posts:compose")


@pytest.fixture
def visitor(alice):
    return browser_of(alice)


@pytest.fixture
def photos(make_photo):
    return [make_photo(number) for number in range(3)]


@pytest.fixture
def sent(channel, photos):
    form = everything(channel, photos[0])
    return form | {"medium": [str(photo.pk) for photo in photos], "title": "Three mornings"}


@pytest.fixture
def composer(visitor, photos):
    """The page on which these photos have been chosen."""
    return lambda: visitor.get(COMPOSE, {"media": [photo.pk for photo in photos]})


def codes(publication):
    return [finding.code for finding in blockers(publication, media=publication.shown_media)]


def test_2_and_27_the_page_shows_who_posts_and_the_very_photos_in_order(composer, channel, photos):
    page = words(composer())

    assert "Posting as <strong>Alice.Films</strong>" in page
    phone = page[page.index('id="preview-media"') :]
    places = [phone.index(reverse("posts:media_file", args=[photo.pk])) for photo in photos]
    assert places == sorted(places)


def test_11_only_allow_comment_is_shown(composer, channel):
    page = read(composer())

    assert "tiktok-allow_comment" in page
    assert "tiktok-allow_duet" not in page
    assert "tiktok-allow_stitch" not in page
    assert "tiktok-cover_timestamp_ms" not in page


def test_music_and_cover_are_visible_choices(composer, channel, photos):
    page = read(composer())

    music = page[page.index('name="tiktok-auto_add_music"') :]
    assert "checked" not in music[: music.index(">")]
    assert page.count('name="tiktok-photo_cover"') == 3
    assert f'name="tiktok-photo_cover" value="{photos[0].pk}" checked' in page


def test_5_title_and_description_are_two_inputs_with_their_limits(composer, channel):
    page = read(composer())

    assert 'name="title"' in page
    assert 'data-title-limit="90"' in page
    assert 'data-caption-limit="4000"' in page


@pytest.mark.parametrize(
    "sentence",
    [
        "Who can see these photos",
        "Your photo/video will be labeled as 'Promotional content'",
        "Your photo/video will be labeled as 'Paid partnership'",
        "Branded content visibility cannot be set to private.",
        "You finish it in TikTok",
        "Your TikTok app must be version 31.8 or newer.",
    ],
)
def test_14_to_31_the_page_has_the_words_that_tiktok_wants(composer, channel, sentence):
    assert sentence in read(composer())


def test_23_the_consent_stands_right_before_the_buttons(composer, channel):
    page = read(composer())

    consent, buttons = page.index('<p class="consent"'), page.index("data-go>")
    assert consent < buttons
    assert "<button" not in page[consent:buttons]


def test_every_choice_arrives_and_what_was_agreed_to_is_stored(visitor, sent, photos):
    choices = {"allow_comment": "on", "auto_add_music": "on", "photo_cover": str(photos[2].pk)}

    visitor.post(COMPOSE, sent | {f"tiktok-{name}": value for name, value in choices.items()})

    publication = Publication.objects.get()
    options = TikTokOptions.objects.get(publication=publication)
    assert (publication.state, publication.title) == ("scheduled", "Three mornings")
    assert publication.shown_media == photos
    assert (options.allow_comment, options.auto_add_music, options.photo_cover_index) == (
        True, True, 2,
    )  # fmt: skip
    assert publication.approval.consent_text == (
        "By posting, you agree to TikTok's Music Usage Confirmation"
    )
    assert describe(publication) == [
        ("How", "Published directly"),
        ("Who can see it", "Everyone"),
        ("Viewers may", "Comment"),
        ("Label", "None"),
        ("AI-generated", "No"),
        ("Music", "TikTok adds some"),
        ("Cover", "Photo 3 of 3"),
    ]


def test_another_cover_is_another_content(visitor, sent):
    visitor.post(COMPOSE, sent)
    publication = Publication.objects.get()
    assert publication.is_as_approved()

    TikTokOptions.objects.update(photo_cover_index=1)

    assert not Publication.objects.get().is_as_approved()


def test_a_title_and_a_description_are_counted_as_tiktok_counts(visitor, sent):
    fits = {"title": "👍" * 45, "caption": "👍" * 2_000}
    assert visitor.post(COMPOSE, sent | fits).status_code == 302

    page = visitor.post(COMPOSE, sent | {"title": "👍" * 46, "caption": "👍" * 2_001})

    errors = page.context["compose"].errors
    assert errors["title"][0].startswith("The title is 2 too long; TikTok takes 90 characters")
    assert errors["caption"][0].startswith("The description is 2 too long; TikTok takes 4,000")


def test_a_draft_for_the_inbox_is_held_to_the_same_lengths(visitor, sent):
    page = visitor.post(COMPOSE, sent | {"tiktok-mode": "inbox", "title": "a" * 91})

    assert "The title is 1 too long" in page.context["compose"].errors["title"][0]


def test_a_draft_for_the_inbox_is_told_as_one(visitor, sent, photos):
    cover = {"tiktok-photo_cover": str(photos[1].pk)}
    visitor.post(COMPOSE, sent | {"tiktok-mode": "inbox"} | cover)

    assert describe(Publication.objects.get())[:2] == [
        ("How", "As a draft to the TikTok inbox; title and description go with it"),
        ("Cover", "Photo 2 of 3"),
    ]


def test_a_video_among_photos_is_refused_in_plain_words(visitor, sent, medium, photos):
    page = visitor.post(COMPOSE, sent | {"medium": [str(photos[0].pk), str(medium.pk)]})

    assert (page.status_code, Post.objects.count()) == (200, 0)
    assert "A post has either one video or photos, never both." in read(page)


def test_a_change_of_kind_shows_the_other_settings_and_keeps_the_choices(visitor, sent, medium):
    """Nobody is blamed for what is not chosen yet, and nothing is chosen for anybody."""
    plan = reverse("posts:plan")

    page = read(visitor.post(plan, sent | {"tiktok-allow_comment": "on"}))
    assert "tiktok-photo_cover" in page
    assert 'value="PUBLIC_TO_EVERYONE" selected' in page
    assert "field-errors" not in page

    page = read(visitor.post(plan, sent | {"medium": str(medium.pk), "tiktok-privacy_level": ""}))
    assert "tiktok-allow_duet" in page
    assert "tiktok-photo_cover" not in page
    assert "field-errors" not in page


def test_moving_a_photo_without_scripts_takes_the_cover_along(visitor, sent, photos):
    cover = {"tiktok-photo_cover": str(photos[0].pk)}

    page = read(visitor.post(COMPOSE, sent | cover | {"press": f"arrange later {photos[0].pk}"}))

    assert f'name="tiktok-photo_cover" value="{photos[0].pk}" checked' in page


def test_autosave_keeps_cover_and_music_and_asks_tiktok_nothing(visitor, sent, photos, sandbox):
    choices = {"tiktok-auto_add_music": "on", "tiktok-photo_cover": str(photos[1].pk)}

    visitor.post(reverse("posts:autosave"), sent | choices)

    options = TikTokOptions.objects.get()
    assert (options.auto_add_music, options.photo_cover_index) == (True, 1)
    assert calls(sandbox, "creator_info") == []


# Checks of what is planned


def test_planned_photos_have_nothing_against_them(draft, photos):
    assert codes(draft(media=photos, title="Three mornings")) == []


def test_a_cover_that_has_gone_is_found(draft, photos):
    assert codes(draft(media=photos, photo_cover_index=3)) == ["cover_gone"]


def test_a_mix_is_found(draft, photos, medium):
    assert codes(draft(media=[*photos, medium])) == ["video_and_photos"]


def test_two_videos_are_found(draft, medium, make_medium, workspace, video_file):
    assert codes(draft(media=[medium, make_medium(workspace, video_file)])) == [
        "more_than_one_video"
    ]


def test_a_long_title_is_found_on_both_roads(draft, photos):
    assert codes(draft(media=photos, title="a" * 91)) == ["title_too_long"]
    assert codes(draft(media=photos, title="a" * 91, mode="inbox")) == ["title_too_long"]


def test_a_photo_that_tiktok_would_refuse_is_found(draft, photos):
    photos[1].width = 1_200
    photos[1].height = 1_200
    photos[1].save()

    assert codes(draft(media=photos)) == ["photo_has_too_many_pixels"]
