"""The browsers in which somebody is logged in: listed, recognised, and logged out elsewhere."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from allauth.core import context
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.http import HttpRequest, HttpResponse

SEEN_EVERY = 600  # seconds; how exactly “last seen” is known
MOST_REMEMBERED = 10_000  # sessions in one process

# In the order in which they must be asked: most claim to be others as well.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


class SessionsAdapter(DefaultUserSessionsAdapter):
    def end_sessions(self, sessions: Iterable[Any]) -> None:
        """Log out everywhere else: other browsers, and programs that came in by the password."""
        super().end_sessions(sessions)
        context.request.user.end_access_tokens()


class SessionsMiddleware:
    """Writes down which browsers a person uses, now and then and not at each request.

    What was written is remembered by the process, not in the session: there it would be one more
    write that can overwrite a simultaneous one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._seen: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._write_down(request)
        return self.get_response(request)

    def _write_down(self, request: HttpRequest) -> None:
        from allauth.usersessions.models import UserSession  # noqa: PLC0415 - apps load first

        now, key = time.monotonic(), request.session.session_key or ""
        if now - self._seen.get(key, -SEEN_EVERY) < SEEN_EVERY:
            return
        if len(self._seen) >= MOST_REMEMBERED:
            self._seen.clear()
        UserSession.objects.create_from_request(request)
        self._seen[request.session.session_key or ""] = now


def browser_name(user_agent: str) -> str:
    """
    >>> browser_name("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox on Linux'
    >>> browser_name("curl/8.5.0")
    'curl/8.5.0'
    """
    browser = next((name for mark, name in BROWSERS.items() if f"{mark}/" in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or user_agent or "A browser that does not say its name"
