"""What a platform fetches from here: one medium, under a secret address, for one attempt."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from posts.media.serving import range_response
from posts.media.sources import SourceBroken, SourceGone, source_for
from posts.models import PulledMedia

log = logging.getLogger(__name__)

NO_STORE = "no-store"


@login_not_required
@require_safe
def pulled(request: HttpRequest, secret: str, name: str) -> HttpResponseBase:
    """The bytes, in ranges if asked; a closed address and one that never was answer alike.

    Knows no person, sets no cookie, never redirects, and goes on while PUBLISHING is off: what
    the platform was told to fetch is in flight. A HEAD brings no byte and is no fetch.
    """
    address = PulledMedia.behind(secret)
    if address is None:
        return _nothing_here()
    medium = address.media
    try:
        source = source_for(default_storage, medium.storage_key)
    except SourceGone:
        log.error("the file of medium %s is not in the store", medium.pk)
        return _nothing_here()
    except SourceBroken as error:
        log.error("the store does not give out medium %s: %s", medium.pk, error)
        return _plain(503, "Try again later.\n", {"Retry-After": "10"})
    if request.method == "GET" and not address.begin_fetch():
        return _nothing_here()
    return range_response(
        request,
        source,
        content_type=medium.content_type,
        etag=medium.sha256,
        cache_control=NO_STORE,
    )


def _nothing_here() -> HttpResponse:
    return _plain(404, "There is nothing here.\n", {})


def _plain(status: int, text: str, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(
        text,
        status=status,
        content_type="text/plain; charset=utf-8",
        headers=headers | {"Cache-Control": NO_STORE},
    )
