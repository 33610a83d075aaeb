"""TikTok's choices as programs say them."""

from collections.abc import Mapping
from typing import Any, Literal

from ninja import Schema
from pydantic import Field, ValidationInfo, field_validator

from accounts.api.schemas import Strict
from posts.models import Media, Publication, all_photos
from tiktok.checks import options_of
from tiktok.choices import PREFIX
from tiktok.forms import NEVER_PRIVATE
from tiktok.models import PostMode
from tiktok.payloads import SELF_ONLY


class TikTokChoices(Strict):
    """What is left out is not chosen. `privacy_level` has no default: TikTok wants a person's own
    choice, of what /channels/{id}/creator-info offers."""

    mode: Literal["direct", "inbox"] = Field(
        "direct", description="`inbox`: as a draft, to be finished in TikTok's app."
    )
    privacy_level: str | None = Field(
        None,
        max_length=60,
        description="Who can see it: one of what /channels/{id}/creator-info offers.",
    )
    allow_comment: bool = Field(False, description="Unless the creator has switched it off.")
    allow_duet: bool = Field(False, description="Videos only.")
    allow_stitch: bool = Field(False, description="Videos only.")
    brand_organic: bool = Field(False, description="It promotes your own brand.")
    brand_content: bool = Field(False, description="It promotes another brand.")
    is_aigc: bool = Field(False, description="Made by AI; TikTok labels it.")
    cover_timestamp_ms: int | None = Field(None, ge=0, lt=2**31, description="Videos only.")
    photo_cover_index: int = Field(0, ge=0, lt=35, description="Photos only; 0 is the first.")
    auto_add_music: bool = Field(False, description="Photos only.")

    @field_validator("brand_content")
    @classmethod
    def is_never_private(cls, brand_content: bool, info: ValidationInfo) -> bool:
        if brand_content and info.data.get("privacy_level") == SELF_ONLY:
            raise ValueError(NEVER_PRIVATE)
        return brand_content


NAMES = tuple(TikTokChoices.model_fields)
OF_VIDEOS = ("allow_duet", "allow_stitch", "cover_timestamp_ms")
OF_PHOTOS = ("photo_cover_index", "auto_add_music")


class TikTokFlat:
    schema: type[Schema] = TikTokChoices
    related: tuple[str, ...] = ("tiktok",)

    def of(self, publication: Publication) -> dict[str, Any]:
        chosen = options_of(publication)
        flat = {name: getattr(chosen, name) for name in NAMES}
        return flat | {"privacy_level": chosen.privacy_level or None}

    def as_form(self, chosen: Mapping[str, Any], *, media: list[Media]) -> dict[str, Any]:
        """A box that is not ticked is not sent, just as a browser does it."""
        shows_photos = all_photos(media)
        ticked = {name: "on" for name, value in chosen.items() if value is True}
        sent: dict[str, Any] = {
            **ticked,
            "mode": str(chosen.get("mode", PostMode.DIRECT)),
            "privacy_level": chosen.get("privacy_level") or "",
        }
        if chosen.get("brand_organic") or chosen.get("brand_content"):
            sent["disclosure"] = "on"
        if chosen.get("cover_timestamp_ms") is not None:
            sent["cover_timestamp_ms"] = chosen["cover_timestamp_ms"]
        if shows_photos:
            sent["photo_cover"] = _cover(chosen.get("photo_cover_index") or 0, media)
        return {f"{PREFIX}-{name}": value for name, value in sent.items()}

    def unfit(self, chosen: Mapping[str, Any], *, media: list[Media]) -> dict[str, str]:
        shows_photos = all_photos(media)
        names, kind = (OF_VIDEOS, "videos") if shows_photos else (OF_PHOTOS, "photos")
        return {name: f"Only {kind} have this." for name in names if chosen.get(name)}

    def name_of(self, field: str) -> str:
        return {"photo_cover": "photo_cover_index", "disclosure": "brand_organic"}.get(field, field)


def _cover(index: int, media: list[Media]) -> str:
    """Beyond the last photo there is none, which the form says."""
    return str(media[index].pk) if index < len(media) else "none"
