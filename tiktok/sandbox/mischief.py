"""Carrying out a trouble at one call: before the effect, or after it."""

from tiktok.sandbox.api import refused
from tiktok.sandbox.messages import Cut, Response
from tiktok.sandbox.oauth import oauth_error
from tiktok.sandbox.refusals import Refusal
from tiktok.sandbox.trouble_queue import Hit
from tiktok.sandbox.troubles import Trouble

GATEWAY_PAGE = b"""<!doctype html>
<html><head><title>502 Bad Gateway</title></head>
<body><h1>502 Bad Gateway</h1><hr></body></html>
"""


def before(hit: Hit, *, oauth: bool) -> Response | None:
    """Return the answer that replaces the call's effect; None: let it happen. Raises Cut."""
    trouble = hit.trouble
    if trouble.kind in ("hold", "timeout") and not trouble.effect:
        hit.hold()
        if trouble.kind == "timeout":
            raise Cut
        return None
    if trouble.kind == "reset_before":
        hit.strike()
        raise Cut
    response = _answer(trouble, oauth=oauth)
    if response:
        hit.strike()
    return response


def after(hit: Hit, response: Response) -> Response:
    """Return the answer as the trouble lets it through. Raises Cut."""
    trouble = hit.trouble
    if trouble.kind in ("hold", "timeout") and trouble.effect:
        hit.hold()
        if trouble.kind == "timeout":
            raise Cut
    elif trouble.kind == "reset_after":
        hit.strike()
        raise Cut
    elif trouble.kind == "truncated":
        hit.strike()
        response.cut = "half"
    return response


def _answer(trouble: Trouble, *, oauth: bool) -> Response | None:
    if trouble.kind == "html_502":
        response = Response(502, GATEWAY_PAGE, "text/html; charset=utf-8")
    elif trouble.kind == "status":
        response = Response(trouble.status or 500)
    elif trouble.kind == "code" and oauth:
        response = oauth_error(trouble.code, trouble.message, trouble.status)
    elif trouble.kind == "code":
        response = refused(Refusal(trouble.code, trouble.message, status=trouble.status))
    elif trouble.kind == "no_ok":
        response = refused(Refusal(trouble.code, trouble.message, status=200))
    else:
        return None
    if trouble.retry_after is not None:
        response.headers["Retry-After"] = str(trouble.retry_after)
    return response
