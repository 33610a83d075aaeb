"""How many drains one cluster may run at once, so that a worker stays free for its canary.

A seat is a lock on one byte of a file without a name that all processes of the cluster share. The
kernel gives it back when its holder dies, so that no crash leaves a seat taken for ever.
"""

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


class Seats:
    """Make it before the workers are forked. A lock belongs to a process, not to a thread."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the process lives

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Hold a seat meanwhile; False when all are taken."""
        seat = next((number for number in range(self._count) if self._lock(number)), None)
        try:
            yield seat is not None
        finally:
            if seat is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, seat)

    def _lock(self, number: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except OSError:
            return False
        return True


_of_this_cluster: Seats | None = None


def provide(count: int) -> None:
    """Called once by the cluster's main process."""
    global _of_this_cluster  # noqa: PLW0603  # inherited by each worker through the fork
    _of_this_cluster = Seats(count)


@contextmanager
def seat() -> Iterator[bool]:
    """A seat in this cluster; outside of any there is always one."""
    if _of_this_cluster is None:
        yield True
        return
    with _of_this_cluster.taken() as got_one:
        yield got_one
