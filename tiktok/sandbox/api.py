"""The frame around every call with a bearer token: who asks, how often, with which permission,
in which envelope (Protocol 1, 3)."""

import json
import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tiktok.sandbox import tokens
from tiktok.sandbox.fields import Fields
from tiktok.sandbox.messages import Request, Response, json_response
from tiktok.sandbox.refusals import Refusal, invalid
from tiktok.sandbox.settings import Settings
from tiktok.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """An allowed call: the token is alive, the rate kept, the scope granted, the body JSON."""

    world: World
    request: Request
    token: sqlite3.Row  # with the creator's `handle`
    body: Fields
    settings: Settings
    now: float

    @property
    def creator_id(self) -> int:
        return int(self.token["creator_id"])

    @property
    def scopes(self) -> list[str]:
        return str(self.token["scopes"]).split(",")


@dataclass(frozen=True, slots=True)
class Endpoint:
    name: str
    method: str
    path: str
    act: Callable[[Call], dict[str, Any] | None]  # returns `data`, or raises Refusal
    any_scope_of: tuple[str, ...]
    bucket: str  # calls with the same bucket are counted together
    per_window: Callable[[Settings], int]
    body: str = "required"  # or "optional", "none"
    invalid_code: str = "invalid_param"  # the Display API says invalid_params


def new_log_id() -> str:
    return time.strftime("%Y%m%d%H%M%S", time.gmtime()) + secrets.token_hex(9).upper()


def envelope(status: int, code: str, message: str, data: dict[str, Any] | None) -> Response:
    answer: dict[str, Any] = {} if data is None else {"data": data}
    answer["error"] = {"code": code, "message": message, "log_id": new_log_id()}
    return json_response(status, answer, code)


def answer(world: World, request: Request, endpoint: Endpoint) -> Response:
    """Let the endpoint act, and put what it says in the envelope."""
    settings = world.settings
    try:
        call = _admit(world, request, endpoint, settings)
        return envelope(200, "ok", "", endpoint.act(call))
    except Refusal as refusal:
        code = refusal.code
        if code == "invalid_param":
            plural = settings.plural_invalid_params
            code = "invalid_params" if plural else endpoint.invalid_code
        return envelope(refusal.status, code, refusal.message, {})


def refused(refusal: Refusal) -> Response:
    """The envelope of a refusal that no endpoint had a say in."""
    return envelope(refusal.status, refusal.code, refusal.message, {})


def _admit(world: World, request: Request, endpoint: Endpoint, settings: Settings) -> Call:
    now = world.now()
    with world.state.reading() as db:
        token = tokens.find(db, request.bearer)
    if token is None or not tokens.is_alive(token, now):
        raise Refusal("access_token_invalid", "The access token is invalid or has expired.")
    # Counted by connection and not by token string: a refresh buys no further calls.
    counted_as = (token["creator_id"], token["client_key"], endpoint.bucket)
    if not world.rates.allow(
        counted_as,
        most=endpoint.per_window(settings),
        window=settings.rate_window_seconds,
        now=now,
    ):
        raise Refusal("rate_limit_exceeded", "Too many calls: wait a minute.")
    granted = token["scopes"].split(",")
    if endpoint.any_scope_of and not set(endpoint.any_scope_of) & set(granted):
        raise Refusal("scope_not_authorized", "The creator has not granted the scope for this.")
    body = _json_body(request, endpoint)
    return Call(world, request, token, body, settings, now)


def _json_body(request: Request, endpoint: Endpoint) -> Fields:
    if endpoint.body == "none":
        return Fields({}, "body")
    if request.media_type != "application/json":
        raise invalid("Content-Type must be application/json; charset=UTF-8")
    charset = request.headers.get_content_charset("utf-8")
    if charset not in ("utf-8", "utf8"):
        raise invalid("the charset must be UTF-8")
    if endpoint.body == "optional" and not request.body.strip():
        return Fields({}, "body")
    try:
        value = json.loads(request.body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise invalid("the body is not JSON") from None
    return Fields(value, "body")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
