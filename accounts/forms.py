"""What people fill in about themselves."""

import zoneinfo
from itertools import groupby

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.http import HttpRequest

from accounts.models import User, Workspace

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
