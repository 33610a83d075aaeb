"""The whole API: the parts of all apps under the addresses that are its contract."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from accounts.api.bodies import StrictParser
from accounts.api.channels import channels
from accounts.api.people import people
from accounts.api.refusals import answer_to
from posts.api import rooms as of_posts
from tiktok.api import rooms as of_tiktok

DESCRIPTION = """
Programs plan and publish by the same rules as people.

Get a token at `/token`, or make an API key in the settings, and send it as `Authorization: Bearer`.
The header `X-Workspace` picks the workspace; without it: your personal one. Times have an offset on
the way in and are UTC on the way out. Every error has the same shape. A POST with an
`Idempotency-Key` can be repeated for a day without happening twice.

In the examples `$API` is the address of this installation and `$TOKEN` a token or key; the account
7, the post 42, its publication 43, and what has a longer id, stand for yours.
"""

api = NinjaAPI(
    title="Social Media Scheduler",
    version="1",
    description=DESCRIPTION.strip(),
    urls_namespace="api",
    openapi_url="",
    docs_url=None,
    parser=StrictParser(),
)
for room in (people, channels, *of_posts, *of_tiktok):
    api.add_router("", room)


def _answer(request: HttpRequest, error: Any) -> HttpResponse:
    return answer_to(error)


for kind in (Exception, Http404, HttpError, ValidationError):  # ninja has words of its own for them
    api.add_exception_handler(kind, _answer)
