"""A database that is away for a moment, as the web process meets it."""

import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

from posts.patience import DATABASE_AWAY

log = logging.getLogger(__name__)


def broken(request: HttpRequest) -> HttpResponse:
    """What people see when something broke, in a view or before it: `handler500`.

    A database that is away is said honestly, with a 503. The page is rendered without the
    request, as what every page wants to know of it would ask the database again.
    """
    error = sys.exc_info()[1]
    if not isinstance(error, DATABASE_AWAY):
        return server_error(request)
    log.error("the database does not answer: %s", error)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})
