"""How every request to TikTok is made, and how an answer is read before anybody trusts it."""

import ipaddress
import json
import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, DecimalException
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Self
from urllib.parse import urlsplit

import requests
import urllib3
from requests.auth import AuthBase

from tiktok.connections import LimitedAdapter
from tiktok.error_codes import error_without_code
from tiktok.errors import TikTokError, Unreachable

USER_AGENT = "SocialMediaScheduler/0.1"
TIMEOUT = (3.05, 30.0)  # seconds to connect, seconds for the whole answer
LARGEST_ANSWER = 1_000_000  # bytes, unpacked; TikTok's have a few thousand
LONGEST_ID = 200  # characters; TikTok's have 64 at the most
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
    # One session serves many creators: nothing that TikTok says about one may reach another.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("http://", "https://"):
        session.mount(scheme, LimitedAdapter())
    return session


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to its end."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes  # unpacked

    @property
    def ok(self) -> bool:
        return 200 <= self.status_code < 300


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
    ) -> Answer:
        """The answer, whatever it says. Follows no redirect.

        Raises Unreachable when there is none, and ServerFault when it can not be read.
        """
        try:
            with self._session.request(
                method,
                self._base_url + path,
                params=params,
                data=data,
                headers={"User-Agent": USER_AGENT, "Accept": "application/json"} | (headers or {}),
                auth=self._auth,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = _content_of(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            failure = unreachable(error)
            self._log.warning("%s got no answer: %s", path, failure)
            raise failure from error
        answer = Answer(response.status_code, response.headers, content or b"")
        if content is None:
            raise self._failed(path, unreadable(answer))
        return answer

    def _failed(self, path: str, failure: TikTokError) -> TikTokError:
        """Log `failure` with its log_id, and hand it back to be raised."""
        self._log.warning("%s failed: %s", path, failure)
        return failure


def unreachable(error: requests.RequestException | urllib3.exceptions.HTTPError) -> Unreachable:
    """The error for a request that got no answer; names no address, since that may be a secret."""
    return Unreachable(_innermost(error), sent=not _never_left(error))


def unreadable(answer: Answer) -> TikTokError:
    """Neither a success nor an error of TikTok's: whether it has acted is unknown."""
    return error_without_code(
        "the answer is not in TikTok's format",
        http_status=answer.status_code,
        retry_after=retry_after(answer),
    )


def read_object(answer: Answer) -> dict[str, Any] | None:
    """The JSON object of an answer, or None when it is something else.

    Whole numbers stay exact whatever their length: the ids of posts have 19 digits (Protocol 10).
    """
    try:
        body = json.loads(answer.content, parse_float=Decimal)
    except (ValueError, DecimalException, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def text(value: object) -> str:
    """`value` if it is a string, else nothing; without what no database can store."""
    if not isinstance(value, str):
        return ""
    return value.replace("\0", "").encode("utf-8", "ignore").decode()


def identifier(value: object, *, longest: int = LONGEST_ID) -> str:
    """An id, exactly as it came, from a number or a string; nothing when it can not be one."""
    number = None if isinstance(value, str) else whole_number(value)
    word = str(number or "") if not isinstance(value, str) else value.strip()
    return word if len(word) <= longest and word.isprintable() and " " not in word else ""


def log_id_in(error: Mapping[str, Any]) -> str:
    """What TikTok's support asks for; its pages spell it in two ways (Protocol 3)."""
    return identifier(error.get("log_id")) or identifier(error.get("logid"))


def is_on(value: object) -> bool:
    """A flag. What is neither yes nor no counts as yes: the flags of TikTok's only forbid."""
    return value not in (None, False, 0, "", "0", "false", "False")


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


def retry_after(answer: Answer | requests.Response) -> float | None:
    """Seconds that the answer asks us to wait. TikTok documents none, gateways may (Protocol 1)."""
    said = answer.headers.get("Retry-After", "").strip()
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


def _content_of(response: requests.Response) -> bytes | None:
    """The unpacked body; None when it makes no sense, or more of it than anybody should read."""
    content = bytearray()
    try:
        while block := response.raw.read(65_536, decode_content=True):
            content += block
            if len(content) > LARGEST_ANSWER:
                return None
    except urllib3.exceptions.DecodeError:
        return None
    return bytes(content)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _never_left(error: Exception) -> bool:
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
