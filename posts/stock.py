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
PATIENCE = 1.0  # seconds for another thread's claim


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
        self._lock = threading.Lock()  # of what waits; nobody holds it for long
        self._claiming = threading.Lock()
        self._closed = False

    def take(self) -> Claim | None:
        """A publication to work on; None when nothing is due. Raises DatabaseError."""
        if claim := self._take_waiting():
            return claim
        if not self._claiming.acquire(timeout=PATIENCE):
            # Who claims for all hangs, with a connection of its own: so each for itself.
            return None if self._closed else Lease.claim(by=self._by, stop=self._hand_over)
        try:  # the others wait for what the first one finds
            if claim := self._take_waiting():
                return claim
            return None if self._closed else self._claim()
        finally:
            self._claiming.release()

    @property
    def waiting(self) -> int:
        """What was claimed and not begun."""
        return len(self._waiting)

    def _take_waiting(self) -> Claim | None:
        with self._lock:
            if not self._waiting:
                return None
            return self._note(self._waiting.popleft().claim)

    def _note(self, claim: Claim) -> Claim:
        self._taken_at.append(clock())
        return claim

    def close(self) -> None:
        """Claim nothing more, and give back what nobody has begun. Raises DatabaseError."""
        with self._lock:
            self._closed = True
        self._give_back(older_than=0)

    def tidy(self) -> None:
        """Give back what has waited for long. Raises DatabaseError."""
        if self._waiting:
            self._give_back(older_than=LONGEST_WAIT)

    def _claim(self) -> Claim | None:
        """One for who asks; the rest waits for the others."""
        since = clock()
        pace = sum(taken > since - MOMENT for taken in list(self._taken_at))
        claims = Lease.claim_some(by=self._by, stop=self._hand_over, most=max(pace, 1))
        if not claims:
            return None
        with self._lock:
            self._waiting.extend(_Waiting(claim, since) for claim in claims[1:])
            mine = self._note(claims[0])
        if self._closed:
            self._give_back(older_than=0)
        return mine

    def _give_back(self, *, older_than: float) -> None:
        while claim := self._oldest(older_than):
            publication, lease = claim
            with suppress(LeaseLost):
                lease.wait_until(publication.was_due_at)  # where it stood in the line

    def _oldest(self, seconds: float) -> Claim | None:
        """Take out what has waited for so long, if anything has."""
        with self._lock:
            is_old = self._waiting and clock() - self._waiting[0].since >= seconds
            return self._waiting.popleft().claim if is_old else None
