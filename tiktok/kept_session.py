"""A connection to TikTok that is still open from the thread's last call."""

import os
import threading
import time

import requests

from tiktok.transport import new_session

LONGEST_IDLE = 10.0  # seconds; well under what servers and gateways wait


class _Kept(threading.local):
    """This thread's session. It is not handed on to another thread or process."""

    session: requests.Session | None = None
    origin = ""
    process = 0
    used_at = 0.0


_kept = _Kept()


def kept_session(url: str) -> requests.Session:
    """This thread's session for the host of `url`; it knows no token and keeps no cookie.

    A new connection costs more than the call. One that has been idle for long is not used again:
    the other side may be closing it this very moment, and would take our call with it.
    """
    origin, now = url.rstrip("/"), time.monotonic()
    if _kept.session is not None and _kept.process == os.getpid():
        if _kept.origin == origin and _kept.used_at > now - LONGEST_IDLE:
            _kept.used_at = now
            return _kept.session
        _kept.session.close()
    _kept.session, _kept.origin = new_session(url), origin
    _kept.process, _kept.used_at = os.getpid(), now
    return _kept.session
