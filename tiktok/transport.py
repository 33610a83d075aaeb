"""How every request to TikTok is made, and how an answer is read before anybody trusts it."""

import ipaddress
import json
import logging
import ssl
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urlsplit

import requests
import urllib3
from requests.auth import AuthBase

from tiktok.errors import TikTokError, Unreachable

USER_AGENT = "SocialMediaScheduler/0.1"
TIMEOUT = (3.05, 30.0)  # seconds to connect, seconds between two bytes of the answer
_LONGEST_RETRY_AFTER = 86_400.0  # seconds: nobody means more than a day


class Bearer(AuthBase):
    """Puts the access token on a request, and nowhere else."""

    def __init__(self, access_token: str) -> None:
        if not access_token or any(not "!" <= letter <= "~" for letter in access_token):
            raise ValueError("an access token is a row of visible ASCII characters")
        self._access_token = access_token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._access_token}"
        return request


class _NoRedirects(requests.Session):
    """Even unfollowed, a redirect's address is parsed by requests, and a broken one raises."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class NoAuth(AuthBase):
    """Without it, requests would look for a password for the host in ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def new_session(url: str) -> requests.Session:
    """A session for the host of `url`; never asks the machine's proxy for the machine itself."""
    session = _NoRedirects()
    session.trust_env = not _is_loopback(urlsplit(url).hostname or "")
    return session


class Caller:
    """Base of the clients: one address, one session, and one way in which a call can go unanswered.

    Use it as a context manager, or close it; a session that was handed in stays open.
    """

    def __init__(
        self,
        *,
        base_url: str,
        auth: AuthBase,
        log: logging.Logger,
        session: requests.Session | None,
        timeout: tuple[float, float],
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._auth = auth
        self._log = log
        self._owns_session = session is None
        self._session = session or new_session(base_url)
        self._timeout = timeout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._owns_session:
            self._session.close()

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        data: bytes | dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> requests.Response:
        """The answer, whatever it says; Unreachable when there is none. Follows no redirect."""
        try:
            return self._session.request(
                method,
                self._base_url + path,
                params=params,
                data=data,
                headers={"User-Agent": USER_AGENT, "Accept": "application/json"} | (headers or {}),
                auth=self._auth,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            failure = unreachable(error)
            self._log.warning("%s got no answer: %s", path, failure)
            raise failure from error

    def _failed(self, path: str, failure: TikTokError) -> TikTokError:
        """Log `failure` with its log_id, and hand it back to be raised."""
        self._log.warning("%s failed: %s", path, failure)
        return failure


def unreachable(error: requests.RequestException) -> Unreachable:
    """The error for a request that got no answer; names no address, since that may be a secret."""
    return Unreachable(_innermost(error), sent=not _never_left(error))


def read_object(response: requests.Response) -> dict[str, Any] | None:
    """The JSON object of an answer, or None when it is something else.

    Whole numbers stay exact whatever their length: the ids of posts have 19 digits (Protocol 10).
    """
    try:
        body = json.loads(response.content, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def text(value: object) -> str:
    """`value` if it is a string, else nothing."""
    return value if isinstance(value, str) else ""


def whole_number(value: object) -> int | None:
    """A number from 0 to the end of int64, however it is written: 5, "5" or 5.0."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    # The bound comes first: turning 1E+999999999 into an int would eat the memory.
    if not 0 <= value < 2**63 or value != int(value):
        return None
    return int(value)


def retry_after(response: requests.Response) -> float | None:
    """Seconds that the answer asks us to wait. TikTok documents none, gateways may (Protocol 1)."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), _LONGEST_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _never_left(error: requests.RequestException) -> bool:
    """Certain that nothing of the request has reached TikTok: no connection came about."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.InvalidURL):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(reason, urllib3.exceptions.SSLError):
        return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in reason.args)
    return isinstance(
        reason, urllib3.exceptions.ConnectTimeoutError | urllib3.exceptions.ProxyError
    )


def _innermost(error: BaseException) -> str:
    """The kind of the first cause: "ConnectionRefusedError", "ReadTimeout"."""
    cause: BaseException | None = error
    while cause is not None:
        error, cause = cause, cause.__cause__ or cause.__context__
    return type(error).__name__
