"""Log lines that say which request and which publication they belong to."""

import logging
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from posts.in_hand import publication_in_hand

request_in_hand: ContextVar[str] = ContextVar("request_in_hand", default="-")
# Who knows the address of a medium that a platform fetches may fetch it, too.
_SECRET_ADDRESS = re.compile(r"(/pulled/)[^/\s\"']+")
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class ContextFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        # Django logs a 404 when the request has left the middleware, but it names the request.
        of_its_request = getattr(getattr(record, "request", None), "request_id", None)
        record.request_id = of_its_request or request_in_hand.get()
        record.publication_id = publication_in_hand.get() or "-"
        return True


def without_secrets(text: str) -> str:
    """
    >>> without_secrets("Not Found: /pulled/q7Zr/1.jpg")
    'Not Found: /pulled/…/1.jpg'
    """
    return _SECRET_ADDRESS.sub(r"\1…", text)


class SecretFilter(logging.Filter):
    """Django, gunicorn and others log the address of a request that went wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if (safe := without_secrets(said)) != said:
            record.msg, record.args = safe, None
        return True


class RequestIdMiddleware:
    """Give each request an id, or keep the one that a proxy in front gave it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _ACCEPTABLE_ID.fullmatch(given) else secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]
        token = request_in_hand.set(request_id)
        try:
            response = self.get_response(request)
        finally:
            request_in_hand.reset(token)
        response["X-Request-ID"] = request_id
        return response
