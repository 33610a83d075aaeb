"""The invitation that somebody without an account follows: their session keeps it meanwhile."""

from django.http import HttpRequest

from accounts.models import Invitation

SESSION_KEY = "invitation"


def remember(request: HttpRequest, secret: str) -> None:
    request.session[SESSION_KEY] = secret


def followed(request: HttpRequest) -> Invitation | None:
    """The open invitation that led this browser here, if one did."""
    session = getattr(request, "session", None)
    secret = session.get(SESSION_KEY, "") if session is not None else ""
    invitation = Invitation.presented(secret) if secret else None
    return invitation if invitation is not None and invitation.is_open else None
