"""Who may drive the sandbox: its own pages and programs on this machine, no foreign web page.

A page on the web can make a browser send requests to 127.0.0.1, and can point a name of its own
at it. The first shows in the Origin header, the second in the Host header.
"""

import ipaddress
from urllib.parse import urlsplit

from tiktok.sandbox.messages import Request, Response


def refuse_foreign(request: Request, allowed_hosts: frozenset[str]) -> Response | None:
    """Return the refusal of a foreign Host or Origin, or None."""
    host = request.header("Host")
    if not _is_ours(host, allowed_hosts):
        return Response(403, b"This Host name is not one of the sandbox.\n")
    origin = request.header("Origin")
    if origin and urlsplit(origin).netloc != host:
        return Response(403, b"Another web site may not do this.\n")
    if request.method == "POST" and request.header("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return Response(403, b"Another web site may not do this.\n")
    return None


def _is_ours(host: str, allowed_hosts: frozenset[str]) -> bool:
    """A name can be pointed anywhere; an address, localhost and the operator's names can not."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name in allowed_hosts:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
