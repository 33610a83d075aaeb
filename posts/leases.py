"""The right to work on one publication, for a while."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from posts.errors import CancelAsked, HandOver, LeaseLost
from posts.models import Publication


def clock() -> float:
    """Seconds on a clock that nobody sets, and that goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Lease:
    """Held by one worker thread. Every write is fenced by `version`; time is told by `clock`.

    A worker that was frozen and wakes up finds its lease ended before it does anything else, and
    even one that does not look is fenced in the database: a claim raises the version.
    """

    def __init__(
        self, publication: Publication, *, began: float, stop: threading.Event | None = None
    ) -> None:
        self.publication_id = publication.pk
        self.version = publication.version
        self.length: float = settings.LEASE_SECONDS
        self.stop = stop or threading.Event()
        self._hold_from(began)

    @classmethod
    def claim(cls, *, by: str, stop: threading.Event) -> "Claim | None":
        """Take one due publication, or None when nothing is due."""
        return next(iter(cls.claim_some(by=by, stop=stop, most=1)), None)

    @classmethod
    def claim_some(cls, *, by: str, stop: threading.Event, most: int) -> "list[Claim]":
        """Take up to `most` due publications, the one that has waited longest first."""
        began = clock()  # before the claim is written, so that ours never outlives the row's
        claimed = Publication.claim_due(by=by, seconds=settings.LEASE_SECONDS, most=most)
        return [(publication, cls(publication, began=began, stop=stop)) for publication in claimed]

    @classmethod
    def take(cls, pk: int, *, by: str) -> "Claim | None":
        """Take this very publication, due or not; None while a worker holds it."""
        began = clock()
        publication = Publication.claim_this(pk, by=by, seconds=settings.LEASE_SECONDS)
        return (publication, cls(publication, began=began)) if publication else None

    def check(self) -> None:
        """Call it before each thing that can be seen from outside.

        Raises LeaseLost when the time is over, HandOver when the process is going away,
        CancelAsked when a person wants it to stop. Renews at each third of its length.
        """
        now = clock()
        if now >= self._ends:
            raise LeaseLost
        if self.stop.is_set():
            raise HandOver
        if now >= self._renew_at:
            self.renew()

    def renew(self) -> None:
        began = clock()
        until = timezone.now() + timedelta(seconds=self.length)
        mine = Publication.objects.filter(pk=self.publication_id, version=self.version)
        if not mine.update(lease_until=until, next_step_at=until):
            raise LeaseLost
        self._hold_from(began)
        if mine.filter(cancel_asked_at__isnull=False).exists():
            raise CancelAsked

    @contextmanager
    def fenced(self) -> Iterator[Publication]:
        """A transaction in which the publication is locked and still ours; else LeaseLost.

        The ledger is written in here. Never call a platform in here.
        """
        with transaction.atomic():
            publication = Publication.locked(self.publication_id)
            if publication.version != self.version:
                raise LeaseLost
            yield publication

    @contextmanager
    def still_ours(self) -> Iterator[None]:
        """The same for whoever writes without reading: it costs a fraction of the time."""
        with transaction.atomic():
            if not Publication.lock(self.publication_id, version=self.version):
                raise LeaseLost
            yield

    def wait_until(self, moment: datetime, **changes: Any) -> None:
        """Let go without a move: nothing to do before `moment`."""
        mine = Publication.objects.filter(pk=self.publication_id, version=self.version)
        if not mine.update(lease_until=None, next_step_at=moment, **changes):
            raise LeaseLost

    def let_go(self) -> None:
        """Hand over at once: whoever claims next goes on from what is stored."""
        self.wait_until(timezone.now())

    def finish(self) -> None:
        """Let go for good: nothing more is asked for."""
        mine = Publication.objects.filter(pk=self.publication_id, version=self.version)
        if not mine.update(lease_until=None, next_step_at=None):
            raise LeaseLost

    def _hold_from(self, began: float) -> None:
        self._ends = began + self.length
        self._renew_at = began + self.length / 3


Claim = tuple[Publication, Lease]
