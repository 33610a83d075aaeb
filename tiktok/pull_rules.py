"""From where TikTok fetches media (Protocol 8.7). Plain Python: the settings ask it as well."""

import ipaddress
from urllib.parse import urlsplit


def why_not_fetched(public_url: str, *, by: str) -> str:
    """Why the TikTok at `by` would not fetch from `public_url`; empty when it would.

    TikTok wants https and a domain name. A sandbox on this machine fetches from this machine too.

    >>> why_not_fetched("https://media.example.com", by="https://open.tiktokapis.com")
    ''
    >>> why_not_fetched("http://localhost:8000", by="http://127.0.0.1:8900")
    ''
    >>> why_not_fetched("https://192.0.2.1", by="https://open.tiktokapis.com")
    'TikTok fetches from a domain name only, and 192.0.2.1 is none'
    """
    if _is_this_machine(by) and _is_this_machine(public_url):
        return ""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if parts.scheme != "https":
        return f"TikTok fetches from https addresses only, and {public_url} is none"
    if _is_number(host) or "." not in host or _is_this_machine(public_url):
        return f"TikTok fetches from a domain name only, and {host} is none"
    return ""


def _is_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    return _is_number(host) and ipaddress.ip_address(host).is_loopback


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
