"""A person's own settings."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import ProfileForm, TimeZoneForm
from accounts.models import User
from accounts.views.returning import back


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your settings are saved.")
        return redirect("accounts:settings")
    status = 422 if form.errors else 200
    return render(request, "accounts/settings.html", {"form": form}, status=status)


@require_POST
def time_zone(request: HttpRequest) -> HttpResponse:
    """The zone of the browser, when a person wants to have it."""
    form = TimeZoneForm(request.POST, instance=User.objects.get(pk=cast(User, request.user).pk))
    if form.is_valid():
        user = form.save()
        messages.success(request, f"Your times are shown in {user.time_zone} now.")
    else:
        messages.error(request, " ".join(map(str, form.errors["time_zone"])))
    return back(request, otherwise="accounts:settings")
