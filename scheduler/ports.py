"""Whether the ports that we are about to listen on are free, and what to do if not."""

import errno
import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace

TRIES = 200  # numbers that are looked at beside one that is taken


@dataclass(frozen=True)
class Port:
    """`variable` is the setting that changes `number`."""

    number: int
    variable: str
    host: str = "127.0.0.1"

    @property
    def trouble(self) -> str:
        """One sentence that says why nothing can listen here; empty when something can."""
        try:
            with socket.socket() as probe:
                # As servers do: what a server before us has left behind does not count.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((self.host, self.number))
        except OSError as error:
            why = "is taken" if error.errno == errno.EADDRINUSE else f"({error.strerror})"
            return f"Port {self.number} {why}."
        if self._is_answered_by("::1"):
            return f"Port {self.number} is taken."
        return ""

    def _is_answered_by(self, host: str) -> bool:
        """A browser that asks for localhost tries ::1 first."""
        try:
            socket.create_connection((host, self.number), timeout=0.5).close()
        except OSError:
            return False
        return True


def trouble_with(ports: Sequence[Port]) -> str:
    """What is wrong with these ports, and the whole command that avoids it; empty when all is well.

    The command names every port, so that it can be used as it is; a port that is free stays.
    """
    troubles = [port.trouble for port in ports if port.trouble]
    if not troubles and len({port.number for port in ports}) < len(ports):
        troubles = [f"{' and '.join(port.variable for port in ports)} must differ."]
    if not troubles:
        return ""
    if not (chosen := _free_ones(ports)):
        return " ".join(troubles)
    variables = " ".join(f"{port.variable}={port.number}" for port in chosen)
    others = "others" if len(chosen) > 1 else "another"
    return f"{' '.join(troubles)} Choose {others}: {variables} make run"


def _free_ones(ports: Sequence[Port]) -> list[Port]:
    """The same ports, each as it is or with a free number near it; none when one has no such."""
    kept: list[Port] = []
    for port in ports:  # what is free is nobody else's to take
        if not port.trouble and port.number not in {other.number for other in kept}:
            kept.append(port)
    chosen = {port.variable: port for port in kept}
    for port in ports:
        if port.variable not in chosen:
            spoken_for = {other.number for other in chosen.values()}
            for number in _numbers_near(port.number):
                if number not in spoken_for and not replace(port, number=number).trouble:
                    chosen[port.variable] = replace(port, number=number)
                    break
            else:
                return []
    return [chosen[port.variable] for port in ports]


def _numbers_near(number: int) -> list[int]:
    first = number + 1 if 1024 <= number <= 65535 - TRIES else 8000
    return list(range(first, first + TRIES))
