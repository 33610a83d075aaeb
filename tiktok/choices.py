"""A publication's choices for TikTok: how they are called, kept and told."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from posts.models import Media, Publication
from tiktok.checks import in_words, options_of
from tiktok.inbox import drafts_in_words, waiting_drafts
from tiktok.models import PostMode, TikTokOptions
from tiktok.payloads import SELF_ONLY

PREFIX = "tiktok"  # of the names of all fields in the composer

# What the app itself calls them (Protocol 4). A value that is not here is shown as it is.
PRIVACY_LABELS = {
    "PUBLIC_TO_EVERYONE": "Everyone",
    "MUTUAL_FOLLOW_FRIENDS": "Friends",
    "FOLLOWER_OF_CREATOR": "Followers",
    "SELF_ONLY": "Only you",
}

# What TikTok writes over a post that discloses something (Protocol 13, points 14 to 16).
PROMOTIONAL, PARTNERSHIP = "Promotional content", "Paid partnership"


# Choices that came later, each with what it meant before there was a choice. They are left out of
# what is approved while they say just that, so that older approvals stand.
CAME_LATER: dict[str, Any] = {"photo_cover_index": 0, "auto_add_music": False}


def canonical(options: TikTokOptions) -> dict[str, Any]:
    """The choices in the one form that is approved, shown and compared."""
    chosen = {
        field.name: getattr(options, field.name)
        for field in TikTokOptions._meta.concrete_fields
        if field.name != "publication"
    }
    return {name: value for name, value in chosen.items() if CAME_LATER.get(name, ...) != value}


def privacy_label(level: str) -> str:
    return PRIVACY_LABELS.get(level, level)


class DraftChoices(forms.Form):
    """What a draft may hold: anything that can be stored. What does not make sense is left out."""

    mode = forms.ChoiceField(choices=PostMode.choices)
    privacy_level = forms.CharField(required=False, max_length=60)
    allow_comment = forms.BooleanField(required=False)
    allow_duet = forms.BooleanField(required=False)
    allow_stitch = forms.BooleanField(required=False)
    disclosure = forms.BooleanField(required=False)
    brand_organic = forms.BooleanField(required=False)
    brand_content = forms.BooleanField(required=False)
    is_aigc = forms.BooleanField(required=False)
    cover_timestamp_ms = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    photo_cover = forms.CharField(required=False, help_text="Which of the photos, by its id.")
    auto_add_music = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("disclosure"):
            cleaned |= {"brand_organic": False, "brand_content": False}
        if cleaned.get("brand_content") and cleaned.get("privacy_level") == SELF_ONLY:
            cleaned["privacy_level"] = ""  # the two never go together: to be chosen again
        return cleaned


def save_options(publication: Publication, cleaned: dict[str, Any]) -> None:
    """Store `cleaned` of a form that has a field for each choice."""
    names = {field.name for field in TikTokOptions._meta.concrete_fields} - {"publication"}
    publication.tiktok, _ = TikTokOptions.objects.update_or_create(
        publication=publication,
        defaults={name: value for name, value in cleaned.items() if name in names},
    )


def keep_choices(publication: Publication, data: Mapping[str, Any]) -> None:
    """Store what the composer of a draft holds so far."""
    save_options(publication, _understood(data, publication.post.ordered_media))


def of_draft(data: Mapping[str, Any], media: list[Media]) -> TikTokOptions:
    """What the composer holds so far, stored nowhere."""
    names = {field.name for field in TikTokOptions._meta.concrete_fields}
    understood = _understood(data, media)
    return TikTokOptions(**{name: understood[name] for name in names & set(understood)})


def saved_for(publication: Publication | None) -> TikTokOptions | None:
    return TikTokOptions.objects.filter(publication=publication).first() if publication else None


def _understood(data: Mapping[str, Any], media: list[Media]) -> dict[str, Any]:
    form = DraftChoices(data, prefix=PREFIX)
    form.is_valid()
    keys = [str(medium.pk) for medium in media]
    cover = form.cleaned_data.get("photo_cover")
    return form.cleaned_data | {"photo_cover_index": keys.index(cover) if cover in keys else 0}


def describe(publication: Publication) -> list[tuple[str, str]]:
    """The choices in words; and of what goes to the inbox, how many drafts wait there."""
    said = chosen(publication)
    if options_of(publication).mode == PostMode.INBOX:
        waiting = waiting_drafts([publication.channel])[publication.channel_id]
        said.append(("Inbox now", drafts_in_words(waiting)))
    return said


def chosen(publication: Publication) -> list[tuple[str, str]]:
    """The choices in words, each with its label."""
    options = options_of(publication)
    photos = _photos_of(publication)
    if options.mode == PostMode.INBOX:
        taken = (
            "title and description go with it" if photos else "everything else is chosen in TikTok"
        )
        noted = "; ".join(f"{label}: {words}" for label, words in notes(publication))
        return [
            ("How", f"As a draft to the TikTok inbox; {taken}"),
            *([("Cover", _cover(options, photos))] if photos else []),
            *([("Noted for then", noted)] if noted else []),
        ]
    music = ("Music", "TikTok adds some" if options.auto_add_music else "None is added")
    return [
        ("How", "Published directly"),
        ("Who can see it", privacy_label(options.privacy_level) or "Not chosen yet"),
        ("Viewers may", _allowed(options, photos)),
        ("Label", _disclosed(options)),
        ("AI-generated", "Yes, TikTok will label it" if options.is_aigc else "No"),
        *([music] if photos else []),
        ("Cover", _cover(options, photos)),
    ]


def drafts_among(publications: Sequence[Publication]) -> frozenset[int]:
    """Those that go to the inbox, and are finished there."""
    of_these = TikTokOptions.objects.filter(publication__in=publications, mode=PostMode.INBOX)
    return frozenset(of_these.values_list("publication_id", flat=True))


def notes(publication: Publication) -> list[tuple[str, str]]:
    """What a person means to choose in TikTok, where a draft takes nothing from us (Protocol 6)."""
    options = options_of(publication)
    may_do_something = options.allow_comment or options.allow_duet or options.allow_stitch
    photos = _photos_of(publication)
    noted = {
        "Who can see it": privacy_label(options.privacy_level),
        "Viewers may": _allowed(options, photos) if may_do_something else "",
        "Label": _disclosed(options) if options.brand_content or options.brand_organic else "",
        "AI-generated": "Yes" if options.is_aigc else "",
        "Cover": "" if options.cover_timestamp_ms is None else _cover(options, photos),
    }
    return [(label, words) for label, words in noted.items() if words]


def _photos_of(publication: Publication) -> int:
    """How many; none when it is a post of a video."""
    return len(publication.shown_media) if publication.shows_photos else 0


def _cover(options: TikTokOptions, photos: int) -> str:
    if photos:
        return f"Photo {options.photo_cover_index + 1} of {photos}"
    moment = options.cover_timestamp_ms
    return "The first picture" if moment is None else f"At {in_words(moment / 1000)}"


def _allowed(options: TikTokOptions, photos: int) -> str:
    if photos:
        return "Comment" if options.allow_comment else "Not comment"
    allowed = [
        word
        for word, yes in (
            ("comment", options.allow_comment),
            ("duet", options.allow_duet),
            ("stitch", options.allow_stitch),
        )
        if yes
    ]
    return ", ".join(allowed).capitalize() or "Neither comment nor duet nor stitch"


def _disclosed(options: TikTokOptions) -> str:
    if options.brand_content:
        return PARTNERSHIP
    return PROMOTIONAL if options.brand_organic else "None"
