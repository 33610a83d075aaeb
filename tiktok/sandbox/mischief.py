"""Carrying out a trouble at one call: before the effect, or after it."""

import gzip
import json
from typing import Any

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
    elif trouble.kind in _ALTERATIONS:
        hit.strike()
        _ALTERATIONS[trouble.kind](response, trouble)
    elif trouble.kind == "body" and trouble.effect:
        hit.strike()
        return _body(trouble)
    return response


def _halve(response: Response, trouble: Trouble) -> None:
    response.cut = "half"


def _change(response: Response, trouble: Trouble) -> None:
    changed = _merged(json.loads(response.body or b"{}"), trouble.change)
    response.body = json.dumps(changed).encode()


def _pad(response: Response, trouble: Trouble) -> None:
    response.body = b" " * trouble.size + response.body


def _pack(response: Response, trouble: Trouble) -> None:
    _pad(response, trouble)
    response.body = gzip.compress(response.body)
    response.headers["Content-Encoding"] = "gzip"


def _drip(response: Response, trouble: Trouble) -> None:
    response.seconds_for_a_byte = trouble.seconds


_ALTERATIONS = {
    "truncated": _halve,
    "change": _change,
    "padded": _pad,
    "packed": _pack,
    "drip": _drip,
}


def _merged(target: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7396).

    >>> _merged({"a": 1, "b": {"c": 2}}, {"a": None, "b": {"d": 3}})
    {'b': {'c': 2, 'd': 3}}
    """
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(merged.get(name), value)
    return merged


def _body(trouble: Trouble) -> Response:
    return Response(trouble.status or 200, trouble.text.encode(), "application/json")


def _answer(trouble: Trouble, *, oauth: bool) -> Response | None:
    if trouble.kind == "html_502":
        response = Response(502, GATEWAY_PAGE, "text/html; charset=utf-8")
    elif trouble.kind == "status":
        response = Response(trouble.status or 500)
    elif trouble.kind == "body" and not trouble.effect:
        response = _body(trouble)
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
