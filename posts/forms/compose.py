"""What is the same for every platform: the video, the words, and the account they go to."""

from typing import Any, cast

from django import forms

from accounts.models import Channel, Workspace
from posts.models import Media, MediaState, Post

CAPTION_LIMIT = 10_000  # characters that a draft may have; what a platform takes is its own to say


class ComposeForm(forms.Form):
    """Rules for any draft. `ready_to_go` adds what must be there before anything is planned."""

    medium = forms.ModelChoiceField(
        Media.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "This video is not there any more. Upload it again."},
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
        medium = cast("forms.ModelChoiceField[Media]", self.fields["medium"])
        medium.queryset = workspace.media.all()
        channel = cast("forms.ModelChoiceField[Channel]", self.fields["channel"])
        channel.queryset = workspace.channels.kept()

    def clean_caption(self) -> str:
        """As the platform will get it: a browser sends each line end as two characters."""
        caption: str = self.cleaned_data["caption"]
        return caption.replace("\r\n", "\n").replace("\r", "\n")

    def ready_to_go(self) -> bool:
        """Whether a ready video and an account were chosen; says what is missing."""
        medium = self.cleaned_data.get("medium")
        if medium is None:
            self._ask("medium", "Upload a video first.")
        elif medium.state == MediaState.CHECKING:
            self._ask("medium", "The video is still being checked. Try again in a moment.")
        elif medium.state != MediaState.READY:
            self._ask("medium", "This video can not be posted. Choose another file.")
        if self.cleaned_data.get("channel") is None:
            self._ask("channel", "Choose the account that will post this.")
        return not self.errors

    def _ask(self, field: str, sentence: str) -> None:
        if field not in self.errors:
            self.add_error(field, sentence)
