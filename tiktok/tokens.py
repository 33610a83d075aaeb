"""OAuth with TikTok: the consent page's address, and codes and tokens (Protocol 2)."""

import hashlib
import logging
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import requests

from tiktok.error_codes import error_for
from tiktok.errors import ServerFault, TikTokError
from tiktok.transport import (
    TIMEOUT,
    Answer,
    Caller,
    NoAuth,
    identifier,
    log_id_in,
    read_object,
    retry_after,
    text,
    unreadable,
    whole_number,
)

log = logging.getLogger("tiktok.tokens")

EXCHANGE = "/v2/oauth/token/"
REVOKE = "/v2/oauth/revoke/"

# Only for an answer without the figures: the shortest lives that TikTok has documented (2.5).
_ACCESS_SECONDS = 7_200
_REFRESH_SECONDS = 15_552_000
_LONGEST_SECONDS = 10 * 366 * 86_400  # keeps a nonsensical figure inside the calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Store access and refresh token together, before using either: the old pair is dead (2.6)."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime  # aware; counted from when the request was sent
    refresh_expires_at: datetime
    open_id: str  # the creator's id within this app; opaque, may begin with - or _
    scopes: frozenset[str]  # granted; empty when TikTok did not say
    token_type: str


class TokenClient(Caller):
    """The app's key and secret. Raises errors.TikTokError for what TikTok and the network may do.

    GrantInvalid from `refresh` is no proof that the creator withdrew consent: another worker may
    have been quicker. Unreachable with `sent` leaves open whether the sent token is still alive.
    """

    def __init__(
        self,
        client_key: str,
        client_secret: str,
        *,
        base_url: str,
        session: requests.Session | None = None,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        super().__init__(
            base_url=base_url, auth=NoAuth(), log=log, session=session, timeout=timeout
        )
        self._app = {"client_key": client_key, "client_secret": client_secret}

    def exchange(self, code: str, redirect_uri: str, code_verifier: str | None = None) -> Tokens:
        """Turn the callback's `code`, URL-decoded exactly once, into tokens (2.5).

        `redirect_uri` exactly as on the consent page; `code_verifier` if a challenge was sent.
        """
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if code_verifier is not None:
            form["code_verifier"] = code_verifier
        tokens = self._tokens(form)
        if not tokens.open_id:
            raise self._failed(EXCHANGE, ServerFault("the tokens belong to nobody: no open_id"))
        return tokens

    def refresh(self, refresh_token: str) -> Tokens:
        """New tokens (2.6). `open_id` and `scopes` are empty if TikTok does not repeat them."""
        return self._tokens(
            {"grant_type": "refresh_token", "refresh_token": refresh_token}, sent=refresh_token
        )

    def revoke(self, access_token: str) -> None:
        """End the connection at TikTok (2.7). An expired token must be refreshed first."""
        answer = self._call("POST", REVOKE, data=self._app | {"token": access_token})
        if answer.content.strip():
            self._read(REVOKE, answer)
        if not answer.ok:
            raise self._failed(REVOKE, unreadable(answer))

    def _tokens(self, form: dict[str, str], *, sent: str = "") -> Tokens:
        asked_at = datetime.now(UTC)
        answer = self._call("POST", EXCHANGE, data=self._app | form)
        said = self._read(EXCHANGE, answer)
        access_token = _token(said.get("access_token"))
        if not access_token:
            raise self._failed(EXCHANGE, unreadable(answer))
        return Tokens(
            access_token=access_token,
            refresh_token=_token(said.get("refresh_token")) or sent,
            expires_at=asked_at + _lifetime(said.get("expires_in"), _ACCESS_SECONDS),
            refresh_expires_at=asked_at
            + _lifetime(said.get("refresh_expires_in"), _REFRESH_SECONDS),
            open_id=identifier(said.get("open_id")),
            scopes=split_scopes(text(said.get("scope"))),
            token_type=text(said.get("token_type")) or "Bearer",
        )

    def _read(self, path: str, answer: Answer) -> dict[str, Any]:
        """The flat answer, or its error. The HTTP status is no witness here (2.8)."""
        said = read_object(answer)
        if said is None:
            raise self._failed(path, unreadable(answer))
        error = _error_in(said, answer)
        if error is not None:
            raise self._failed(path, error)
        return said


def pkce_pair() -> tuple[str, str]:
    """A new verifier, and its challenge for the consent page. Use each pair once."""
    verifier = secrets.token_urlsafe(48)
    return verifier, pkce_challenge(verifier)


def pkce_challenge(verifier: str) -> str:
    """In lower-case hex, unlike RFC 7636: TikTok refuses base64url, and only at the exchange (2.3).

    >>> pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    '13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3'
    """
    return hashlib.sha256(verifier.encode("ascii")).hexdigest()


def authorize_url(
    page: str,
    *,
    client_key: str,
    scopes: Collection[str],
    redirect_uri: str,
    state: str,
    disable_auto_auth: bool,
    code_challenge: str | None = None,
) -> str:
    """The consent page's address for one connection (2.2); `page` is it without parameters.

    `disable_auto_auth` shows the page even to a creator with a live session: right for "connect
    another account". The app's secret is no part of it.
    """
    parameters = {
        "client_key": client_key,
        "response_type": "code",
        "scope": ",".join(scopes),
        "redirect_uri": redirect_uri,
        "state": state,
        "disable_auto_auth": str(int(disable_auto_auth)),
    }
    if code_challenge is not None:
        parameters |= {"code_challenge": code_challenge, "code_challenge_method": "S256"}
    return f"{page}?{urlencode(parameters)}"


def split_scopes(listed: str) -> frozenset[str]:
    """The scopes in a comma list, as in `scope` of the tokens and `scopes` of the callback (2.4).

    >>> sorted(split_scopes("user.info.basic, video.upload,"))
    ['user.info.basic', 'video.upload']
    """
    return frozenset(filter(None, (scope.strip() for scope in listed.split(","))))


def _lifetime(seconds: object, otherwise: int) -> timedelta:
    known = whole_number(seconds)
    return timedelta(seconds=otherwise if known is None else min(known, _LONGEST_SECONDS))


def _token(value: object) -> str:
    """A token, if it can be sent in a header (RFC 6750), else nothing."""
    said = text(value)
    return said if all("!" <= letter <= "~" for letter in said) else ""


def _error_in(said: dict[str, Any], answer: Answer) -> TikTokError | None:
    """A flat OAuth error, or one in the envelope of the other endpoints."""
    error = said.get("error")
    details = error if isinstance(error, dict) else said
    code = text(error.get("code")) if isinstance(error, dict) else text(error)
    if not error or code == "ok":
        return None
    return error_for(
        code or "unknown_error",
        http_status=answer.status_code,
        message=text(details.get("error_description")) or text(details.get("message")),
        log_id=log_id_in(details),
        retry_after=retry_after(answer),
    )
