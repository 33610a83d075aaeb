"""Leaving a workspace, removing somebody, and deleting: said before it happens, then done."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.members import NoMember, StaysOwned
from accounts.models import Membership, Workspace
from accounts.permissions import Right, require_in
from posts.deleting import CanNotDelete, Deleted, delete_user, delete_workspace
from posts.leaving import LeftBehind, end_membership
from posts.leaving_forms import TypedNameForm
from posts.outlook import AccountOutlook, WorkspaceOutlook
from posts.views.access import person

NO_ROOM = "Everything must be copied before it goes, and that failed: {error}. Nothing is deleted."


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, workspace_id: int) -> HttpResponse:
    workspace = require_in(request, workspace_id, Right.SEE)
    membership = workspace.memberships.select_related("user").get(user=person(request))
    if request.method != "POST":
        return _ask(request, membership)
    try:
        end_membership(membership, by=person(request))
    except StaysOwned as error:
        return _ask(request, membership, why_not=str(error))
    except NoMember:
        pass  # in another window, a moment ago
    messages.success(request, f"You have left “{workspace}”.")
    return redirect("accounts:workspaces")


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, workspace_id: int, membership_id: int) -> HttpResponse:
    workspace = require_in(request, workspace_id, Right.MANAGE)
    members = workspace.memberships.select_related("user")
    membership = get_object_or_404(members, pk=membership_id)
    if membership.user == person(request):
        return redirect("leaving:leave", workspace.pk)
    if request.method != "POST":
        return _ask(request, membership)
    try:
        left = end_membership(membership, by=person(request))
    except StaysOwned as error:
        return _ask(request, membership, why_not=str(error))
    except NoMember:
        messages.info(request, f"{membership.user} was no member any more.")
    else:
        messages.success(request, f"{membership.user} is removed.{_of_what_stays(left)}")
    return redirect("accounts:members", workspace.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_the_workspace(request: HttpRequest, workspace_id: int) -> HttpResponse:
    answer: HttpResponse = _delete(request, require_in(request, workspace_id, Right.MANAGE))
    return answer


@reauthentication_required
def _delete(request: HttpRequest, workspace: Workspace) -> HttpResponse:
    form = TypedNameForm(request.POST or None, name=workspace.name)
    why_not = ""
    if request.method == "POST" and form.is_valid():
        try:
            done = delete_workspace(workspace, by=person(request))
        except CanNotDelete as error:
            why_not = str(error)
        except OSError as error:
            why_not = NO_ROOM.format(error=error.strerror or error)
        else:
            _say_deleted(request, f"“{workspace}” is deleted.", [done])
            return redirect("leaving:copies")
    outlook = WorkspaceOutlook.of(workspace, asker=person(request))
    context = {"outlook": outlook, "shown": workspace, "form": form, "why_not": why_not}
    return _answer(request, "posts/delete_workspace.html", context)


@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_the_account(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = TypedNameForm(request.POST or None, name=user.username)
    why_not = ""
    if request.method == "POST" and form.is_valid():
        try:
            done = delete_user(user, by=user)
        except CanNotDelete as error:
            why_not = str(error)
        except OSError as error:
            why_not = NO_ROOM.format(error=error.strerror or error)
        else:
            logout(request)
            _say_deleted(request, "Your account is deleted.", done)
            return redirect("landing")
    context = {"outlook": AccountOutlook.of(user), "form": form, "why_not": why_not}
    return _answer(request, "posts/delete_account.html", context)


def _ask(request: HttpRequest, membership: Membership, *, why_not: str = "") -> HttpResponse:
    context = {
        "membership": membership,
        "shown": membership.workspace,
        "is_me": membership.user == person(request),
        "left": LeftBehind.by(membership.user, membership.workspace),
        "keys": membership.api_keys.filter(revoked_at=None).count(),
        "why_not": why_not,
    }
    return _answer(request, "posts/leave.html", context)


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    form = context.get("form")
    status = 409 if context["why_not"] else 422 if form is not None and form.errors else 200
    return render(request, template, context, status=status)


def _of_what_stays(left: LeftBehind) -> str:
    if not left.planned:
        return ""
    posts = "1 post of theirs stays" if left.planned == 1 else f"{left.planned} of their posts stay"
    return f" {posts} planned."


def _say_deleted(request: HttpRequest, said: str, done: list[Deleted]) -> None:
    messages.success(request, said)
    for account in [account for each in done for account in each.not_revoked]:
        messages.warning(
            request,
            f"{account}: it was not confirmed that our access ended. Its creator can remove this "
            "app in the settings of the platform's own app.",
        )
