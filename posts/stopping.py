"""SIGTERM, Ctrl-C or a closed terminal, as something that a loop can wait for."""

import os
import select
import signal
from contextlib import suppress
from types import FrameType

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopSignal:
    """Set once one of the signals has come. Make it in the main thread.

    A pipe and not a threading.Event: a signal may come while its very lock is held.
    """

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        for number in STOP_SIGNALS:
            signal.signal(number, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        with suppress(BlockingIOError):  # the pipe is full of earlier signals
            os.write(self._writer, b"!")

    def is_set(self) -> bool:
        return self.wait(0)

    def wait(self, seconds: float) -> bool:
        """Wait, at the most `seconds`; True when it is time to stop."""
        readable, _, _ = select.select([self._reader], [], [], seconds)
        return bool(readable)
