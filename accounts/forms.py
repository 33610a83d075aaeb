"""What people fill in about themselves."""

import zoneinfo
from datetime import timedelta
from itertools import groupby
from typing import cast

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.http import HttpRequest

from accounts.models import Membership, Role, Scope, User, Workspace
from accounts.permissions import RIGHT_OF_SCOPE, RIGHTS

Choices = list[tuple[str, str] | tuple[str, list[tuple[str, str]]]]


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autofocus"] = True


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


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.ChoiceField(
        label="Time zone",
        help_text="Every time that you see or choose here is in this zone.",
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "time_zone"]
        help_texts = {
            "first_name": "How the others in your workspaces see you. Without it: your user name.",
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (for the type checker)
        field.choices = time_zone_choices(self.instance.time_zone)


class ApiKeyForm(forms.Form):
    """A key for a program: where it acts, what it may do, and for how long."""

    LIFETIMES = {"30": "30 days", "90": "90 days", "365": "A year", "0": "Until it is revoked"}

    name = forms.CharField(
        max_length=100, label="What is it for?", help_text="So that you know it again in this list."
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


def time_zone_choices(current: str) -> Choices:
    """The zones that have a place in their name, by continent; and `current`, whatever it is."""
    placed = sorted(
        name
        for name in zoneinfo.available_timezones()
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))
    )
    grouped: Choices = [
        (continent, [(name, _place(name)) for name in names])
        for continent, names in groupby(placed, key=lambda name: name.partition("/")[0])
    ]
    plain: Choices = [("UTC", "UTC")]
    if current != "UTC" and current not in placed:
        plain.append((current, current))
    return plain + grouped


def _place(name: str) -> str:
    """
    >>> _place("America/Argentina/Buenos_Aires")
    'Buenos Aires, Argentina'
    """
    return ", ".join(reversed(name.replace("_", " ").split("/")[1:]))
