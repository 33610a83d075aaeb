"""/styleguide/: every part of the interface beside the others. In development only."""

import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from posts.states import State

TONES = ("grey", "violet", "blue", "amber", "teal", "green", "red", "orange")
SIZES = ("xs", "s", "m", "l", "xl", "2xl", "3xl", "4xl")
SURFACES = ("canvas", "surface", "raised", "sunken", "accent", "accent-soft", "danger")
SPACES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24)
RADII = ("s", "m", "l", "xl", "full")
SHADOWS = ("s", "m", "l")


class Fields(forms.Form):
    """A field of each kind, one of them with a mistake."""

    name = forms.CharField(help_text="So that you know it again.", initial="Sunrise")
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    zone = forms.ChoiceField(choices=[("b", "Berlin"), ("t", "Tokyo")])
    scopes = forms.MultipleChoiceField(
        choices=[("r", "See posts"), ("w", "Write posts")], widget=forms.CheckboxSelectMultiple
    )
    mail = forms.BooleanField(label="Tell me by mail", required=False)
    when = forms.EmailField(label="E-mail")


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    fields = Fields({"name": "Sunrise", "zone": "b", "scopes": ["r"], "when": "alice.example.com"})
    context: dict[str, Any] = {
        "tones": TONES,
        "sizes": SIZES,
        "surfaces": SURFACES,
        "spaces": SPACES,
        "radii": RADII,
        "shadows": SHADOWS,
        "states": State.choices,
        "icons": _icons(),
        "form": fields,
        "now": now,
        "page_obj": Paginator(range(60), 20).page(2),
        "week": _week(now.date()),
    }
    return render(request, "styleguide/page.html", context)


def _icons() -> list[str]:
    """The names in our own sprite."""
    path = finders.find("img/icons.svg")
    assert isinstance(path, str)  # noqa: S101 (it is our own file)
    with open(path, encoding="utf-8") as sprite:
        return re.findall(r'<symbol id="([\w-]+)"', sprite.read())


def _week(today: date) -> list[SimpleNamespace]:
    """Seven days for cells of a calendar: past, busy, today, empty."""
    monday = today - timedelta(days=today.weekday())
    planned = [
        SimpleNamespace(at=timezone.now(), words=words, state=state, label=state.label, url="#week")
        for words, state in (
            ("Fog lifts off the bay", State.PUBLISHED),
            ("Three ways to tie a boat", State.SCHEDULED),
            ("Bread at four in the morning", State.FAILED),
            ("The market on Saturday", State.AWAITING_APPROVAL),
        )
    ]
    counts = (1, 4, 0, 2, 0, 3, 0)
    return [
        SimpleNamespace(
            day=monday + timedelta(days=number),
            entries=planned[: min(count, 3)],
            more=max(count - 3, 0),
            is_today=monday + timedelta(days=number) == today,
            is_outside=number == 6,
        )
        for number, count in enumerate(counts)
    ]
