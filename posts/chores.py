"""Slow work beside publishing, never in front of it: uploaded files are checked, posts looked at
ahead of their time, people told by mail, and leftovers tidied up."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from django.db import connections

from accounts.models import forget_old_calls
from posts import checking_ahead, mailing
from posts.copies import sweep_copies
from posts.media.checking import check
from posts.media.leftovers import sweep_leftovers
from posts.models import Heartbeat, Media
from posts.models.heartbeat import Kind
from posts.models.installation import why_publishing_is_off
from posts.parking import unpark_forgotten
from posts.patience import DATABASE_AWAY
from posts.platforms import platforms
from posts.uploading import sweep_expired

log = logging.getLogger(__name__)

AT_ONCE = 2  # files
LOOKS_IN_A_ROW = 10  # posts; then it is asked again whether there is room beside publishing
TIDY_EVERY = timedelta(minutes=5)
CALLS_KEPT = timedelta(days=2)  # of the API; answers to repeats are asked for within a day
CHECK_SECONDS = 300.0  # after which a check counts as dead, and another may try


class Chores:
    """Each chore has a thread of its own, so that it takes none from the crew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[threading.Thread, Media] = {}
        self._alone: dict[Callable[[], None], threading.Thread] = {}

    @property
    def are_running(self) -> bool:
        with self._lock:
            return bool(self._running) or any(self._runs(chore) for chore in self._alone)

    def start_due(self, *, publishing: bool) -> None:
        """Begin what is due, as far as there is room. Without `publishing` no platform is asked,
        and nobody mailed: a copy of a database tells nobody what is long past."""
        if not self._runs(_tidy) and Heartbeat.claim_turn(Kind.TIDY, every=TIDY_EVERY):
            self._start(_tidy)
        if publishing and not self._runs(_look_ahead) and checking_ahead.are_due():
            self._start(_look_ahead)
        if publishing and not self._runs(mailing.tell_people) and mailing.is_due():
            self._start(mailing.tell_people)
        while len(self._running) < AT_ONCE:
            medium = Media.claim_check(seconds=CHECK_SECONDS)
            if medium is None:
                return
            thread = threading.Thread(target=self._check, args=[medium], daemon=True)
            with self._lock:
                self._running[thread] = medium
            thread.start()

    def _runs(self, chore: Callable[[], None]) -> bool:
        return chore in self._alone and self._alone[chore].is_alive()

    def _start(self, chore: Callable[[], None]) -> None:
        self._alone[chore] = threading.Thread(target=_guarded, args=[chore], daemon=True)
        self._alone[chore].start()

    def give_back(self) -> None:
        """This process goes away: let another begin again at once what is not done."""
        with self._lock:
            unfinished = list(self._running.values())
        for medium in unfinished:
            medium.give_back_check()

    def _check(self, medium: Media) -> None:
        try:
            check(medium)
        except DATABASE_AWAY as error:
            log.warning("a check waits for the database: %s", error)
        except Exception:  # a mistake of ours: the file's turn comes again, its tries are counted
            log.exception("the check of medium %s failed; a mistake of the program", medium.pk)
        finally:
            connections.close_all()
            with self._lock:
                del self._running[threading.current_thread()]


def _guarded(chore: Callable[[], None]) -> None:
    try:
        chore()
    except DATABASE_AWAY as error:
        log.warning("a chore waits for the database: %s", error)
    except Exception:  # a mistake of ours: its turn comes again in any case
        log.exception("a chore failed; a mistake of the program")
    finally:
        connections.close_all()


def _tidy() -> None:
    sweep_leftovers()
    sweep_expired()
    sweep_copies()
    forget_old_calls(older_than=CALLS_KEPT)
    if why_publishing_is_off():
        return  # a copy of a database leaves posts and platforms alone
    unpark_forgotten()
    for platform in platforms():
        platform.tidy()


def _look_ahead() -> None:
    checking_ahead.look_at_due(most=LOOKS_IN_A_ROW)
