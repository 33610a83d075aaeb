"""Following the link of an invitation: who it is from, to what, and which account will join."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from accounts.adapters import may_sign_up
from accounts.api.limits import address_of
from accounts.invited import remember
from accounts.inviting import InvitationOver, MemberAlready, accept
from accounts.middleware import choose_workspace
from accounts.models import CallCount, Invitation, Role, Standing
from accounts.workspace_forms import ROLE_WORDS

LOOKS_IN_A_MINUTE = 60  # from one address


@login_not_required
@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Anybody with the link sees what it is; it takes an account and a button to join."""
    looks = CallCount.add(f"invitation:{address_of(request)}", window=timedelta(minutes=1))
    if looks.used > LOOKS_IN_A_MINUTE:
        return render(request, "429.html", status=429)
    found = Invitation.presented(secret)
    if found is None:
        return render(request, "accounts/invitation_over.html", {"standing": None}, status=404)
    if _is_in(request, found):
        return _go_in(request, found)
    if not found.is_open:
        return _over(request, found.standing)
    if request.method == "POST":
        return _join(request, found)
    return _page(request, found, secret)


def _page(request: HttpRequest, found: Invitation, secret: str) -> HttpResponse:
    context = {"invitation": found, "role_words": ROLE_WORDS[Role(found.role)]}
    if request.user.is_authenticated:
        context["is_to_me"] = found.is_to(request.user)
    else:
        remember(request, secret)  # signing up needs it
        context["may_sign_up"] = may_sign_up(request)
    return render(request, "accounts/invitation.html", context)


def _join(request: HttpRequest, found: Invitation) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    try:
        membership = accept(found, user=request.user)
    except InvitationOver as error:
        return _over(request, error.standing)
    except MemberAlready:
        return _go_in(request, found)
    choose_workspace(request, found.workspace)
    role = membership.get_role_display().lower()
    messages.success(request, f"Welcome to “{found.workspace}”. You are in as {role}.")
    return redirect("today")


def _is_in(request: HttpRequest, found: Invitation) -> bool:
    user = request.user
    return user.is_authenticated and found.workspace.memberships.filter(user=user).exists()


def _go_in(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Such as after a second click on the link; the invitation stays as it is."""
    choose_workspace(request, found.workspace)
    messages.info(request, f"You are a member of “{found.workspace}”, and in it now.")
    return redirect("today")


def _over(request: HttpRequest, standing: Standing) -> HttpResponse:
    context = {"standing": standing, "why": str(InvitationOver(standing))}
    return render(request, "accounts/invitation_over.html", context, status=410)
