"""A database that is not up yet, or is away for a moment, is met with patience."""

import logging
import time
from collections.abc import Callable, Iterator

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.2  # seconds
LONGEST_PAUSE = 10.0  # seconds


def pauses() -> Iterator[float]:
    """Seconds to wait before each next try: doubling, up to a limit."""
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_PAUSE)


def wait_for_database(*, sleep: Callable[[float], None] = time.sleep) -> None:
    """Return when the database answers, however long that takes."""
    for pause in pauses():
        try:
            connection.ensure_connection()
        except OperationalError as error:
            log.warning("the database does not answer (%s); next try in %.1f s", error, pause)
            connection.close()
            sleep(pause)
        else:
            return


class DatabaseDownMiddleware:
    """Say honestly that the database is away, instead of a crash."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError):
            return None
        log.error("the database does not answer: %s", error)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "5"
        return response
