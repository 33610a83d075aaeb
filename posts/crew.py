"""The threads of one drain. Each takes a due publication, does its next step, and takes another,
until nothing is due."""

import logging
import threading
from contextlib import suppress

from django.db import DatabaseError, connection, connections

from posts import stumbles
from posts.errors import HandOver, LeaseLost
from posts.in_hand import publication_in_hand
from posts.leases import Lease
from posts.models import Publication
from posts.patience import DATABASE_AWAY
from posts.platforms import platform_of
from posts.stock import Stock

log = logging.getLogger(__name__)

AFTER_A_REFUSAL = 5.0  # seconds, for what does not pass by asking again at once


class Crew:
    """At the most `size` threads, started when there is work. They live as long as the drain.

    `hand_over` goes into every lease: once it is set, whoever is busy lets go between two blocks.
    """

    def __init__(self, size: int, *, hand_over: threading.Event) -> None:
        self._size = size
        self._stock = Stock(hand_over=hand_over)
        self._threads: list[threading.Thread] = []
        self._condition = threading.Condition()
        self._idle = 0
        self._called = 0  # how many idle threads are to look for work
        self._dismissed = False

    def call(self, due: int) -> None:
        """That many publications are due: let as many threads go for them, if there are."""
        due += self._stock.waiting
        with self._condition:
            self._called = min(due, self._idle + self._size - len(self._threads))
            for _ in range(self._called - self._idle):
                self._start_one()
            self._condition.notify(self._called)

    @property
    def at_work(self) -> int:
        """Threads that are busy, or have been called and not looked yet."""
        with self._condition:
            return len(self._threads) - self._idle + self._called

    @property
    def has_room(self) -> bool:
        return self.at_work < self._size

    def tidy(self) -> None:
        """Give back what was claimed and waits for a thread. Raises DatabaseError."""
        self._stock.tidy()

    def dismiss(self) -> None:
        """Claim nothing more."""
        with self._condition:
            self._dismissed = True
            self._condition.notify_all()
        with suppress(DatabaseError):  # the end of the leases gives them back
            self._stock.close()

    def is_gone(self, *, within: float) -> bool:
        """Wait up to `within` seconds for the threads to end."""
        for thread in self._threads:
            thread.join(within)
            if thread.is_alive():
                return False
        return True

    def _start_one(self) -> None:
        # As a daemon, so that a stuck one can not keep the process from ending.
        thread = threading.Thread(
            target=self._serve, name=f"crew-{len(self._threads) + 1}", daemon=True
        )
        self._threads.append(thread)
        self._idle += 1
        thread.start()

    def _serve(self) -> None:
        try:
            while self._wait_for_call():
                self._work()
                with self._condition:
                    self._idle += 1
        finally:
            connections.close_all()

    def _wait_for_call(self) -> bool:
        with self._condition:
            self._condition.wait_for(lambda: self._called or self._dismissed)
            if self._dismissed:
                return False
            self._called -= 1
            self._idle -= 1
            return True

    def _work(self) -> None:
        while not self._dismissed:
            try:
                claimed = self._stock.take()
            except DATABASE_AWAY as error:
                log.warning("nothing claimed, the database does not answer: %s", error)
                connection.close()
                return  # the drain calls again once it answers
            except DatabaseError:  # it answers, but not to this: half migrated, or out of room
                log.exception("nothing claimed, the database refuses the question")
                connection.close()
                with self._condition:
                    self._condition.wait_for(lambda: self._dismissed, AFTER_A_REFUSAL)
                return
            if claimed is None:
                return
            _take_step(*claimed)


def _take_step(publication: Publication, lease: Lease) -> None:
    token = publication_in_hand.set(publication.pk)
    try:
        platform_of(publication.channel).advance(publication, lease)
    except LeaseLost:
        log.info("another worker has taken over")
    except HandOver:
        log.info("handed over")
        with suppress(LeaseLost, *DATABASE_AWAY):
            stumbles.let_go(lease)
    except DATABASE_AWAY as error:
        log.warning("the database went away in mid-step: %s", error)
        connection.close()
        with suppress(LeaseLost, *DATABASE_AWAY):
            stumbles.let_go(lease, pause=stumbles.AFTER_THE_DATABASE)
    except Exception:  # a mistake of ours: it must cost neither this thread nor the publication
        log.exception("a step failed; this is a mistake of the program")
        _give_back(publication, lease)
    finally:
        publication_in_hand.reset(token)


def _give_back(publication: Publication, lease: Lease) -> None:
    try:
        stumbles.give_back(publication, lease)
    except LeaseLost:
        log.info("another worker has taken over")
    except Exception:  # the same mistake, or its twin: the end of the lease gives it back
        log.exception("it could not be given back; its lease will end by itself")
