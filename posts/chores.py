"""Slow work beside publishing: checking uploaded files, and tidying up. Never in front of it."""

import logging
import threading
from datetime import timedelta

from django.db import connections

from posts.media.checking import check
from posts.media.leftovers import sweep_leftovers
from posts.models import Heartbeat, Media
from posts.models.heartbeat import Kind
from posts.models.installation import why_publishing_is_off
from posts.patience import DATABASE_AWAY
from posts.platforms import platforms

log = logging.getLogger(__name__)

AT_ONCE = 2  # files
TIDY_EVERY = timedelta(minutes=5)
CHECK_SECONDS = 300.0  # after which a check counts as dead, and another may try


class Chores:
    """Each chore has a thread of its own, so that it takes none from the crew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[threading.Thread, Media] = {}
        self._tidying: threading.Thread | None = None

    @property
    def are_running(self) -> bool:
        with self._lock:
            return bool(self._running) or self._is_tidying

    @property
    def _is_tidying(self) -> bool:
        return self._tidying is not None and self._tidying.is_alive()

    def start_due(self) -> None:
        """Begin what is due, as far as there is room."""
        if not self._is_tidying and Heartbeat.claim_turn(Kind.TIDY, every=TIDY_EVERY):
            self._tidying = threading.Thread(target=_tidy, daemon=True)
            self._tidying.start()
        while len(self._running) < AT_ONCE:
            medium = Media.claim_check(seconds=CHECK_SECONDS)
            if medium is None:
                return
            thread = threading.Thread(target=self._check, args=[medium], daemon=True)
            with self._lock:
                self._running[thread] = medium
            thread.start()

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


def _tidy() -> None:
    try:
        sweep_leftovers()
        for platform in platforms():
            if not why_publishing_is_off():  # a copy of a database leaves the platforms alone
                platform.tidy()
    except DATABASE_AWAY as error:
        log.warning("tidying up waits for the database: %s", error)
    except Exception:  # a mistake of ours: the next turn comes in any case
        log.exception("tidying up failed; a mistake of the program")
    finally:
        connections.close_all()
