"""Who is in a workspace, who is invited, and as what."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import inviting, members
from accounts.adapters import newcomers_may_follow
from accounts.models import Invitation, Membership, Role, User, Workspace
from accounts.permissions import Right, may, require, require_in
from accounts.workspace_forms import InviteForm, RoleForm

NOT_MAILED = (
    "The invitation is kept, but its mail did not leave: the mail server did not take it. Send it "
    "again in a while."
)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Every member sees who else is there; owners see the invitations too, and invite."""
    user = cast(User, request.user)
    shown = require_in(request, workspace_id, Right.SEE)
    if request.method == "POST":
        require(user, Right.MANAGE, shown)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _invite(request, shown, form):
        return redirect("accounts:members", shown.pk)
    context = {"shown": shown, "form": form, **_people(shown, user)}
    return render(request, "accounts/members.html", context, status=422 if form.errors else 200)


@require_POST
def change_role(request: HttpRequest, workspace_id: int, membership_id: int) -> HttpResponse:
    membership = _membership(request, workspace_id, membership_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the roles.")
        return redirect("accounts:members", workspace_id)
    with _said(request):
        members.change_role(membership, Role(form.cleaned_data["role"]), by=_user(request))
        messages.success(request, f"{membership.user}: {form.label.lower()} now.")
    return redirect("accounts:members", workspace_id)


@require_POST
def hand_over(request: HttpRequest, workspace_id: int, membership_id: int) -> HttpResponse:
    membership = _membership(request, workspace_id, membership_id)
    with _said(request):
        members.hand_over(membership, by=_user(request))
        messages.success(
            request, f"{membership.user} owns “{membership.workspace}” now. You are an editor."
        )
    return redirect("accounts:members", workspace_id)


@require_POST
def send_again(request: HttpRequest, workspace_id: int, invitation_id: int) -> HttpResponse:
    invitation = _invitation(request, workspace_id, invitation_id)
    with _said(request):
        _say_sent(request, inviting.send_again(invitation, by=_user(request)))
    return redirect("accounts:members", workspace_id)


@require_POST
def revoke(request: HttpRequest, workspace_id: int, invitation_id: int) -> HttpResponse:
    invitation = _invitation(request, workspace_id, invitation_id)
    with _said(request):
        inviting.revoke(invitation, by=_user(request))
        messages.success(request, f"The invitation of {invitation.email} is taken back.")
    return redirect("accounts:members", workspace_id)


def _invite(request: HttpRequest, workspace: Workspace, form: InviteForm) -> bool:
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    try:
        invitation = inviting.invite(workspace, email, role, by=_user(request))
    except inviting.CanNotInvite as error:
        form.add_error("email", str(error))
        return False
    _say_sent(request, invitation)
    return True


def _say_sent(request: HttpRequest, invitation: Invitation) -> None:
    if invitation.mailed_at:
        messages.success(request, f"The invitation is on its way to {invitation.email}.")
    else:
        messages.error(request, NOT_MAILED)


def _people(workspace: Workspace, user: User) -> dict[str, Any]:
    rows = workspace.memberships.select_related("user").order_by("joined_at", "pk")
    may_manage = may(user, Right.MANAGE, workspace)
    unanswered = Invitation.objects.unanswered().filter(workspace=workspace)
    return {
        "memberships": rows,
        "may_manage": may_manage,
        "owners": sum(row.role == Role.OWNER for row in rows),
        "roles": Role.choices,
        "invitations": unanswered.select_related("invited_by") if may_manage else [],
        "newcomers": newcomers_may_follow(),
    }


@contextmanager
def _said(request: HttpRequest) -> Iterator[None]:
    """What can not be done is said on the page that follows."""
    try:
        yield
    except (members.StaysOwned, inviting.CanNotInvite, inviting.InvitationOver) as error:
        messages.error(request, str(error))
    except members.NoMember:
        messages.info(request, "Somebody else was faster: look at the members as they are now.")


def _membership(request: HttpRequest, workspace_id: int, membership_id: int) -> Membership:
    workspace = require_in(request, workspace_id, Right.MANAGE)
    rows = workspace.memberships.select_related("user", "workspace")
    return get_object_or_404(rows, pk=membership_id)


def _invitation(request: HttpRequest, workspace_id: int, invitation_id: int) -> Invitation:
    workspace = require_in(request, workspace_id, Right.MANAGE)
    return get_object_or_404(workspace.invitations, pk=invitation_id)


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
