"""TikTok's part of the composer for photos (Protocol 7; 13, "Variations for photos")."""

from typing import Any, cast

from django import forms

from posts.models import Media
from tiktok.forms import TikTokForm
from tiktok.limits import PHOTO_DESCRIPTION_UNITS, PHOTO_TITLE_UNITS
from tiktok.models import TikTokOptions


class PhotoForm(TikTokForm):
    """No duet, no stitch, no moment of a video (11); a photo as the cover, and music."""

    kind = "photo"
    caption_limit = PHOTO_DESCRIPTION_UNITS
    title_limit = PHOTO_TITLE_UNITS

    photo_cover = forms.ChoiceField(
        label="Cover",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "This photo is not in the post any more. Choose again."},
    )
    auto_add_music = forms.BooleanField(
        label="Add music",
        required=False,
        help_text="TikTok picks recommended music; you can change it in TikTok later.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("allow_duet", "allow_stitch", "cover_timestamp_ms"):
            del self.fields[name]
        self.fields["privacy_level"].label = "Who can see these photos"
        self.fields[
            "disclosure"
        ].help_text = "Turn on if these photos promote yourself, a brand, a product or a service."
        cover = cast(forms.ChoiceField, self.fields["photo_cover"])
        cover.choices = [
            (str(photo.pk), f"Photo {place}") for place, photo in enumerate(self.posted, 1)
        ]

    def _initial(self, saved: TikTokOptions | None) -> dict[str, Any]:
        index = saved.photo_cover_index if saved else 0
        photo = self.posted[index if index < len(self.posted) else 0]
        return super()._initial(saved) | {"photo_cover": str(photo.pk)}

    @property
    def cover(self) -> Media:
        """The photo that is chosen as the cover; the first one without a choice."""
        chosen = str(self["photo_cover"].value())
        return next((photo for photo in self.posted if str(photo.pk) == chosen), self.posted[0])

    def _checked_media(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return {"photo_cover_index": self.posted.index(self.cover)}

    def _kept_in_inbox(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        return self._checked_media(cleaned)
