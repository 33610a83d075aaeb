"""TikTok's rules for the composer, held by the server whatever a page sends.

Numbers in the names are the statements of Protocol 13.
"""

import pytest
from django.http import QueryDict

from posts.models import Media
from tiktok.answers import CreatorInfo
from tiktok.forms import NEVER_PRIVATE, SAY_WHOM_IT_PROMOTES, TikTokForm
from tiktok.models import TikTokOptions
from tiktok.standing import Standing

PUBLIC = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")


def creator(**fields):
    info = {
        "nickname": "Alice Films",
        "username": "alice.films",
        "avatar_url": "",
        "privacy_level_options": PUBLIC,
        "comment_disabled": False,
        "duet_disabled": False,
        "stitch_disabled": False,
        "max_video_post_duration_sec": 600,
    }
    return CreatorInfo(**info | fields)


def form_of(data=None, *, seconds=10.0, saved=None, audited=True, closed=None, **info):
    standing = Standing(info=creator(**info), mode_closed=closed or {}, audited=audited)
    if data is not None:
        query = QueryDict(mutable=True)
        query.update({f"tiktok-{name}": value for name, value in data.items()})
        data = query
    return TikTokForm(data, media=[Media(duration=seconds)], saved=saved, standing=standing)


def sent(**choices):
    return {"mode": "direct", "privacy_level": "PUBLIC_TO_EVERYONE"} | choices


def cleaned(form):
    assert form.is_valid(), form.errors
    return form.cleaned_data


def offered(form):
    return [value for value, _ in form.fields["privacy_level"].choices if value]


# Privacy


@pytest.mark.parametrize(
    "options", [PUBLIC, ("SELF_ONLY",), ("FOLLOWER_OF_CREATOR", "SELF_ONLY", "NEW_ONE"), ()]
)
def test_6_exactly_what_tiktok_offers_is_offered_in_its_order(options):
    assert tuple(offered(form_of(privacy_level_options=options))) == options


def test_6_audiences_have_tiktoks_names_and_an_unknown_one_its_own():
    form = form_of(privacy_level_options=(*PUBLIC, "FOLLOWER_OF_CREATOR", "NEW_ONE"))

    assert [label for value, label in form.fields["privacy_level"].choices if value] == [
        "Everyone", "Friends", "Only you", "Followers", "NEW_ONE",
    ]  # fmt: skip


def test_6_what_is_not_offered_now_is_refused():
    form = form_of(sent(privacy_level="FOLLOWER_OF_CREATOR"))

    assert form.errors["privacy_level"] == [
        "TikTok does not offer this audience now. Choose again."
    ]


def test_7_nothing_is_chosen_at_first_and_without_a_choice_nothing_goes():
    fresh = form_of()
    assert fresh["privacy_level"].value() in {None, ""}
    assert "selected" not in str(fresh["privacy_level"]).replace('value="" selected', "")

    form = form_of(sent(privacy_level=""))
    assert form.errors["privacy_level"] == ["Choose who can see this video."]


def test_7_what_this_very_post_was_given_is_shown_again_while_it_is_offered():
    saved = TikTokOptions(privacy_level="MUTUAL_FOLLOW_FRIENDS")
    assert form_of(saved=saved)["privacy_level"].value() == "MUTUAL_FOLLOW_FRIENDS"

    gone = form_of(saved=saved, privacy_level_options=("SELF_ONLY",))
    assert gone.no_longer_offered == "Friends"
    assert " selected" not in str(gone["privacy_level"]).replace('value="" selected', "")


# Interactions


def test_8_and_10_boxes_are_empty_and_only_a_tick_allows():
    fresh = form_of()
    assert [box.name for box in fresh.interactions] == [
        "allow_comment",
        "allow_duet",
        "allow_stitch",
    ]
    assert not any("checked" in str(box) for box in fresh.interactions)

    choices = cleaned(form_of(sent(allow_duet="on")))
    assert (choices["allow_comment"], choices["allow_duet"], choices["allow_stitch"]) == (
        False, True, False,
    )  # fmt: skip


@pytest.mark.parametrize("word", ["comment", "duet", "stitch"])
def test_9_what_the_creator_switched_off_is_greyed_and_can_not_be_ticked(word):
    saved = TikTokOptions(**{f"allow_{word}": True})
    fresh = form_of(saved=saved, **{f"{word}_disabled": True})
    assert "disabled" in str(fresh[f"allow_{word}"])
    assert "checked" not in str(fresh[f"allow_{word}"])

    form = form_of(sent(**{f"allow_{word}": "on"}), **{f"{word}_disabled": True})
    assert "is switched off in this account" in form.errors[f"allow_{word}"][0]


# Disclosure


def test_12_and_13_disclosure_is_off_and_its_boxes_are_empty():
    fresh = form_of()

    for name in ("disclosure", "brand_organic", "brand_content"):
        assert "checked" not in str(fresh[name])
    assert 'role="switch"' in str(fresh["disclosure"])


def test_17_disclosing_without_saying_whom_is_refused():
    form = form_of(sent(disclosure="on"))

    assert form.errors["disclosure"] == [SAY_WHOM_IT_PROMOTES]
    assert SAY_WHOM_IT_PROMOTES == (
        "You need to indicate if your content promotes yourself, a third party, or both."
    )


def test_18_switched_off_means_false_even_if_boxes_were_ticked():
    choices = cleaned(form_of(sent(brand_organic="on", brand_content="on")))

    assert (choices["brand_organic"], choices["brand_content"]) == (False, False)


@pytest.mark.parametrize(
    ("ticked", "organic", "content"),
    [
        (["brand_organic"], True, False),
        (["brand_content"], False, True),
        (["brand_organic", "brand_content"], True, True),
    ],
)
def test_19_each_box_means_its_own(ticked, organic, content):
    choices = cleaned(form_of(sent(disclosure="on", **dict.fromkeys(ticked, "on"))))

    assert (choices["brand_organic"], choices["brand_content"]) == (organic, content)


def test_22_branded_content_is_never_private():
    form = form_of(sent(privacy_level="SELF_ONLY", disclosure="on", brand_content="on"))

    assert form.errors["privacy_level"] == [NEVER_PRIVATE]
    assert NEVER_PRIVATE == "Branded content visibility cannot be set to private."


def test_22_your_brand_may_be_private():
    cleaned(form_of(sent(privacy_level="SELF_ONLY", disclosure="on", brand_organic="on")))


# Length and cover


@pytest.mark.parametrize(("seconds", "goes"), [(60.0, True), (60.04, False), (61, False)])
def test_4_a_video_longer_than_the_account_may_post_names_both_lengths(seconds, goes):
    form = form_of(sent(), seconds=seconds, max_video_post_duration_sec=60)

    assert form.is_valid() is goes
    if seconds == 61:
        assert form.non_field_errors()[0].startswith(
            "The video lasts 1:01 min; this account may post at most 1:00 min."
        )


def test_an_account_whose_limit_is_past_every_calendar_can_post():
    form = form_of(sent(), seconds=10, max_video_post_duration_sec=2**63 - 1)

    assert form.is_valid()
    assert form.longest_in_words.endswith(" min")


@pytest.mark.parametrize(("cover", "fits"), [("0", True), ("10000", True), ("10001", False)])
def test_the_cover_is_a_moment_of_the_video(cover, fits):
    form = form_of(sent(cover_timestamp_ms=cover), seconds=10)

    assert form.is_valid() is fits
    if fits:
        assert form.cleaned_data["cover_timestamp_ms"] == int(cover)


@pytest.mark.parametrize("junk", ["-1", "soon", "9" * 30])
def test_a_cover_that_is_no_moment_is_refused(junk):
    assert "cover_timestamp_ms" in form_of(sent(cover_timestamp_ms=junk)).errors


# Roads


def test_a_draft_for_the_inbox_needs_no_choice():
    choices = cleaned(
        form_of(
            sent(mode="inbox", privacy_level="NONSENSE", disclosure="on", cover_timestamp_ms="-1"),
            seconds=500,
            max_video_post_duration_sec=60,
        )
    )

    assert (choices["mode"], choices["privacy_level"]) == ("inbox", "")
    assert not any(choices[name] for name in ("allow_comment", "brand_organic", "brand_content"))
    assert choices["cover_timestamp_ms"] is None


def test_a_draft_for_the_inbox_keeps_choices_as_notes():
    """Also what a direct post of an app that is not audited could not have."""
    form = form_of(
        sent(mode="inbox", privacy_level="PUBLIC_TO_EVERYONE", allow_comment="on"), audited=False
    )

    choices = cleaned(form)
    assert (choices["privacy_level"], choices["allow_comment"]) == ("PUBLIC_TO_EVERYONE", True)
    assert form.has_notes


def test_notes_that_tiktok_would_not_take_together_are_not_kept():
    form = form_of(
        sent(mode="inbox", privacy_level="SELF_ONLY", disclosure="on", brand_content="on")
    )

    choices = cleaned(form)
    assert (choices["privacy_level"], choices["brand_content"]) == ("", True)


def test_an_unaudited_app_proposes_the_inbox():
    assert form_of(audited=False)["mode"].value() == "inbox"
    assert form_of(audited=True)["mode"].value() == "direct"


def test_an_unaudited_app_posts_directly_to_oneself_only_and_says_why():
    fresh = form_of(audited=False)
    assert tuple(offered(fresh)) == PUBLIC
    assert str(fresh["privacy_level"]).count("disabled") == 2

    refused = form_of(sent(), audited=False)
    assert "has not audited this app" in refused.errors["privacy_level"][0]
    cleaned(form_of(sent(privacy_level="SELF_ONLY"), audited=False))


def test_a_road_without_its_permission_is_closed():
    closed = {"direct": "This account did not give the permission “video.publish”."}

    assert form_of(closed=closed)["mode"].value() == "inbox"
    assert form_of(sent(), closed=closed).errors["mode"] == [closed["direct"]]
