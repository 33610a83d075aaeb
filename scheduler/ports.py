"""Whether the ports that we are about to listen on are free, and what to do if not."""

import errno
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Port:
    """`variable` is the setting that changes `number`."""

    number: int
    variable: str
    host: str = "127.0.0.1"

    @property
    def trouble(self) -> str:
        """One line that says why nothing can listen here; empty when something can."""
        try:
            with socket.socket() as probe:
                # As servers do: what a server before us has left behind does not count.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((self.host, self.number))
        except OSError as error:
            why = "is taken" if error.errno == errno.EADDRINUSE else f"({error.strerror})"
            return f"Port {self.number} {why}. Choose another one: {self._example}"
        if self._is_answered_by("::1"):
            return f"Port {self.number} is taken. Choose another one: {self._example}"
        return ""

    @property
    def _example(self) -> str:
        return f"{self.variable}={self.number + 1 if self.number < 65535 else 8000} make run"

    def _is_answered_by(self, host: str) -> bool:
        """A browser that asks for localhost tries ::1 first."""
        try:
            socket.create_connection((host, self.number), timeout=0.5).close()
        except OSError:
            return False
        return True
