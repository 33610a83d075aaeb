"""What people fill in about a workspace and those in it."""

from typing import Any

from django import forms
from django.conf import settings

from accounts.models import Role

A_WEEK = 7 * 24 * 60  # minutes

# What each role may do, as the pages say it; permissions.RIGHTS is what holds.
ROLE_WORDS = {
    Role.VIEWER: "sees everything, changes nothing",
    Role.CONTRIBUTOR: "uploads, writes drafts, asks for approval",
    Role.EDITOR: "writes, approves, schedules and connects accounts",
    Role.OWNER: "does all that, and manages members",
}


def role_choices() -> list[tuple[str, str]]:
    return [(role, f"{role.label}: {words}") for role, words in ROLE_WORDS.items()]


class NewWorkspaceForm(forms.Form):
    name = forms.CharField(
        max_length=100, label="Name of the workspace", help_text="Such as that of your team."
    )


class WorkspaceForm(forms.Form):
    name = forms.CharField(max_length=100)
    late_limit_minutes = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=A_WEEK,
        label="How late may a post go out, in minutes?",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        minutes = settings.LATE_LIMIT_MINUTES
        self.fields["late_limit_minutes"].help_text = (
            "When something was in the way at its time, such as an outage. Later than that it "
            f"asks first. Empty: as this site has it, {minutes} minutes."
        )


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(
        choices=role_choices, initial=Role.CONTRIBUTOR, widget=forms.RadioSelect
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)

    @property
    def label(self) -> str:
        return str(Role(self.cleaned_data["role"]).label)
