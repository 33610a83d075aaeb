"""What is the same for every platform: the media, the words, and the account they go to."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms

from accounts.models import Channel, Workspace
from posts.models import Media, MediaState, Post

TITLE_LIMIT = 300  # characters that a draft may have; what a platform takes is its own to say
CAPTION_LIMIT = 10_000

GONE = "A file of this post is not there any more. Upload it again."


class MediaField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """One medium or several, as a list in the order in which they were sent."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> Any:
        sent = [value] if isinstance(value, str) else value or []
        try:
            found: Iterable[Media] = super().clean([each for each in sent if each])
        except forms.ValidationError as error:
            raise forms.ValidationError(GONE, code="invalid_choice") from error
        by_key = {medium.pk: medium for medium in found}
        return [by_key[key] for key in dict.fromkeys(UUID(str(each)) for each in sent if each)]


class ComposeForm(forms.Form):
    """Rules for any draft. `ready_to_go` adds what must be there before anything is planned."""

    medium = MediaField(Media.objects.none(), required=False)
    title = forms.CharField(
        required=False,
        max_length=TITLE_LIMIT,
        widget=forms.TextInput(attrs={"placeholder": "A few words above the photos"}),
    )
    caption = forms.CharField(
        required=False,
        strip=False,
        max_length=CAPTION_LIMIT,
        widget=forms.Textarea(
            attrs={"rows": 5, "placeholder": "What is it about? #tags @mentions"}
        ),
    )
    channel = forms.ModelChoiceField(
        Channel.objects.none(),
        label="Account",
        required=False,
        error_messages={"invalid_choice": "This account is not connected any more."},
    )

    def __init__(
        self, *args: Any, workspace: Workspace, post: Post | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        cast(MediaField, self.fields["medium"]).queryset = workspace.media.all()
        channel = cast("forms.ModelChoiceField[Channel]", self.fields["channel"])
        channel.queryset = workspace.channels.kept()

    def clean_caption(self) -> str:
        """As the platform will get it: a browser sends each line end as two characters."""
        caption: str = self.cleaned_data["caption"]
        return caption.replace("\r\n", "\n").replace("\r", "\n")

    def ready_to_go(self) -> bool:
        """Whether ready media and an account were chosen; says what is missing."""
        media: list[Media] = self.cleaned_data.get("medium", [])
        if not media:
            self._ask("medium", "Upload a video or photos first.")
        for medium in media:
            what = medium.get_kind_display().lower()
            if medium.state == MediaState.CHECKING:
                self._ask("medium", f"The {what} is still being checked. Try again in a moment.")
            elif medium.state != MediaState.READY:
                self._ask("medium", f"This {what} can not be posted. Choose another file.")
        if self.cleaned_data.get("channel") is None:
            self._ask("channel", "Choose the account that will post this.")
        return not self.errors

    def _ask(self, field: str, sentence: str) -> None:
        if field not in self.errors:
            self.add_error(field, sentence)
