"""TikTok's part of the composer. Its rules are those of Protocol 13; numbers in comments are its.

The page shows them, this form enforces them, and the same things are checked again when a post
is due.
"""

from typing import Any, cast

from django import forms

from posts.models import Media
from posts.platforms import Consent
from tiktok.checks import in_words, too_long_finding
from tiktok.choices import PREFIX, privacy_label
from tiktok.consent import consent_for
from tiktok.contents import media_findings
from tiktok.inbox import InboxAhead
from tiktok.limits import VIDEO_CAPTION_UNITS
from tiktok.models import PostMode, TikTokOptions
from tiktok.payloads import SELF_ONLY
from tiktok.standing import Standing

NEVER_PRIVATE = "Branded content visibility cannot be set to private."  # 21
SAY_WHOM_IT_PROMOTES = (  # 17
    "You need to indicate if your content promotes yourself, a third party, or both."
)
NOT_AUDITED = "TikTok has not audited this app yet, so direct posts can be seen by you only."
INTERACTIONS = {
    "allow_comment": ("Comment", "comment_disabled"),
    "allow_duet": ("Duet", "duet_disabled"),
    "allow_stitch": ("Stitch", "stitch_disabled"),
}
NOTHING_CHOSEN: dict[str, Any] = {
    "privacy_level": "",
    **dict.fromkeys(INTERACTIONS, False),
    "disclosure": False,
    "brand_organic": False,
    "brand_content": False,
    "is_aigc": False,
    "cover_timestamp_ms": None,
    "auto_add_music": False,
}


def as_notes(cleaned: dict[str, Any]) -> dict[str, Any]:
    """The choices of a draft for the inbox, for the person to remember there: none is sent."""
    notes: dict[str, Any] = {"auto_add_music": False}
    if not cleaned.get("disclosure"):
        notes |= {"brand_organic": False, "brand_content": False}
    elif cleaned.get("brand_content") and cleaned.get("privacy_level") == SELF_ONLY:
        notes |= {"privacy_level": ""}  # TikTok would not take both
    return notes


class PrivacySelect(forms.Select):
    """Says of each audience that can not be chosen why; a note for the inbox may name it."""

    closed: dict[str, str]  # by audience

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if because := self.closed.get(str(value)):
            option["attrs"] |= {"disabled": True, "title": because, "data-closed": because}
        return option


class TikTokForm(forms.Form):
    """For a video. `tiktok.photo_form` has what is different for photos."""

    kind = "video"
    title_limit: int | None = None
    consent_template = "tiktok/_options_consent.html"
    caption_limit = VIDEO_CAPTION_UNITS
    say_whom_it_promotes = SAY_WHOM_IT_PROMOTES
    never_private = NEVER_PRIVATE
    inbox: InboxAhead | None = None

    mode = forms.ChoiceField(label="How", choices=PostMode.choices, widget=forms.RadioSelect)
    privacy_level = forms.ChoiceField(
        label="Who can see this video",
        required=False,
        widget=PrivacySelect,
        error_messages={
            "invalid_choice": "TikTok does not offer this audience now. Choose again."  # 6
        },
    )
    allow_comment = forms.BooleanField(label="Comment", required=False)
    allow_duet = forms.BooleanField(label="Duet", required=False)
    allow_stitch = forms.BooleanField(label="Stitch", required=False)
    disclosure = forms.BooleanField(
        label="Disclose post content",
        required=False,
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        help_text="Turn on if this video promotes yourself, a brand, a product or a service.",  # 12
    )
    brand_organic = forms.BooleanField(
        label="Your brand",
        required=False,
        help_text="You are promoting yourself or your own business.",
    )
    brand_content = forms.BooleanField(
        label="Branded content",
        required=False,
        help_text="You are promoting another brand or a third party.",
    )
    is_aigc = forms.BooleanField(
        label="AI-generated content",
        required=False,
        help_text="Turn on if AI made or changed what looks real in it. TikTok adds a label.",
    )
    cover_timestamp_ms = forms.IntegerField(
        label="Cover",
        required=False,
        min_value=0,
        max_value=2**31 - 1,
        help_text="Milliseconds into the video. Empty: the first picture.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        media: list[Media],
        saved: TikTokOptions | None,
        standing: Standing,
    ) -> None:
        self.posted, self.standing, self.info = media, standing, standing.info
        super().__init__(data, prefix=PREFIX, initial=self._initial(saved))
        self.closed_because, self.closed_now = standing.closed_because, standing.closed_now
        self.unanswered = standing.unanswered
        self._offer_what_tiktok_offers()

    def _initial(self, saved: TikTokOptions | None) -> dict[str, Any]:
        """What this very post was given earlier; else nothing, save for the road (7, 8, 12, 13)."""
        proposed = PostMode.DIRECT if self.standing.audited else PostMode.INBOX
        values: dict[str, Any] = {"mode": saved.mode if saved else proposed}
        if saved:
            values |= {name: getattr(saved, name, None) for name in NOTHING_CHOSEN}
            values["disclosure"] = saved.brand_organic or saved.brand_content
        closed = self.standing.mode_closed
        open_modes = [mode for mode in PostMode.values if mode not in closed]
        if values["mode"] in closed and open_modes:
            values["mode"] = open_modes[0]
        return values

    def _offer_what_tiktok_offers(self) -> None:
        levels = self.info.privacy_level_options if self.info else ()
        privacy = cast(forms.ChoiceField, self.fields["privacy_level"])
        privacy.choices = [("", "Choose who can see it")] + [
            (level, privacy_label(level)) for level in levels
        ]
        cast(PrivacySelect, privacy.widget).closed = {
            level: NOT_AUDITED for level in levels if not self.standing.may_choose(level)
        }
        for name, (_, flag) in INTERACTIONS.items():
            if name in self.fields and self.info and getattr(self.info, flag):  # 9
                self.fields[name].disabled = True
                self.initial[name] = False

    # For the page

    @property
    def nickname(self) -> str:
        return self.info.nickname if self.info else ""

    @property
    def interactions(self) -> list[forms.BoundField]:
        return [self[name] for name in INTERACTIONS if name in self.fields]

    @property
    def has_notes(self) -> bool:
        """Something is chosen that a draft for the inbox keeps as a note for its person."""
        return any(self[name].value() for name in NOTHING_CHOSEN if name in self.fields)

    @property
    def longest(self) -> int | None:
        """Seconds that a video of this account may last when it is posted directly."""
        return self.info.max_video_post_duration_sec if self.info else None

    @property
    def longest_in_words(self) -> str:
        return in_words(self.longest) if self.longest else ""

    @property
    def too_long(self) -> str:
        """Why the video is too long for a direct post of this account, with both lengths (4)."""
        for video in self.posted:
            if self.longest and video.duration and video.duration > self.longest:
                finding = too_long_finding(video, self.longest)
                return f"{finding.message} {finding.what_to_do}"
        return ""

    @property
    def no_longer_offered(self) -> str:
        """The audience that this post was given earlier, if TikTok does not offer it now."""
        level = str(self.initial.get("privacy_level") or "")
        gone = level and self.info and level not in self.info.privacy_level_options
        return privacy_label(level) if gone else ""

    @property
    def consents(self) -> dict[str, Consent]:
        return {"plain": consent_for(branded=False), "branded": consent_for(branded=True)}

    # The rules

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for finding in self.closed_because:  # 3
            self.add_error(None, f"{finding.message} {finding.what_to_do}")
        mode = cleaned.get("mode", "")
        if because := self.standing.mode_closed.get(mode):
            self.add_error("mode", because)
        for finding in media_findings(self.posted):
            self.add_error(None, f"{finding.message} {finding.what_to_do}")
        if mode == PostMode.INBOX:
            # Everything else is chosen inside TikTok (Protocol 6): nothing here may block it.
            for name in NOTHING_CHOSEN:
                self.errors.pop(name, None)
            return NOTHING_CHOSEN | cleaned | as_notes(cleaned) | self._kept_in_inbox(cleaned)
        self._check_privacy(cleaned)
        self._check_interactions()
        self._check_disclosure(cleaned)
        return NOTHING_CHOSEN | cleaned | self._checked_media(cleaned)

    def _check_privacy(self, cleaned: dict[str, Any]) -> None:
        level = cleaned.get("privacy_level")
        if level == "":  # 7
            label = str(self.fields["privacy_level"].label)
            self.add_error("privacy_level", f"Choose {label[0].lower()}{label[1:]}.")
        elif level and not self.standing.may_choose(level):
            self.add_error("privacy_level", f"{NOT_AUDITED} Choose “Only you”, or use the inbox.")

    def _check_interactions(self) -> None:
        """What was ticked while the creator switched it off is asked again, not dropped (9)."""
        for name, (word, _) in INTERACTIONS.items():
            field = self.fields.get(name)
            if field and field.disabled and self.add_prefix(name) in self.data:
                self.add_error(
                    name,
                    f"{word} is switched off in this account's settings at TikTok now. "
                    "The box is empty again; please look and press the button once more.",
                )

    def _check_disclosure(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("disclosure"):  # 18
            cleaned |= {"brand_organic": False, "brand_content": False}
        elif not cleaned.get("brand_organic") and not cleaned.get("brand_content"):  # 17
            self.add_error("disclosure", SAY_WHOM_IT_PROMOTES)
        elif cleaned["brand_content"] and cleaned.get("privacy_level") == SELF_ONLY:  # 22
            self.add_error("privacy_level", NEVER_PRIVATE)

    def _checked_media(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What depends on the media, and how it is stored."""
        if self.too_long:  # 4
            self.add_error(None, self.too_long)
        cover = cleaned.get("cover_timestamp_ms")
        for video in self.posted:
            if cover and video.duration and cover > video.duration * 1000:
                sentence = f"The video lasts only {in_words(video.duration)}."
                self.add_error("cover_timestamp_ms", sentence)
        return {"photo_cover_index": 0}

    def _kept_in_inbox(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What of it TikTok takes with a draft: nothing of a video's."""
        return {"photo_cover_index": 0}
