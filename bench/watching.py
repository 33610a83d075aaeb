"""What processes cost: processor time, memory, database connections."""

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Self

import psutil
import psycopg

from bench.house import House


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """Processor time so far, with that of children which have ended."""
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])  # own and ended children's, user and system
    return total


def memory(processes: Iterable[psutil.Process]) -> int:
    """Bytes, as PSS: what is shared by n processes counts an nth for each, so nothing twice."""
    total = 0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss
    return total


class Peak:
    """The largest value that `look` returned meanwhile; it is asked every `every` seconds."""

    def __init__(self, look: Callable[[], int], *, every: float = 0.2) -> None:
        self._look = look
        self._every = every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.value = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self._every):
            self.value = max(self.value, self._look())


def connection_counter(house: House) -> Callable[[], int]:
    """Counts who is connected to the house's database, its own connection not counted."""
    connection = psycopg.connect(house.database, autocommit=True)

    def count() -> int:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
        return int(row[0]) if row else 0

    return count


class Bill:
    """Processor seconds of each group of processes since the last look."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._before = self._now()

    def _now(self) -> dict[str, float]:
        server = psutil.Process(self._house.postgres.pid)
        groups = {name: self._house.family(name) for name in self._house.processes}
        groups["postgres"] = [server, *server.children(recursive=True)]
        return {name: cpu_seconds(group) for name, group in groups.items()}

    def seconds(self) -> dict[str, float]:
        return {name: now - self._before.get(name, 0) for name, now in self._now().items()}
