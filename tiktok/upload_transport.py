"""Where bytes may go, and the session that carries them (Protocol 1, 8.4)."""

import logging
import re
from typing import Any
from urllib.parse import SplitResult, urlsplit

import requests
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool

from tiktok.bodies import BLOCK_BYTES
from tiktok.connections import LimitedAdapter, LimitedHTTP, LimitedHTTPS
from tiktok.transport import new_session
from tiktok.upload_errors import AddressNotTrusted

SEND_SECONDS = 30.0  # for one block; so a link of 35 kB/s is enough
_TIKTOK_HOSTS = ".tiktokapis.com"
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:.]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def check_upload_url(upload_url: str, *, api_url: str) -> str:
    """`upload_url` itself if bytes may go there, else AddressNotTrusted.

    That is `https` to a host under .tiktokapis.com, or the scheme, host and port of `api_url` when
    that is another one (the sandbox). The message names the host only: the address is a secret.

    >>> check_upload_url(
    ...     "https://upload.us.tiktokapis.com/video/?t=1", api_url="https://open.tiktokapis.com"
    ... )
    'https://upload.us.tiktokapis.com/video/?t=1'
    """
    try:
        origin, own = _origin(upload_url), _origin(api_url)
    except ValueError:
        raise AddressNotTrusted("the upload address can not be read") from None
    scheme, host, port = origin
    at_tiktok = scheme == "https" and port == 443 and host.endswith(_TIKTOK_HOSTS)
    if not at_tiktok and (origin != own or own[1].endswith(_TIKTOK_HOSTS)):
        raise AddressNotTrusted(f"no bytes go to {scheme}://{host}:{port}")
    return upload_url


def _origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port; ValueError for whatever two readers could read in two ways."""
    parts: SplitResult = urlsplit(url)
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("letters that do not belong into an address")
    host = parts.hostname or ""
    if "@" in parts.netloc or parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        raise ValueError("not an address of a host")
    port = parts.port if parts.port is not None else _DEFAULT_PORTS[parts.scheme]
    return parts.scheme, host, port


def upload_session(upload_url: str) -> requests.Session:
    """Sends in large blocks, knows no token, and gives each block time of its own."""
    session = new_session(upload_url)
    for scheme in ("http://", "https://"):
        session.mount(scheme, _UploadAdapter())
    return session


# urllib3 gives all sending the time that it gives to connecting, which is too short for a block.
class _PatientHTTP(LimitedHTTP):
    def send(self, data: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(SEND_SECONDS)
        super().send(data)


class _PatientHTTPS(LimitedHTTPS):
    def send(self, data: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(SEND_SECONDS)
        super().send(data)


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = _PatientHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PatientHTTPS


class _UploadAdapter(LimitedAdapter):
    pools = {"http": _HTTPPool, "https": _HTTPSPool}
    details = {"blocksize": BLOCK_BYTES}


class _HidesUploadAddresses(logging.Filter):
    """urllib3's debug line names the whole path, which for an upload carries TikTok's token."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple) and "PUT" in record.args:
            at = record.args.index("PUT") + 1
            record.args = (*record.args[:at], "(upload address)", *record.args[at + 1 :])
        return True


def _says_no_address(record: logging.LogRecord) -> bool:
    """Its warning about headers that make no sense names the whole address, whatever it was for."""
    return "url=" not in str(record.msg)


logging.getLogger("urllib3.connectionpool").addFilter(_HidesUploadAddresses())
logging.getLogger("urllib3.connection").addFilter(_says_no_address)
