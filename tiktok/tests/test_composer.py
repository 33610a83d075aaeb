"""The composer against a TikTok that answers: what it asks, shows and refuses.

Numbers in the names are the statements of Protocol 13.
"""

import pytest
from django.urls import reverse

from posts.models import Publication
from posts.tests.people import browser_of, words
from tiktok.models import TikTokOptions
from tiktok.tests.composer_form import everything, is_off, read
from tiktok.tests.story import calls, inits, order, trouble

pytestmark = pytest.mark.django_db

COMPOSE = reverse("posts:compose")
CANNOT_POST = [
    "spam_risk_too_many_posts",
    "spam_risk_user_banned_from_posting",
    "reached_active_user_cap",
]


@pytest.fixture
def visitor(alice):
    return browser_of(alice)


@pytest.fixture
def sent(channel, medium):
    return everything(channel, medium)


def test_1_and_2_each_opening_asks_tiktok_and_shows_who_will_post(visitor, channel, sandbox):
    visitor.get(COMPOSE)
    order(sandbox, "creators/alice.films", display_name="Alice in June")

    page = words(visitor.get(COMPOSE))

    assert "Posting as <strong>Alice in June</strong>" in page
    assert "@alice.films" in page
    assert len(calls(sandbox, "creator_info")) == 2


def test_2_of_several_accounts_only_the_chosen_one_is_asked(
    visitor, connect, workspace, channel, sandbox
):
    other = connect(workspace, "moonlight")
    assert calls(sandbox, "creator_info") == []
    visitor.get(COMPOSE)
    assert calls(sandbox, "creator_info") == []

    plan = visitor.post(reverse("posts:plan"), {"channel": str(other.pk)})

    assert "Posting as <strong>Moonlight</strong>" in words(plan)
    assert len(calls(sandbox, "creator_info")) == 1


@pytest.mark.parametrize("code", CANNOT_POST)
def test_3_when_the_creator_can_not_post_publishing_is_off(visitor, sent, sandbox, code):
    trouble(sandbox, "creator_info", "code", code=code, status=200, times=2)

    page = visitor.get(COMPOSE)
    assert "disabled data-publish" in page.content.decode().split('value="now"')[1]
    assert "try again later" in read(page)

    assert visitor.post(COMPOSE, sent | {"press": "now"}).status_code == 200
    assert (Publication.objects.count(), inits(sandbox)) == (0, [])


def test_3_whom_tiktok_bans_can_not_plan_either(visitor, sent, sandbox):
    code = "spam_risk_user_banned_from_posting"
    trouble(sandbox, "creator_info", "code", code=code, status=200, times=2)

    assert is_off(visitor.get(COMPOSE))
    assert visitor.post(COMPOSE, sent).status_code == 200
    assert Publication.objects.count() == 0


@pytest.mark.parametrize("code", CANNOT_POST)
def test_3_a_draft_can_be_saved_all_the_same(visitor, sent, sandbox, code):
    trouble(sandbox, "creator_info", "code", code=code, status=200, times=9)

    visitor.post(COMPOSE, sent | {"press": "draft"})

    assert Publication.objects.get().state == "draft"


def test_4_a_video_at_the_limit_passes(visitor, sent, sandbox):
    order(sandbox, "creators/alice.films", max_video_post_duration_sec=1)

    assert visitor.post(COMPOSE, sent).status_code == 302


def test_4_a_video_over_the_limit_is_told_both_lengths(visitor, sent, medium, sandbox):
    order(sandbox, "creators/alice.films", max_video_post_duration_sec=60)
    medium.duration = 75.5
    medium.save()

    page = visitor.post(COMPOSE, sent)

    assert page.status_code == 200
    assert "The video lasts 1:15.5 min; this account may post at most 1:00 min." in read(page)
    assert 'data-longest="60"' in read(page)


def test_4_a_stored_draft_says_so_when_it_is_opened(visitor, draft, medium, sandbox):
    order(sandbox, "creators/alice.films", max_video_post_duration_sec=60)
    medium.duration = 75
    medium.save()

    page = visitor.get(reverse("posts:edit", args=[draft().post_id]))

    assert "The video lasts 1:15 min; this account may post at most 1:00 min." in read(page)


def test_5_a_caption_may_be_any_text_or_none(visitor, sent):
    visitor.post(COMPOSE, sent | {"caption": ""})

    assert Publication.objects.get().caption == ""


def test_5_a_caption_that_is_too_long_is_counted_as_tiktok_counts(visitor, sent):
    page = visitor.post(COMPOSE, sent | {"caption": "👍" * 1_101})

    assert page.status_code == 200
    assert "The caption is 2 too long; TikTok takes 2,200" in read(page)
    assert visitor.post(COMPOSE, sent | {"caption": "👍" * 1_100}).status_code == 302


def test_6_and_22_an_audience_that_vanished_meanwhile_is_asked_again(visitor, sent, sandbox):
    visitor.get(COMPOSE)
    order(sandbox, "creators/alice.films", private=True)

    page = visitor.post(COMPOSE, sent)

    assert page.status_code == 200
    assert "TikTok does not offer this audience now. Choose again." in read(page)
    assert "Followers</option>" in read(page)
    assert "Everyone</option>" not in read(page)


def test_7_neither_another_account_nor_another_post_chooses_the_audience(
    visitor, connect, workspace, sent, draft
):
    draft(privacy_level="PUBLIC_TO_EVERYONE")
    assert "selected" not in read(visitor.get(COMPOSE)).split("tiktok-privacy_level")[1][:600]

    other = connect(workspace, "moonlight")
    plan = visitor.post(reverse("posts:plan"), sent | {"channel": str(other.pk)})
    assert "selected" not in read(plan).split("tiktok-privacy_level")[1][:600]


def test_7_choices_made_for_one_account_do_not_count_for_another(visitor, connect, workspace, sent):
    other = connect(workspace, "moonlight")

    page = visitor.post(COMPOSE, sent | {"channel": str(other.pk)})

    assert (page.status_code, Publication.objects.count()) == (200, 0)
    assert "Look at the settings of this account below" in read(page)


def test_9_what_was_switched_off_meanwhile_is_said(visitor, sent, sandbox):
    order(sandbox, "creators/alice.films", duet_disabled=True)

    page = visitor.post(COMPOSE, sent | {"tiktok-allow_duet": "on"})

    assert page.status_code == 200
    assert "Duet is switched off in this account's settings at TikTok now." in read(page)


@pytest.mark.parametrize(
    "sentence",
    [
        "Your photo/video will be labeled as 'Promotional content'",
        "Your photo/video will be labeled as 'Paid partnership'",
        "You need to indicate if your content promotes yourself, a third party, or both.",
        "Branded content visibility cannot be set to private.",
        "You finish it in TikTok",
    ],
)
def test_14_to_21_and_31_the_page_has_the_words_that_tiktok_wants(visitor, channel, sentence):
    assert sentence in read(visitor.get(COMPOSE))


def test_23_and_25_both_consents_stand_right_before_the_buttons(visitor, channel):
    page = read(visitor.get(COMPOSE))

    consent, buttons = page.index('<p class="consent"'), page.index("data-go>")
    assert consent < buttons
    assert page[consent:buttons].count("By posting, you agree to TikTok's ") == 2
    assert "<form" not in page[consent:buttons]
    assert "<button" not in page[consent:buttons]


def test_23_the_sentence_stands_before_the_buttons_of_a_planned_post_too(visitor, plan):
    publication = plan(minutes=60)

    page = read(visitor.get(reverse("posts:detail", args=[publication.post_id])))

    assert page.index("By posting, you agree") < page.index("Publish now")


def test_26_what_was_agreed_to_is_stored(visitor, alice, sent, sandbox):
    choices = {"tiktok-disclosure": "on", "tiktok-brand_content": "on"}

    visitor.post(COMPOSE, sent | choices)

    approval = Publication.objects.get().approval
    assert (approval.by, approval.consent_version) == (alice, "tiktok-2026-09")
    assert approval.consent_text == (
        "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation"
    )
    assert inits(sandbox) == []


def test_every_choice_arrives(visitor, sent):
    choices = {"allow_comment": "on", "allow_stitch": "on", "is_aigc": "on"}
    choices |= {"cover_timestamp_ms": "500", "disclosure": "on", "brand_organic": "on"}

    visitor.post(COMPOSE, sent | {f"tiktok-{name}": value for name, value in choices.items()})

    options = TikTokOptions.objects.values().get()
    del options["publication_id"]
    assert options == {
        "mode": "direct",
        "privacy_level": "PUBLIC_TO_EVERYONE",
        "allow_comment": True,
        "allow_duet": False,
        "allow_stitch": True,
        "brand_organic": True,
        "brand_content": False,
        "is_aigc": True,
        "cover_timestamp_ms": 500,
        "photo_cover_index": 0,
        "auto_add_music": False,
    }
