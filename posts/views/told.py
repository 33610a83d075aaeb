"""What a person wants to be told: a part of their settings."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from posts.forms import ToldForm
from posts.models import NotificationKind
from posts.notifications import mute, muted_kinds
from posts.views.access import person


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    muted = muted_kinds(person(request))
    told = [kind for kind in NotificationKind.values if kind not in muted]
    form = ToldForm(request.POST or None, initial={"kinds": told})
    if form.is_valid():
        mute(person(request), set(NotificationKind.values) - set(form.cleaned_data["kinds"]))
        messages.success(request, "Saved. It counts from now on.")
        return redirect("posts:notifications")
    return render(request, "posts/notifications.html", {"form": form})
