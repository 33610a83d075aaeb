"""Whatever goes wrong around an endpoint of the API is told in the API's shape, never as a page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from accounts.api.refusals import OF_STATUS, Away, BadRequest, Refusal

KEPT = ("Allow", "Retry-After", "WWW-Authenticate")  # headers that belong to an error


class ApiShapeMiddleware:
    """Outermost, so that it sees what the middlewares below have made of an exception."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not is_of_api(request):
            return response
        response.cookies.clear()  # nobody has a session here
        is_page = not response.get("Content-Type", "").startswith("application/json")
        if response.status_code < 400 or not is_page:
            return response
        return _in_shape(response)


def is_of_api(request: HttpRequest) -> bool:
    """By its address, as a request that went wrong early was led nowhere yet."""
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return False
    return match.namespaces == ["api"]


def _in_shape(response: HttpResponse) -> HttpResponse:
    kinds: dict[int, type[Refusal]] = {**OF_STATUS, 503: Away}
    refusal = kinds.get(response.status_code, BadRequest)()
    shaped = refusal.answer()
    shaped.status_code = response.status_code
    for name in KEPT:
        if name in response:
            shaped[name] = response[name]
    return shaped
