"""TikTok's rules for photos, held by the server whatever a page sends.

Numbers in the names are the statements of Protocol 13, as its "Variations for photos" has them.
"""

import uuid

import pytest
from django.http import QueryDict

from posts.models import Media, MediaKind
from tiktok.models import TikTokOptions
from tiktok.photo_form import PhotoForm
from tiktok.standing import Standing
from tiktok.tests.test_forms import cleaned, creator, sent

PHOTOS = [Media(kind=MediaKind.PHOTO, pk=uuid.UUID(int=number)) for number in range(1, 4)]


def form_of(data=None, *, photos=PHOTOS, saved=None, audited=True, **info):
    standing = Standing(info=creator(**info), audited=audited)
    if data is not None:
        query = QueryDict(mutable=True)
        query.update({f"tiktok-{name}": value for name, value in data.items()})
        data = query
    return PhotoForm(data, media=photos, saved=saved, standing=standing)


def test_4_no_length_is_asked_of_photos():
    form = form_of(sent(), max_video_post_duration_sec=1)

    assert (form.is_valid(), form.too_long) == (True, "")


def test_5_title_and_description_have_limits_of_their_own():
    assert (PhotoForm.title_limit, PhotoForm.caption_limit) == (90, 4_000)


def test_6_and_7_privacy_is_as_for_a_video():
    fresh = form_of()
    assert fresh["privacy_level"].value() in {None, ""}

    assert form_of(sent(privacy_level="")).errors["privacy_level"] == [
        "Choose who can see these photos."
    ]
    assert form_of(sent(privacy_level="FOLLOWER_OF_CREATOR")).errors["privacy_level"] == [
        "TikTok does not offer this audience now. Choose again."
    ]


def test_8_to_11_only_comments_can_be_allowed():
    fresh = form_of()
    assert [box.name for box in fresh.interactions] == ["allow_comment"]
    assert "checked" not in str(fresh["allow_comment"])

    choices = cleaned(form_of(sent(allow_comment="on", allow_duet="on", allow_stitch="on")))
    assert [choices[f"allow_{what}"] for what in ("comment", "duet", "stitch")] == [
        True, False, False,
    ]  # fmt: skip


def test_9_comments_that_the_creator_switched_off_can_not_be_ticked():
    assert "disabled" in str(form_of(comment_disabled=True)["allow_comment"])

    form = form_of(sent(allow_comment="on"), comment_disabled=True)
    assert "is switched off in this account" in form.errors["allow_comment"][0]


def test_9_what_a_video_alone_could_have_is_not_missed():
    cleaned(form_of(sent(allow_duet="on"), duet_disabled=True))


def test_12_to_22_disclosure_is_as_for_a_video():
    assert "checked" not in str(form_of()["disclosure"])
    assert "disclosure" in form_of(sent(disclosure="on")).errors
    private = sent(privacy_level="SELF_ONLY", disclosure="on", brand_content="on")
    assert "privacy_level" in form_of(private).errors
    choices = cleaned(form_of(sent(disclosure="on", brand_organic="on")))
    assert (choices["brand_organic"], choices["brand_content"]) == (True, False)


def test_music_is_a_choice_and_off_at_first():
    assert "checked" not in str(form_of()["auto_add_music"])
    assert cleaned(form_of(sent()))["auto_add_music"] is False
    assert cleaned(form_of(sent(auto_add_music="on")))["auto_add_music"] is True


@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_cover_is_one_of_the_photos(place):
    choices = cleaned(form_of(sent(photo_cover=str(PHOTOS[place].pk))))

    assert choices["photo_cover_index"] == place


def test_the_cover_stays_with_its_photo_in_another_order():
    choices = cleaned(form_of(sent(photo_cover=str(PHOTOS[0].pk)), photos=PHOTOS[::-1]))

    assert choices["photo_cover_index"] == 2


def test_the_first_photo_is_the_cover_unless_another_is_chosen():
    fresh = form_of()

    assert (fresh.cover, fresh["photo_cover"].value()) == (PHOTOS[0], str(PHOTOS[0].pk))
    assert cleaned(form_of(sent()))["photo_cover_index"] == 0
    assert form_of(saved=TikTokOptions(photo_cover_index=2)).cover == PHOTOS[2]
    assert form_of(saved=TikTokOptions(photo_cover_index=7)).cover == PHOTOS[0]


@pytest.mark.parametrize("junk", ["7", "x", str(uuid.UUID(int=9))])
def test_a_cover_that_is_none_of_the_photos_is_asked_again(junk):
    assert form_of(sent(photo_cover=junk)).errors["photo_cover"] == [
        "This photo is not in the post any more. Choose again."
    ]


def test_a_draft_for_the_inbox_takes_the_cover_along_and_notes_the_rest():
    choices = cleaned(
        form_of(
            sent(
                mode="inbox",
                privacy_level="NONSENSE",
                allow_comment="on",
                auto_add_music="on",
                photo_cover=str(PHOTOS[1].pk),
            )
        )
    )

    assert (choices["mode"], choices["privacy_level"], choices["photo_cover_index"]) == (
        "inbox", "", 1,
    )  # fmt: skip
    assert (choices["allow_comment"], choices["auto_add_music"]) == (True, False)


def test_36_photos_are_one_too_many():
    photos = [Media(kind=MediaKind.PHOTO, pk=uuid.UUID(int=number)) for number in range(1, 37)]

    assert form_of(sent(), photos=photos[:35]).is_valid()
    assert form_of(sent(), photos=photos).non_field_errors() == [
        "This post has 36 photos; TikTok takes at most 35. Remove 1 of them."
    ]
