"""What every page wants to know of the person who asks: the workspace and the time zone."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User, Workspace

SESSION_KEY = "workspace_id"


def current_workspace(request: HttpRequest) -> Workspace:
    """The workspace chosen in this session, if the person is still a member; else the personal."""
    user = cast(User, request.user)
    chosen = Workspace.objects.of(user).filter(pk=request.session.get(SESSION_KEY, 0)).first()
    return chosen or Workspace.personal_for(user)


def choose_workspace(request: HttpRequest, workspace: Workspace) -> None:
    """Make it the current one of this session, from the next request on."""
    request.session[SESSION_KEY] = workspace.pk


class PersonMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.workspace = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: current_workspace(request)
        )
        with timezone.override(request.user.zone):
            return self.get_response(request)
