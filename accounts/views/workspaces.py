"""A person's workspaces: make one, go to another, and the settings of each."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.middleware import choose_workspace
from accounts.models import Membership, User, Workspace
from accounts.permissions import Right, may, require, require_in
from accounts.views.returning import back
from accounts.workspace_forms import NewWorkspaceForm, WorkspaceForm
from accounts.workspaces import change, found


@require_http_methods(["GET", "HEAD", "POST"])
def workspaces(request: HttpRequest) -> HttpResponse:
    """The list of them, and a form that makes another."""
    user = cast(User, request.user)
    form = NewWorkspaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workspace = found(form.cleaned_data["name"], by=user)
        choose_workspace(request, workspace)
        messages.success(request, f"“{workspace}” is made, and you are in it.")
        return redirect("accounts:members", workspace.pk)
    memberships = Membership.objects.filter(user=user).select_related("workspace")
    context = {"form": form, "memberships": memberships.order_by("workspace__name", "pk")}
    return render(request, "accounts/workspaces.html", context, status=422 if form.errors else 200)


@require_POST
def switch(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Make another of the person's workspaces the current one."""
    mine = Workspace.objects.of(cast(User, request.user))
    workspace = get_object_or_404(mine, pk=workspace_id)
    choose_workspace(request, workspace)
    messages.success(request, f"You are in “{workspace}” now.")
    return back(request, otherwise="today")


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Every member sees them; owners change them."""
    user = cast(User, request.user)
    shown = require_in(request, workspace_id, Right.SEE)
    if request.method == "POST":
        require(user, Right.MANAGE, shown)
    about = {"name": shown.name, "late_limit_minutes": shown.late_limit_minutes}
    form = WorkspaceForm(request.POST or None, initial=about)
    if request.method == "POST" and form.is_valid():
        change(shown, by=user, **form.cleaned_data)
        messages.success(request, "The settings of the workspace are saved.")
        return redirect("accounts:workspace", shown.pk)
    may_manage = may(user, Right.MANAGE, shown)
    context = {"shown": shown, "form": form, "may_manage": may_manage}
    return render(request, "accounts/workspace.html", context, status=422 if form.errors else 200)
