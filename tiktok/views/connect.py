"""Connect, reconnect and disconnect an account: what leads to TikTok, and what ends it."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Channel, User
from accounts.permissions import Right, require, require_in_current
from posts.models import Publication
from posts.states import State
from tiktok import oauth

HOW_TO_REMOVE = (
    "To be sure, open the TikTok app, then Settings and privacy, Security and permissions, "
    "Apps and services permissions, and remove this app there."
)


@require_POST
def connect(request: HttpRequest) -> HttpResponse:
    workspace = require_in_current(request, Right.CONNECT)
    return redirect(oauth.begin(cast(User, request.user), workspace))


@require_POST
def reconnect(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Only the same account comes back in place; another one is offered as a new one."""
    channel = _channel(request, channel_id)
    user = cast(User, request.user)
    return redirect(oauth.begin(user, channel.workspace, reconnects=channel))


@require_http_methods(["GET", "HEAD", "POST"])
def disconnect(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Say what will happen, and do it once a person has read it."""
    channel = _channel(request, channel_id)
    if request.method != "POST":
        return _disconnect_page(request, channel)
    try:
        done = oauth.disconnect(
            channel, by=cast(User, request.user), now=request.POST.get("now") == "yes"
        )
    except oauth.StillBusy:
        return _disconnect_page(request, channel, status=409)
    words = f"{channel} is disconnected."
    if done.held:
        words += f" {_posts(len(done.held))} now held until it is connected again."
    messages.success(request, words)
    if not done.revoked:
        messages.warning(request, f"TikTok did not confirm that our access ended. {HOW_TO_REMOVE}")
    return redirect("accounts:channels")


def _channel(request: HttpRequest, channel_id: int) -> Channel:
    """The person's own account: a 404 for a stranger, a 403 for a member without the right."""
    user = cast(User, request.user)
    mine = Channel.objects.in_workspaces_of(user).filter(platform="tiktok")
    channel = get_object_or_404(mine.select_related("workspace"), pk=channel_id)
    require(user, Right.CONNECT, channel.workspace)
    return channel


def _disconnect_page(request: HttpRequest, channel: Channel, *, status: int = 200) -> HttpResponse:
    scheduled = Publication.objects.filter(channel=channel, state=State.SCHEDULED)
    context = {
        "channel": channel,
        "scheduled": scheduled.count(),
        "in_flight": oauth.in_flight(channel).with_details(),
    }
    return render(request, "tiktok/connect_disconnect.html", context, status=status)


def _posts(number: int) -> str:
    return "1 post is" if number == 1 else f"{number} posts are"
