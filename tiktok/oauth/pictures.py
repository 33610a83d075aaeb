"""Our own copy of a creator's picture: TikTok's link dies after hours (Protocol 12.1)."""

import io
import ipaddress
import logging
import secrets
import time
from urllib.parse import urlsplit

import requests
import urllib3
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tiktok.transport import USER_AGENT, NoAuth, new_session

log = logging.getLogger(__name__)

LARGEST = 4_000_000  # bytes
LONGEST = 6.0  # seconds for all of it
TIMEOUT = (3.05, 3.0)  # seconds to connect, seconds between two bytes
LARGEST_EDGE = 4_096  # pixels of theirs
EDGE = 256  # pixels of ours
FORMATS = ("JPEG", "PNG", "WEBP")


class NoPicture(Exception):
    """There is none that we would show; the account works without."""


def copy_picture(url: str) -> str:
    """Fetch, redraw and store the picture; its name in our storage, or "" if that did not work."""
    try:
        drawn = _redrawn(_fetched(url))
        name: str = default_storage.save(f"avatars/{secrets.token_hex(12)}.png", ContentFile(drawn))
    except (
        NoPicture,
        requests.RequestException,
        urllib3.exceptions.HTTPError,
        OSError,
        BotoCoreError,
        ClientError,
    ) as error:
        log.warning("a creator's picture was not copied: %s", type(error).__name__)
        return ""
    return name


def discard_picture(name: str) -> None:
    """Delete a copy that nobody shows any more."""
    if not name:
        return
    try:
        default_storage.delete(name)
    except (OSError, BotoCoreError, ClientError) as error:
        log.warning("picture %s was not deleted: %s", name, error)


def is_acceptable(url: str) -> bool:
    """Only https to a name in the open, or the very TikTok that we are told to talk to."""
    try:
        parts, api = urlsplit(url), urlsplit(settings.TIKTOK_API_URL)
    except ValueError:
        return False
    if (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
        return True
    host = parts.hostname or ""
    if set("@\\") & set(parts.netloc):
        return False  # who asks may read another host in it than we do
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme == "https" and "." in host and not host.endswith(".localhost")
    return False  # an address inside our own network, for all we know


def _fetched(url: str) -> bytes:
    if not is_acceptable(url):
        raise NoPicture
    ends = time.monotonic() + LONGEST
    content = bytearray()
    with (
        new_session(url) as session,
        session.get(
            url,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            auth=NoAuth(),
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
        ) as response,
    ):
        # Compressed, a few bytes could become more than any memory holds.
        if response.status_code != requests.codes.ok or "Content-Encoding" in response.headers:
            raise NoPicture
        # `read1` comes back with what is there, so that a trickle can not outlive the deadline.
        while block := response.raw.read1(65_536, decode_content=False):
            content += block
            if len(content) > LARGEST or time.monotonic() > ends:
                raise NoPicture
    return bytes(content)


def _redrawn(content: bytes) -> bytes:
    """The picture in our own size and bytes: nothing of theirs is ever served."""
    # Megabytes in every process, which only connecting an account needs.
    from PIL import Image, ImageOps  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if max(picture.size) > LARGEST_EDGE:
                raise NoPicture
            drawn = ImageOps.fit(picture.convert("RGB"), (EDGE, EDGE))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NoPicture from error
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()
