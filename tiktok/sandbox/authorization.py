"""What an authorize request must be before anybody is asked for consent (Protocol 2.1 to 2.3)."""

import re
import secrets
import sqlite3
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from tiktok.sandbox import tokens
from tiktok.sandbox.settings import Settings
from tiktok.sandbox.tokens import Consent

LOOPBACK = ("localhost", "127.0.0.1")
REDIRECT_LENGTH = 512
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
# The only number that clients have reported (Protocol 2.3).
CHALLENGE_MISSING = 10007


class BadAuthorization(Exception):
    """TikTok shows a page of its own for this, and the browser never goes back to the client."""

    def __init__(self, parameter: str, message: str, number: int | None = None) -> None:
        super().__init__(message)
        self.parameter = parameter  # shown as error_type
        self.number = number  # shown as errCode


@dataclass(frozen=True, slots=True)
class Authorization:
    """A request that may be put before a creator."""

    scopes: tuple[str, ...]
    redirect_uri: str
    state: str
    challenge: str | None

    def granted(
        self,
        db: sqlite3.Connection,
        creator_id: int,
        scopes: tuple[str, ...],
        settings: Settings,
        now: float,
    ) -> dict[str, str]:
        """Return the callback's parameters for a yes to these scopes (Protocol 2.4)."""
        consent = Consent(creator_id, scopes, self.redirect_uri, self.challenge)
        code = tokens.issue_code(db, consent, settings, now)
        return {"code": code, "scopes": ",".join(scopes), "state": self.state}

    def refused(self) -> dict[str, str]:
        """Return the callback's parameters for a no."""
        return {
            "error": "access_denied",
            "error_description": "The creator refused.",
            "state": self.state,
        }

    def callback(self, parameters: dict[str, str]) -> str:
        return f"{self.redirect_uri}?{urlencode(parameters)}"

    @property
    def redirect_origin(self) -> str:
        """Where the browser goes after the consent, as a content security policy names it."""
        parts = urlsplit(self.redirect_uri)
        port = "" if parts.port is None else f":{parts.port}"
        return f"{parts.scheme}://{parts.hostname}{port}"


def check(query: dict[str, list[str]], settings: Settings) -> Authorization:
    """Return the request that these parameters make, or raise BadAuthorization."""
    for name, sent in query.items():
        if len(sent) > 1:
            raise BadAuthorization(name, f"{name} is sent twice.")
    values = {name: sent[0] for name, sent in query.items()}
    if values.get("client_key") != settings.client_key:
        raise BadAuthorization("client_key", "No app has this client_key.")
    if "client_secret" in values:
        raise BadAuthorization("client_secret", "The client secret never belongs in this address.")
    if values.get("response_type") != "code":
        raise BadAuthorization("response_type", "response_type must be code.")
    redirect_uri = values.get("redirect_uri", "")
    check_redirect(redirect_uri, settings)
    if not values.get("state"):
        raise BadAuthorization("state", "state is missing.")
    return Authorization(
        scopes=_scopes(values.get("scope", ""), settings),
        redirect_uri=redirect_uri,
        state=values["state"],
        challenge=_challenge(values, redirect_uri),
    )


def check_redirect(uri: str, settings: Settings) -> None:
    """Web: https, any domain. Desktop: a loopback host with its port. Never a query."""
    if not uri or len(uri) >= REDIRECT_LENGTH or not uri.isascii() or not uri.isprintable():
        raise BadAuthorization("redirect_uri", "redirect_uri is missing or too long.")
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadAuthorization("redirect_uri", "redirect_uri is not an address.") from None
    if "?" in uri or "#" in uri or " " in uri:
        raise BadAuthorization("redirect_uri", "redirect_uri has a query, a fragment or a blank.")
    if "@" in parts.netloc or not HOST.fullmatch(host):
        raise BadAuthorization("redirect_uri", "redirect_uri has no proper host.")
    if host in LOOPBACK:
        if parts.scheme not in ("http", "https") or port is None:
            raise BadAuthorization("redirect_uri", "A loopback redirect_uri names its port.")
    elif parts.scheme != "https":
        raise BadAuthorization("redirect_uri", "redirect_uri must begin with https://.")
    any_port = f"{parts.scheme}://{host}:*{parts.path}" if host in LOOPBACK else uri
    if settings.redirect_uris and not {uri, any_port} & set(settings.redirect_uris):
        raise BadAuthorization("redirect_uri", "redirect_uri is not registered for the app.")


def _scopes(text: str, settings: Settings) -> tuple[str, ...]:
    """The scopes asked for, separated by commas; each must be approved for the app."""
    scopes = tuple(dict.fromkeys(text.split(",")))
    unknown = [scope for scope in scopes if scope not in settings.app_scopes]
    if unknown:
        raise BadAuthorization("scope", f"scope is empty or not approved: {', '.join(unknown)}")
    return scopes


def _challenge(values: dict[str, str], redirect_uri: str) -> str | None:
    """Desktop needs a challenge. That it is hex shows only at the exchange (Protocol 2.3)."""
    challenge = values.get("code_challenge")
    if not challenge:
        if urlsplit(redirect_uri).hostname in LOOPBACK:
            raise BadAuthorization(
                "code_challenge", "code_challenge is missing.", CHALLENGE_MISSING
            )
        return None
    if values.get("code_challenge_method") != "S256":
        raise BadAuthorization("code_challenge_method", "code_challenge_method must be S256.")
    return challenge


def new_state() -> str:
    return secrets.token_urlsafe(16)
