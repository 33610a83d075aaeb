"""The few words that some acts of a person come with."""

from django import forms


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
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
