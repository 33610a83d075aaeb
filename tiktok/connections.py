"""Connections on which an answer has so much time as a whole, not only between two bytes.

A server, or something on the way to it, that lets one byte fall now and then would otherwise hold
a thread for as long as it likes.
"""

import http.client
import io
import socket
import time
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection


class _Limited(io.RawIOBase):
    """What comes in over `sock`, for as many seconds as its timeout says now, and no longer."""

    def __init__(self, sock: socket.socket, raw: io.RawIOBase) -> None:
        self._sock = sock
        self._raw = raw
        limit = sock.gettimeout()
        self._ends = None if limit is None else time.monotonic() + limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._ends is not None:
            left = self._ends - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer takes too long")
            self._sock.settimeout(left)
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class LimitedResponse(http.client.HTTPResponse):
    """Its time begins when the request has been sent."""

    def __init__(self, sock: socket.socket, *arguments: Any, **named: Any) -> None:
        super().__init__(sock, *arguments, **named)
        self.fp = io.BufferedReader(_Limited(sock, self.fp.detach()))


class LimitedHTTP(HTTPConnection):
    response_class = LimitedResponse


class LimitedHTTPS(HTTPSConnection):
    response_class = LimitedResponse


class _HTTPPool(HTTPConnectionPool):
    ConnectionCls = LimitedHTTP


class _HTTPSPool(HTTPSConnectionPool):
    ConnectionCls = LimitedHTTPS


class LimitedAdapter(HTTPAdapter):
    """The second of its timeouts is the time for the whole answer."""

    pools: dict[str, type[HTTPConnectionPool]] = {"http": _HTTPPool, "https": _HTTPSPool}
    details: dict[str, Any] = {}  # for every connection

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **(kwargs | self.details))
        self._use_own_pools(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **(kwargs | self.details))
        self._use_own_pools(manager)
        return manager

    def _use_own_pools(self, manager: PoolManager) -> None:
        manager.pool_classes_by_scheme = self.pools
