"""API keys: make one, see it once, revoke it; and end all access tokens."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import ApiKeyForm
from accounts.models import ApiKey, User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(enabled=lambda request: request.method == "POST")
@sensitive_variables("secret")
def keys(request: HttpRequest) -> HttpResponse:
    """The key itself is on the answer to this one POST, and nowhere else."""
    user = cast(User, request.user)
    form = ApiKeyForm(request.POST or None, user=user)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        made, secret = ApiKey.make(
            form.cleaned_data["membership"],
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            lasts=form.lasts,
        )
        form = ApiKeyForm(user=user)
    context = {
        "form": form,
        "keys": ApiKey.objects.of(user).filter(revoked_at=None),
        "made": made,
        "secret": secret,
        "token_minutes": settings.ACCESS_TOKEN_EXPIRE_MINUTES,
    }
    return render(request, "accounts/keys.html", context, status=422 if form.errors else 200)


@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.of(cast(User, request.user)), pk=key_id)
    key.revoke(by=cast(User, request.user))
    messages.success(request, f"The key “{key}” is revoked. It works nowhere any more.")
    return redirect("accounts:keys")


@require_POST
def end_tokens(request: HttpRequest) -> HttpResponse:
    User.objects.get(pk=cast(User, request.user).pk).end_access_tokens()
    messages.success(request, "Every access token that was given to you is over.")
    return redirect("accounts:keys")
