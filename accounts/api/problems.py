"""The errors of the API as its document tells them: once, for all endpoints."""

from collections.abc import Iterable
from typing import Any

from accounts.api.refusals import OF_STATUS, Away, Refusal, TooOften
from accounts.api.schemas import Problem

TOLD = {
    400: "It can not be read: `bad_json`, `bad_idempotency_key`, `length_required` or "
    "`bad_request`.",
    401: "Nobody knows who asks: no token (`not_authenticated`), or one that does not count any "
    "more (`token_expired`, `token_invalid`, `key_invalid`). Get another one.",
    403: "Your role does not let you (`forbidden`), or the key has not the scope "
    "(`scope_missing`).",
    404: "There is no such thing (`not_found`), or no such workspace of yours "
    "(`workspace_not_found`): what is somebody else's is not there.",
    409: "Not as things stand: the description says when, and `state` is what stands in the way. "
    "Somebody else may have changed it during this call (`changed_meanwhile`). "
    "Also an Idempotency-Key that came with another request (`idempotency_key_reused`), or whose "
    "request is still at work (`idempotency_key_in_use`).",
    413: "`too_large`.",
    415: "Another Content-Type is wanted: `unsupported_media_type` says which.",
    422: "`fields` says what is wrong where (`invalid`), what the checks found (`blocked`), or "
    "that `consent` is missing (`consent_required`).",
    429: "`too_many_requests`: wait for `Retry-After` seconds.",
    500: "`internal_error`: a mistake of ours, which was written down.",
    503: "Try again after `Retry-After` seconds: something of ours is away (`unavailable`), or the "
    "platform is (`platform_away`, `tiktok_away`), or a file is not checked yet "
    "(`still_checking`).",
}
SECONDS = {"schema": {"type": "integer"}, "description": "Seconds."}
HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "`Bearer`."}},
    429: {"Retry-After": SECONDS},
    503: {"Retry-After": SECONDS},
}
FIELDS = {"scheduled_at": ["That time has passed: it is 2026-12-22T09:30:00Z now."]}


def references(statuses: Iterable[int]) -> dict[int, Any]:
    """What an endpoint that may answer with these says of it."""
    return {each: {"$ref": f"#/components/responses/{_name(each)}"} for each in sorted(statuses)}


def responses() -> dict[str, Any]:
    """What the references lead to."""
    return {_name(status): _response(status) for status in TOLD}


def _response(status: int) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    shown = {"error": _example(status).error}
    response = {
        "description": TOLD[status],
        "content": {"application/json": {"schema": schema, "example": shown}},
    }
    return response | ({"headers": HEADERS[status]} if status in HEADERS else {})


def _example(status: int) -> Refusal:
    if status == TooOften.status:
        return TooOften(seconds=42)
    kind = OF_STATUS.get(status, Away)
    return kind(fields=FIELDS) if status == 422 else kind()


def _name(status: int) -> str:
    return _example(status).__class__.__name__
