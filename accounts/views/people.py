"""A person's own settings, and the workspaces that they are in."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import ProfileForm, TimeZoneForm
from accounts.middleware import choose_workspace
from accounts.models import Membership, User, Workspace


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your settings are saved.")
        return redirect("accounts:settings")
    memberships = Membership.objects.filter(user=user).select_related("workspace")
    context = {"form": form, "memberships": memberships.order_by("workspace__name", "pk")}
    status = 422 if form.errors else 200
    return render(request, "accounts/settings.html", context, status=status)


@require_POST
def time_zone(request: HttpRequest) -> HttpResponse:
    """The zone of the browser, when a person wants to have it."""
    form = TimeZoneForm(request.POST, instance=User.objects.get(pk=cast(User, request.user).pk))
    if form.is_valid():
        user = form.save()
        messages.success(request, f"Your times are shown in {user.time_zone} now.")
    else:
        messages.error(request, " ".join(map(str, form.errors["time_zone"])))
    return _back(request, otherwise="accounts:settings")


@require_POST
def switch(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Make another of the person's workspaces the current one."""
    mine = Workspace.objects.of(cast(User, request.user))
    workspace = get_object_or_404(mine, pk=workspace_id)
    choose_workspace(request, workspace)
    messages.success(request, f"You are in “{workspace}” now.")
    return _back(request, otherwise="today")


def _back(request: HttpRequest, *, otherwise: str) -> HttpResponse:
    """To the page that the person came from, which is one of ours."""
    way_back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        way_back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(way_back)
    return redirect(otherwise)
