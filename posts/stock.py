"""What a drain has claimed and nobody has begun: one question to the database for several threads.

Where many posts are due in the same moment, finding each by itself would cost as much as sending
it. So whoever finds the stock empty claims a few for the others as well: as many as the threads
took in the last moment, since so many will be begun in the next. Where each takes long, none are
taken ahead, and what was not begun soon is given back for others to find.
"""

import threading
from collections import deque
from contextlib import suppress
from typing import NamedTuple

from posts.errors import LeaseLost
from posts.leases import Claim, Lease, clock
from posts.models import Heartbeat

MOMENT = 0.5  # seconds
MOST = 8  # claimed at once
LONGEST_WAIT = 1.0  # seconds in stock


class _Waiting(NamedTuple):
    claim: Claim
    since: float


class Stock:
    """`hand_over` goes into every lease."""

    def __init__(self, *, hand_over: threading.Event) -> None:
        self._hand_over = hand_over
        self._by = Heartbeat.own_name()
        self._waiting: deque[_Waiting] = deque()
        self._taken_at: deque[float] = deque(maxlen=MOST)
        self._lock = threading.Lock()
        self._closed = False

    def take(self) -> Claim | None:
        """A publication to work on; None when nothing is due. Raises DatabaseError."""
        with self._lock:  # the others wait for what the first one finds
            if not self._waiting and not self._closed:
                self._claim()
            if not self._waiting:
                return None
            self._taken_at.append(clock())
            return self._waiting.popleft().claim

    def close(self) -> None:
        """Claim nothing more, and give back what nobody has begun. Raises DatabaseError."""
        self._closed = True
        self._give_back(older_than=0)

    def tidy(self) -> None:
        """Give back what has waited for long. Raises DatabaseError."""
        if self._waiting:
            self._give_back(older_than=LONGEST_WAIT)

    def _claim(self) -> None:
        since = clock()
        pace = sum(taken > since - MOMENT for taken in self._taken_at)
        claims = Lease.claim_some(by=self._by, stop=self._hand_over, most=max(pace, 1))
        self._waiting.extend(_Waiting(claim, since) for claim in claims)

    def _give_back(self, *, older_than: float) -> None:
        with self._lock:
            while self._waiting and clock() - self._waiting[0].since >= older_than:
                _, lease = self._waiting.popleft().claim
                with suppress(LeaseLost):
                    lease.let_go()
