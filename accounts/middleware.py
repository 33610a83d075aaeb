"""What every page wants to know of the person who asks: the workspace and the time zone."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User, Workspace

SESSION_KEY = "workspace_id"


def current_workspace(request: HttpRequest) -> Workspace:
    """The workspace that the page was about which sends this request, else the one chosen in this
    session, if the person is still a member; else the personal."""
    user = cast(User, request.user)
    wanted = named_workspace(request) or request.session.get(SESSION_KEY, 0)
    chosen = Workspace.objects.of(user).filter(pk=wanted).first()
    return chosen or Workspace.personal_for(user)


def named_workspace(request: HttpRequest) -> int | None:
    """What a page says in its forms and by htmx: another window may have chosen another since.

    A form with files is left unread here: who receives them must be ready first.
    """
    named = request.headers.get("X-Workspace", "")
    if not named and request.content_type == "application/x-www-form-urlencoded":
        named = request.POST.get("workspace", "")
    # No id has more digits than that; thousands of them are no number for Python.
    return int(named) if named.isascii() and named.isdecimal() and len(named) < 19 else None


def choose_workspace(request: HttpRequest, workspace: Workspace) -> None:
    """Make it the current one of this session, from the next request on."""
    request.session[SESSION_KEY] = workspace.pk


def enter(request: HttpRequest, workspace: Workspace) -> None:
    """A page about `workspace` is opened: it is the current one, on this page and from now on."""
    if request.method in {"GET", "HEAD"} and "HX-Request" not in request.headers:
        choose_workspace(request, workspace)
        request.workspace = workspace  # type: ignore[attr-defined]


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
