"""From which addresses TikTok fetches: https, a domain name, and verified for the app
(Protocol 8.7). This machine itself may be fetched from by http as well: that is the sandbox's own.
"""

import ipaddress
from urllib.parse import unquote, urlsplit

from tiktok.sandbox.fields import is_unicode
from tiktok.sandbox.refusals import Refusal, invalid


def check(address: str, properties: tuple[str, ...]) -> None:
    """Raise the refusal of an address that has a wrong form, or that the app has not proved.

    `properties`: domains, which cover their subdomains, and prefixes, which end in a slash.
    """
    if not _has_the_right_form(address):
        raise invalid("an address begins with https:// and a domain name")
    if not any(_covers(each, address) for each in properties):
        raise Refusal(
            "url_ownership_unverified", "The app has no verified domain or URL prefix for this."
        )


def is_web_address(address: str) -> bool:
    """Whether the app may be told something there: https, or http for practice."""
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_this_machine(host: str) -> bool:
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host).is_loopback)


def _has_the_right_form(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not is_unicode(address) or any(letter <= " " for letter in address):
        return False
    if "@" in parts.netloc or parts.fragment or ".." in unquote(parts.path).split("/"):
        return False
    if is_this_machine(host):
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and "." in host and not _is_number(host)


def _covers(verified: str, address: str) -> bool:
    if verified.endswith("/"):
        return address.startswith(verified)
    host = urlsplit(address).hostname or ""
    return host == verified or host.endswith(f".{verified}")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
