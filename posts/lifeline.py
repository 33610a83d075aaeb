"""The pipe between `work` and its cluster: while it is open, the cluster may work.

Nothing is ever written to it. `work` alone holds the end for writing, so that the pipe closes
when `work` cuts it, and just as well when `work` dies, whatever killed it. Every process of the
cluster sees that, and none can be left behind.
"""

import os
import signal
import threading
import time
from collections.abc import Callable

going_away = threading.Event()
"""In a worker process: set once the lifeline is cut. Hand over between two blocks."""


class Lifeline:
    """The end that `work` holds, and the one that its cluster holds on to."""

    def __init__(self) -> None:
        self.reader, self._writer = os.pipe()

    def hold_on(self) -> None:
        """In the cluster: keep the reading end alone."""
        os.close(self._writer)

    def cut(self) -> None:
        os.close(self._writer)
        os.close(self.reader)


def follow(reader: int, then: Callable[[], None], *, grace: float) -> None:
    """In a thread: call `then` when the lifeline is cut, and after `grace` seconds kill the group.

    The group is that of the calling process: the whole cluster.
    """

    def wait() -> None:
        os.read(reader, 1)
        then()
        time.sleep(grace)
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=wait, name="lifeline", daemon=True).start()
