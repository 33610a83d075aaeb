"""Answers that nobody wants: what the sandbox is asked to do for each row of docs/faults.md."""

from dataclasses import dataclass, field
from typing import Any

GATEWAY_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"
LONG = "7" * 100_000

JSON_CALLS = ("creator_info", "video_init", "inbox_init", "status", "oauth_token")
CALLS = (*JSON_CALLS, "upload")
SENDING = tuple(call for call in CALLS if call != "status")
SENDING_IN_JSON = tuple(call for call in JSON_CALLS if call != "status")

WRONG_TYPES: dict[str, dict[str, Any]] = {
    "creator_info": {"data": {"privacy_level_options": {"0": "SELF_ONLY"}}},
    "video_init": {"data": {"publish_id": ["v_pub"], "upload_url": 7}},
    "inbox_init": {"data": {"publish_id": {"id": 7}, "upload_url": True}},
    "content_init": {"data": {"publish_id": ["p_pub"]}},
    "status": {"data": {"status": 5, "uploaded_bytes": "many"}, "error": {"log_id": [7]}},
    "oauth_token": {"access_token": 5, "refresh_token": [], "expires_in": "soon", "scope": 7},
}
NOT_STORABLE: dict[str, dict[str, Any]] = {
    "creator_info": {
        "data": {"creator_nickname": "Alice\0\ud83d", "creator_username": "alice\0"},
        "error": {"log_id": "2026\0"},
    },
    "video_init": {"data": {"publish_id": "v_pub\0"}},
    "inbox_init": {"data": {"publish_id": "v_inbox\ud83d"}, "error": {"message": "\0"}},
    "content_init": {"data": {"publish_id": "p_pub\0"}},
    "status": {"data": {"status": "PROC\0\ud83d"}, "error": {"log_id": "2026\0"}},
    "oauth_token": {"access_token": "act.\0", "scope": "video.publish\0"},
}
TOO_LONG: dict[str, dict[str, Any]] = {
    "creator_info": {"data": {"creator_nickname": LONG, "creator_username": "é" * 10_000}},
    "video_init": {"data": {"publish_id": LONG}, "error": {"log_id": LONG}},
    "inbox_init": {"data": {"publish_id": LONG}, "error": {"log_id": LONG}},
    "content_init": {"data": {"publish_id": LONG}},
    "status": {"data": {"status": LONG, "fail_reason": LONG, "publicaly_available_post_id": LONG}},
    "oauth_token": {"open_id": LONG, "token_type": LONG, "expires_in": int(LONG[:4_000])},
}


@dataclass(frozen=True)
class Strange:
    """One row: what comes back, and how the sandbox is asked for it."""

    row: str
    kind: str
    details: dict[str, Any] = field(default_factory=dict)
    by_call: dict[str, dict[str, Any]] | None = None  # changes that differ
    calls: tuple[str, ...] = JSON_CALLS

    @property
    def is_slow(self) -> bool:
        """The client waits until its patience is over."""
        return self.kind in {"timeout", "drip"}

    def details_for(self, call: str) -> dict[str, Any]:
        if self.by_call is not None:
            return {"change": self.by_call[call]}
        if self.kind == "code" and call == "upload":
            return self.details | {"kind": "status"}
        return self.details


def _code(code: str, **details: Any) -> dict[str, Any]:
    return {"code": code} | details


def _body(text: str) -> dict[str, Any]:
    return {"text": text, "effect": True}


A_NEW_CODE = _code("a_new_code", status=400)
NO_WORD = {call: {"error": {"code": None}} for call in JSON_CALLS} | {
    "oauth_token": {"access_token": None}
}
NO_DATA = {call: {"data": None} for call in JSON_CALLS} | {"oauth_token": {"refresh_token": None}}
WITH_API = tuple(call for call in JSON_CALLS if call != "oauth_token")

STRANGE = (
    Strange("the line breaks before TikTok acts", "reset_before", calls=CALLS),
    Strange("the line breaks after TikTok acted", "reset_after", calls=CALLS),
    Strange("silence, and TikTok never acts", "timeout", {"seconds": 5}, calls=CALLS),
    Strange("silence after TikTok acted", "timeout", {"seconds": 5, "effect": True}, calls=CALLS),
    Strange("half of the answer", "truncated"),
    Strange("an answer byte by byte", "drip", {"seconds": 0.05}, calls=CALLS),
    Strange("a gateway's page, HTTP 502", "html_502", calls=CALLS),
    Strange(
        "the same after TikTok acted",
        "body",
        {"text": GATEWAY_PAGE, "status": 502, "effect": True},
        calls=CALLS,
    ),
    Strange("a gateway's page, HTTP 403", "status", {"status": 403}, calls=CALLS),
    Strange("HTTP 429", "status", {"status": 429}, calls=CALLS),
    Strange("HTTP 429 with Retry-After", "status", {"status": 429, "retry_after": 7}, calls=CALLS),
    Strange("“slow down”", "code", _code("rate_limit_exceeded"), calls=WITH_API),
    Strange("“our fault”, HTTP 500", "code", _code("internal_error"), calls=WITH_API),
    Strange("“our fault”, HTTP 200", "no_ok", _code("internal_error"), calls=WITH_API),
    Strange("HTTP 401, “the token is dead”", "code", _code("access_token_invalid"), calls=WITH_API),
    Strange("“the permission is missing”", "code", _code("scope_not_authorized"), calls=WITH_API),
    Strange("an unknown code, HTTP 400", "code", A_NEW_CODE),
    Strange("an unknown code, HTTP 500", "code", _code("a_new_code", status=500)),
    Strange("neither “ok” nor a code", "change", by_call=NO_WORD),
    Strange("“ok” and nothing else", "change", by_call=NO_DATA),
    Strange("an empty answer", "body", _body(""), calls=CALLS),
    Strange("an empty object", "body", _body("{}")),
    Strange("a list", "body", _body("[]")),
    Strange("values of the wrong type", "change", by_call=WRONG_TYPES),
    Strange("NUL, and half of an emoji", "change", by_call=NOT_STORABLE),
    Strange("texts and numbers without end", "change", by_call=TOO_LONG),
    Strange("five megabytes", "padded"),
    Strange("a bomb of gzip", "packed", {"size": 50_000_000}),
)
# For photos TikTok need not wait for bytes from us: it fetches them while it answers the init.
WITH_PHOTOS = tuple(
    each
    for each in STRANGE
    if each.row
    in {
        "the line breaks before TikTok acts",
        "the line breaks after TikTok acted",
        "silence after TikTok acted",
        "half of the answer",
        "a gateway's page, HTTP 502",
        "the same after TikTok acted",
        "HTTP 429",
        "HTTP 401, “the token is dead”",
        "an unknown code, HTTP 400",
        "an empty answer",
        "values of the wrong type",
        "NUL, and half of an emoji",
        "texts and numbers without end",
    }
)
# What is asked for the status a hundred times takes its time: two of a kind are enough.
FOR_EVER = (
    Strange("the line breaks before TikTok acts", "reset_before", calls=SENDING),
    Strange("the line breaks after TikTok acted", "reset_after", calls=SENDING),
    Strange("a gateway's page, HTTP 502", "html_502", calls=CALLS),
    Strange("a gateway's page, HTTP 403", "status", {"status": 403}, calls=SENDING),
    Strange("HTTP 429", "status", {"status": 429}, calls=SENDING),
    Strange("HTTP 401, “the token is dead”", "code", _code("access_token_invalid"), calls=WITH_API),
    Strange("values of the wrong type", "change", by_call=WRONG_TYPES, calls=SENDING_IN_JSON),
)

# Around a publication: connecting, disconnecting, and the way to the link.
AROUND_CALLS = ("oauth_token", "user_info", "oauth_revoke", "video_list")
ODD_AROUND: dict[str, dict[str, Any]] = {
    "oauth_token": {"access_token": ["act.1"], "open_id": {"id": 7}},
    "user_info": {"data": {"user": ["alice"]}},
    "oauth_revoke": {"error": {"code": 7}},
    "video_list": {"data": {"videos": {"id": 7}, "cursor": "x", "has_more": "yes"}},
}
UNSTORABLE_AROUND: dict[str, dict[str, Any]] = {
    "oauth_token": {"open_id": "alice\0", "scope": "video.upload,\0"},
    "user_info": {"data": {"user": {"display_name": "Alice\0\ud83d", "username": "alice\0"}}},
    "oauth_revoke": {"log_id": "\0"},
    "video_list": {"data": {"videos": [{"id": "7\0", "create_time": 1, "title": "\0\ud83d"}]}},
}
ENDLESS_AROUND: dict[str, dict[str, Any]] = {
    "oauth_token": {"open_id": LONG, "scope": LONG},
    "user_info": {"data": {"user": {"display_name": LONG, "username": LONG, "avatar_url": LONG}}},
    "oauth_revoke": {"log_id": LONG},
    "video_list": {"data": {"videos": [{"id": LONG, "create_time": int(LONG[:300])}] * 3}},
}
AROUND = (
    Strange("the line breaks before TikTok acts", "reset_before", calls=AROUND_CALLS),
    Strange("the line breaks after TikTok acted", "reset_after", calls=AROUND_CALLS),
    Strange("half of the answer", "truncated", calls=AROUND_CALLS),
    Strange("a gateway's page, HTTP 502", "html_502", calls=AROUND_CALLS),
    Strange("HTTP 429", "status", {"status": 429}, calls=AROUND_CALLS),
    Strange(
        "an unknown code, HTTP 400", "code", _code("a_new_code", status=400), calls=AROUND_CALLS
    ),
    Strange("an empty answer", "body", _body(""), calls=AROUND_CALLS),
    Strange("a list", "body", _body("[]"), calls=AROUND_CALLS),
    Strange("values of the wrong type", "change", by_call=ODD_AROUND, calls=AROUND_CALLS),
    Strange("NUL, and half of an emoji", "change", by_call=UNSTORABLE_AROUND, calls=AROUND_CALLS),
    Strange("texts and numbers without end", "change", by_call=ENDLESS_AROUND, calls=AROUND_CALLS),
    Strange("a bomb of gzip", "packed", {"size": 50_000_000}, calls=AROUND_CALLS),
)
