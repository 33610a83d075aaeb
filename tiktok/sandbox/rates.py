"""Calls per sliding window (Protocol 1: one minute). Kept in memory: a restart forgives."""

import threading
from collections import defaultdict, deque
from collections.abc import Hashable


class Rates:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[Hashable, deque[float]] = defaultdict(deque)

    def allow(self, key: Hashable, *, most: int, window: float, now: float) -> bool:
        """Count one call, unless `most` were counted in the last `window` seconds.

        A refused call is not counted, so a client that waits as long as it should gets through.
        """
        with self._lock:
            calls = self._calls[key]
            while calls and calls[0] <= now - window:
                calls.popleft()
            if len(calls) >= most:
                return False
            calls.append(now)
            return True

    def forget_everything(self) -> None:
        with self._lock:
            self._calls.clear()
