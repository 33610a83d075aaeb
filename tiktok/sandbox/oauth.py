"""The token endpoints (Protocol 2.5 to 2.8): flat answers, flat errors."""

import hashlib
import re
import sqlite3
from urllib.parse import parse_qs

from tiktok.sandbox import news, publications, tokens, webhooks
from tiktok.sandbox.api import new_log_id
from tiktok.sandbox.messages import Request, Response, json_response
from tiktok.sandbox.world import World

BY_THE_CREATOR, BY_THE_APP = 1, 5  # reasons why an access ends (Protocol 11)
VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
Form = dict[str, str]


class OAuthError(Exception):
    """What goes into the flat error body: a category and a sentence."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description


def form_of(request: Request) -> Form:
    """The form fields of the body. Raises OAuthError for another type, or a field sent twice."""
    if request.media_type != "application/x-www-form-urlencoded":
        raise OAuthError(
            "invalid_request", "Content-Type must be application/x-www-form-urlencoded."
        )
    fields = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    for name, values in fields.items():
        if len(values) != 1:
            raise OAuthError("invalid_request", f"{name} is sent twice.")
    return {name: values[0] for name, values in fields.items()}


def token(world: World, request: Request) -> Response:
    """Exchange a code, or refresh."""
    try:
        form = form_of(request)
        _check_client(world, form)
        grant_type = _required(form, "grant_type")
        if grant_type == "authorization_code":
            answer = _exchange(world, form)
        elif grant_type == "refresh_token":
            answer = _refresh(world, form)
        else:
            raise OAuthError("unsupported_grant_type", f"grant_type {grant_type} is not served.")
    except OAuthError as error:
        return _refused(world, error)
    return json_response(200, answer, "ok")


def revoke(world: World, request: Request) -> Response:
    """End the app's access: the creator no longer lists the app."""
    now = world.now()
    try:
        form = form_of(request)
        _check_client(world, form)
        access_token = _required(form, "token")
        with world.state.transaction() as db:
            found = tokens.find(db, access_token)
            if (
                found is None
                or not tokens.is_alive(found, now)
                or found["client_key"] != form["client_key"]
            ):
                raise OAuthError("invalid_grant", "The access token is invalid or has expired.")
            remove_access(world, db, found["creator_id"], found["client_key"], reason=BY_THE_APP)
    except OAuthError as error:
        return _refused(world, error)
    return json_response(200, {}, "ok")


def remove_access(
    world: World, db: sqlite3.Connection, creator_id: int, client_key: str, *, reason: int
) -> None:
    """Tokens die, and so does what was still on its way (Protocol 10.1, auth_removed); and the
    app is told why (Protocol 11)."""
    now = world.now()
    tokens.end_access(db, creator_id, client_key, now)
    publications.fail_unfinished(db, creator_id, client_key, "auth_removed", now)
    if client_key == world.settings.client_key:
        webhooks.add(db, news.access_removed(creator_id, reason, now), world.settings, now)


def _check_client(world: World, form: Form) -> None:
    settings = world.settings
    key, secret = _required(form, "client_key"), _required(form, "client_secret")
    if (key, secret) != (settings.client_key, settings.client_secret):
        raise OAuthError("invalid_client", "Client key or client secret is wrong.")


def _required(form: Form, name: str) -> str:
    if not form.get(name):
        raise OAuthError("invalid_request", f"{name} is missing.")
    return form[name]


def _exchange(world: World, form: Form) -> dict[str, object]:
    code, redirect_uri = _required(form, "code"), _required(form, "redirect_uri")
    now = world.now()
    with world.state.transaction() as db:
        consent = tokens.use_code(db, code, form["client_key"], now)
    if consent is None:
        raise OAuthError("invalid_grant", "The authorization code is unknown, used or expired.")
    if consent["redirect_uri"] != redirect_uri:
        raise OAuthError("invalid_request", "redirect_uri is not the one of the authorization.")
    if consent["challenge"] is not None:
        _check_verifier(form.get("code_verifier", ""), consent["challenge"])
    with world.state.transaction() as db:
        return tokens.grant(db, consent["creator_id"], consent["scopes"], world.settings, now)


def _check_verifier(verifier: str, challenge: str) -> None:
    """TikTok's PKCE: the challenge is the verifier's SHA-256 in lower-case hex (Protocol 2.3)."""
    expected = hashlib.sha256(verifier.encode()).hexdigest()
    if not VERIFIER.fullmatch(verifier) or expected != challenge:
        raise OAuthError("invalid_request", "code verifier or code challenge is invalid")


def _refresh(world: World, form: Form) -> dict[str, object]:
    with world.state.transaction() as db:
        answer = tokens.refresh(db, _required(form, "refresh_token"), world.settings, world.now())
    if answer is None:
        raise OAuthError("invalid_grant", "The refresh token is invalid, used or expired.")
    return answer


def _refused(world: World, error: OAuthError) -> Response:
    status = None
    if error.error == "invalid_grant" and world.settings.invalid_grant_with_200:
        status = 200
    return oauth_error(error.error, error.description, status)


def oauth_error(error: str, description: str, status: int | None = None) -> Response:
    """The flat error body; the status is not to be relied on (Protocol 2.8)."""
    documented = {"invalid_client": 401, "server_error": 500, "temporarily_unavailable": 503}
    body = {"error": error, "error_description": description, "log_id": new_log_id()}
    return json_response(status or documented.get(error, 400), body, error)
