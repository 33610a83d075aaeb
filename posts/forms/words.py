"""The few words that some acts of a person come with."""

from django import forms

NOTE_LIMIT = 1_000  # characters
COMMENT_LIMIT = 3_000  # characters


class LiveLinkForm(forms.Form):
    """A person's word that the post is live, with its address if they have it."""

    link = forms.URLField(
        label="Link to the post",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Open the post, tap Share, then Copy link.",
        error_messages={"invalid": "That is not a web address. It begins with https://."},
    )


class NoteForm(forms.Form):
    """What the author should change."""

    note = forms.CharField(
        label="What should change?",
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write what should change, so that its author can mend it."},
    )


class AskForm(forms.Form):
    """What goes along with a request for approval."""

    note = forms.CharField(
        label="A note for whoever looks at it",
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CommentForm(forms.Form):
    """A word about a post. Line breaks are kept."""

    text = forms.CharField(
        label="Comment",
        max_length=COMMENT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "Say something about this post"}),
        help_text="@name tells a member of this workspace, also by mail.",
        error_messages={"required": "Write something first."},
    )

    def clean_text(self) -> str:
        """A browser sends each line end as two characters."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n")
