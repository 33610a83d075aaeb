"""The choices for TikTok: what is agreed to with them, how drafts keep them, how they are told."""

import pytest

from tiktok.choices import DraftChoices, describe, keep_choices
from tiktok.consent import VERSION, consent, consent_for
from tiktok.models import TikTokOptions

# Consent


def test_23_and_24_the_sentence_without_branded_content():
    said = consent_for(branded=False)

    assert said.text == "By posting, you agree to TikTok's Music Usage Confirmation"
    assert said.html == (
        "By posting, you agree to TikTok&#x27;s "
        '<a href="https://www.tiktok.com/legal/page/global/music-usage-confirmation/en" '
        'target="_blank" rel="noopener">Music Usage Confirmation</a>'
    ).replace("&#x27;", "'")


def test_25_the_sentence_with_branded_content_links_both():
    said = consent_for(branded=True)

    assert said.text == (
        "By posting, you agree to TikTok's Branded Content Policy and Music Usage Confirmation"
    )
    assert said.html.count("<a href=") == 2


@pytest.mark.parametrize(
    ("mode", "branded", "policy"),
    [("direct", True, True), ("direct", False, False), ("inbox", True, False)],
)
def test_26_what_is_stored_is_what_was_shown(mode, branded, policy):
    said = consent({"mode": mode, "brand_content": branded})

    assert ("Branded Content Policy" in said.text) is policy
    assert said.version == VERSION


# Drafts


def test_a_draft_keeps_half_a_choice():
    form = DraftChoices({"tiktok-mode": "direct", "tiktok-allow_duet": "on"}, prefix="tiktok")

    assert form.is_valid()
    assert (form.cleaned_data["privacy_level"], form.cleaned_data["allow_duet"]) == ("", True)


@pytest.mark.django_db
def test_a_draft_of_branded_content_for_oneself_has_to_choose_again(draft):
    publication = draft()

    keep_choices(
        publication,
        {
            "tiktok-mode": "direct",
            "tiktok-privacy_level": "SELF_ONLY",
            "tiktok-disclosure": "on",
            "tiktok-brand_content": "on",
            "tiktok-cover_timestamp_ms": "not a number",
        },
    )

    options = TikTokOptions.objects.get(publication=publication)
    assert (options.privacy_level, options.brand_content) == ("", True)
    assert dict(describe(publication))["Who can see it"] == "Not chosen yet"


@pytest.mark.django_db
def test_choices_are_told_in_words(draft):
    publication = draft(allow_comment=True, brand_organic=True, cover_timestamp_ms=61_500)

    assert describe(publication) == [
        ("How", "Published directly"),
        ("Who can see it", "Everyone"),
        ("Viewers may", "Comment"),
        ("Label", "Promotional content"),
        ("AI-generated", "No"),
        ("Cover", "At 1:01.5 min"),
    ]
