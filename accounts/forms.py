"""What people fill in about themselves."""

import zoneinfo
from datetime import timedelta
from typing import cast

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.http import HttpRequest

from accounts import time_zones
from accounts.models import Membership, Role, Scope, User, Workspace
from accounts.permissions import RIGHT_OF_SCOPE, RIGHTS


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autofocus"] = True

    def user_credentials(self) -> dict[str, str]:
        """What is said as the user name is tried as an e-mail address, too. Sent under both names
        a known address would be checked twice, which the time that it takes would tell."""
        credentials: dict[str, str] = super().user_credentials()
        if "username" in credentials:
            credentials.pop("email", None)
        return credentials


class SignupForm(AllauthSignupForm):
    """Sign-up asks for little: the browser tells the time zone, and the person can change it."""

    time_zone = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-time-zone": ""})
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["autofocus"] = True

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        return name if name in zoneinfo.available_timezones() else "UTC"

    def save(self, request: HttpRequest) -> User:
        user: User = super().save(request)
        user.time_zone = self.cleaned_data["time_zone"]
        user.save(update_fields=["time_zone"])
        Workspace.personal_for(user)
        return user


class TimeZoneInput(forms.TextInput):
    template_name = "accounts/_time_zone_input.html"

    def __init__(self) -> None:
        super().__init__({"list": "time-zones", "autocomplete": "off", "spellcheck": "false"})

    def get_context(
        self, name: str, value: object, attrs: dict[str, object] | None
    ) -> dict[str, object]:
        context: dict[str, object] = super().get_context(name, value, attrs)
        cast(dict[str, object], context["widget"])["zones"] = time_zones.offered()
        return context


class TimeZoneField(forms.CharField):
    """Takes what people call a zone, and gives its name."""

    def clean(self, value: object) -> str:
        words: str = super().clean(value)
        name = time_zones.find(words)
        if name is None:
            raise forms.ValidationError(
                "We know no time zone “%(words)s”. Name a large city near you, like Berlin.",
                params={"words": words},
                code="unknown_time_zone",
            )
        return name


class TimeZoneForm(forms.ModelForm):  # type: ignore[type-arg]
    """The one that the browser tells, when a person confirms it."""

    time_zone = TimeZoneField(max_length=64)

    class Meta:
        model = User
        fields = ["time_zone"]


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = TimeZoneField(
        max_length=64,
        label="Time zone",
        widget=TimeZoneInput,
        help_text="Every time that you see or choose here is in this zone. Type a city.",
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "time_zone", "week_starts_on"]
        help_texts = {
            "first_name": "How the others in your workspaces see you. Without it: your user name.",
        }


class ApiKeyForm(forms.Form):
    """A key for a program: where it acts, what it may do, and for how long."""

    LIFETIMES = {"30": "30 days", "90": "90 days", "365": "A year", "0": "Until it is revoked"}

    name = forms.CharField(
        max_length=100,
        label="What is it for?",
        help_text="So that you know it again in this list.",
        error_messages={"required": "Give it a name, such as that of the program."},
    )
    membership = forms.ModelChoiceField(
        Membership.objects.none(), label="Workspace", empty_label=None
    )
    scopes = forms.MultipleChoiceField(
        label="What may it do?",
        choices=Scope.choices,
        initial=[Scope.READ],
        widget=forms.CheckboxSelectMultiple,
        help_text="Never more than your own role lets you do.",
        error_messages={"required": "Tick what the program is to do."},
    )
    days = forms.ChoiceField(label="How long?", choices=LIFETIMES.items(), initial="90")

    def __init__(self, *args: object, user: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        memberships = Membership.objects.filter(user=user).select_related("workspace")
        field = cast("forms.ModelChoiceField[Membership]", self.fields["membership"])
        field.queryset = memberships.order_by("workspace__name", "pk")
        field.label_from_instance = _workspace_of  # type: ignore[method-assign, assignment]

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        membership = cast(Membership | None, cleaned.get("membership"))
        if membership is None:
            return cleaned
        beyond = [
            Scope(scope).label
            for scope in cast(list[str], cleaned.get("scopes", []))
            if RIGHT_OF_SCOPE[Scope(scope)] not in RIGHTS[Role(membership.role)]
        ]
        if beyond:
            role = membership.get_role_display().lower()
            self.add_error("scopes", f"As {role} you may not: {', '.join(beyond).lower()}.")
        return cleaned

    @property
    def lasts(self) -> timedelta | None:
        days = int(self.cleaned_data["days"])
        return timedelta(days=days) if days else None


def _workspace_of(membership: Membership) -> str:
    return membership.workspace.name
