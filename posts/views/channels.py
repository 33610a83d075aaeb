"""Stopping an account's posts, and letting them go on: the buttons of the accounts page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.models import Channel
from posts import pausing
from posts.views.access import person


@require_POST
def pause(request: HttpRequest, channel_id: int) -> HttpResponse:
    channel = _channel_or_404(request, channel_id)
    held = pausing.pause(channel, by=person(request))
    messages.success(request, f"{channel} is paused; {_posts(len(held))} until it goes on.")
    return redirect("accounts:channels")


@require_POST
def let_go_on(request: HttpRequest, channel_id: int) -> HttpResponse:
    channel = _channel_or_404(request, channel_id)
    resumed = pausing.let_go_on(channel, by=person(request))
    messages.success(
        request,
        f"{channel} goes on; {_posts(len(resumed))} for the planned time. Late ones ask you first.",
    )
    return redirect("accounts:channels")


def _posts(count: int) -> str:
    return "1 post waits" if count == 1 else f"{count} posts wait"


def _channel_or_404(request: HttpRequest, channel_id: int) -> Channel:
    mine = Channel.objects.in_workspaces_of(person(request)).select_related("workspace")
    return get_object_or_404(mine, pk=channel_id)
