"""Which kinds of news a person wants."""

from django import forms

from posts.models import NotificationKind


class ToldForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label="Tell me when",
        required=False,
        choices=NotificationKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
