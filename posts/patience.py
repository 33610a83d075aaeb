"""A database that is not up yet, or is away for a moment, is met with patience."""

import logging
import time
from collections.abc import Callable, Iterator

from django.db import InterfaceError, OperationalError, connection

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.2  # seconds
LONGEST_PAUSE = 10.0  # seconds

# What a database raises that is away, or closed the connection. All else is our mistake.
DATABASE_AWAY = (OperationalError, InterfaceError)


def pauses(*, longest: float = LONGEST_PAUSE) -> Iterator[float]:
    """Seconds to wait before each next try: doubling, up to a limit."""
    pause = min(FIRST_PAUSE, longest)
    while True:
        yield pause
        pause = min(pause * 2, longest)


def wait_for_database(*, sleep: Callable[[float], object] = time.sleep) -> bool:
    """Return True when the database answers, however long that takes.

    `sleep` takes seconds; when it returns something true we are to stop waiting: False.
    """
    for pause in pauses():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DATABASE_AWAY as error:
            log.warning("the database does not answer (%s); next try in %.1f s", error, pause)
            connection.close()
            if sleep(pause):
                return False
        else:
            return True
    raise AssertionError("pauses never end")
