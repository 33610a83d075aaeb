"""A digest that is computed while its bytes are on their way, not before they may leave."""

from concurrent.futures import Executor, Future
from typing import Protocol, Self


class Hasher(Protocol):
    def update(self, block: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...
    def copy(self) -> Self: ...


class HasherBeside:
    """Hands each block to `executor`, and waits for it when the next one comes.

    So hashing and sending share the time, and at most one block more is in memory.
    """

    def __init__(self, hasher: Hasher, executor: Executor) -> None:
        self._hasher = hasher
        self._executor = executor
        self._pending: Future[None] | None = None

    def update(self, block: bytes, /) -> None:
        self._catch_up()
        self._pending = self._executor.submit(self._hasher.update, block)

    def hexdigest(self) -> str:
        self._catch_up()
        return self._hasher.hexdigest()

    def copy(self) -> "HasherBeside":
        self._catch_up()
        return HasherBeside(self._hasher.copy(), self._executor)

    def _catch_up(self) -> None:
        if self._pending is not None:
            self._pending.result()
            self._pending = None
