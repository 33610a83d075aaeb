"""Back to the page that a person came from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def back(request: HttpRequest, *, otherwise: str) -> HttpResponse:
    """To the page that the form names in `next`, if that is one of ours."""
    way_back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(
        way_back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return redirect(way_back)
    return redirect(otherwise)
