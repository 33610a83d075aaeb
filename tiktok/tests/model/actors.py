"""Processes of the model: each a thread with its own connection, of which one runs at a time.

At each boundary (before a transaction, before a write, around a look at the clock, before and after
TikTok acts) the one that runs can die, freeze, or be told to hand over. Who is dead does nothing
more: every statement raises, and whatever is still asked of TikTok has no effect.
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.db.backends.utils import CursorWrapper

from tiktok.tests.model.pretend import Gone

PATIENCE = 60.0  # seconds of the real clock, after which the model itself is at fault
WRITES = ("INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """kill -9: nothing of ours catches it."""


class Fate(StrEnum):
    DIES = "dies"
    FREEZES = "freezes"
    HANDS_OVER = "hands over"


@dataclass
class Trouble:
    fate: Fate
    at: int  # the number of the boundary


class Actor:
    def __init__(self, name: str, stage: "Stage") -> None:
        self.name = name
        self.is_frozen = False
        self.is_dead = False
        self.trouble: Trouble | None = None
        self.passed = 0  # boundaries
        self.stop = threading.Event()
        self.error: BaseException | None = None
        self._stage = stage
        self._acts: queue.Queue[Callable[[], object] | None] = queue.Queue()
        self._rests = threading.Event()  # done, or frozen
        self._thaw = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True, name=name)
        self._thread.start()

    @property
    def is_idle(self) -> bool:
        return not self.is_frozen

    def do(self, act: Callable[[], object], trouble: Trouble | None = None) -> str:
        """Let it do `act` until that ends or it freezes; says which."""
        assert self.is_idle
        self.trouble, self.passed, self.is_dead, self.error = trouble, 0, False, None
        self.stop.clear()
        self._acts.put(act)
        return self._run()

    def thaw(self, *, to_die: bool = False) -> str:
        """Let a frozen one go on, or find out that it was killed meanwhile."""
        assert self.is_frozen
        self.is_frozen = False
        self.is_dead = to_die
        self._thaw.set()
        return self._run()

    def end(self) -> None:
        if self.is_frozen:
            self.thaw(to_die=True)
        self._acts.put(None)
        self._thread.join(PATIENCE)

    def _run(self) -> str:
        self._stage.running = self
        assert self._rests.wait(PATIENCE), f"{self.name} neither ends nor freezes"
        self._rests.clear()
        self._stage.running = None
        if self.error is not None:
            raise self.error
        if self.is_frozen:
            return "frozen"
        return "dead" if self.is_dead else "done"

    def _live(self) -> None:
        connection.execute_wrappers.append(self._stage.on_statement)
        while (act := self._acts.get()) is not None:
            try:
                act()
            except Killed:
                pass
            except BaseException as error:  # noqa: BLE001 (raised again where the step is)
                self.error = error
            self._rests.set()
        connection.close()

    def cross(self, *, may_freeze: bool) -> None:
        """One boundary, in this actor's thread or on its behalf in TikTok's."""
        if self.is_dead:
            raise Killed
        self.passed += 1
        trouble = self.trouble
        if trouble is None or self.passed < trouble.at:
            return
        if trouble.fate is Fate.FREEZES and not may_freeze:
            return
        self.trouble = None
        match trouble.fate:
            case Fate.DIES:
                self.is_dead = True
                raise Killed
            case Fate.HANDS_OVER:
                self.stop.set()
            case Fate.FREEZES:
                self._thaw.clear()
                self.is_frozen = True
                self._rests.set()
                self._thaw.wait()
                if self.is_dead:
                    raise Killed


class Stage:
    """Who runs now, and the hooks that are put where boundaries are."""

    def __init__(self) -> None:
        self.running: Actor | None = None

    def at_tiktok(self) -> None:
        actor = self.running
        if actor is None:
            return
        try:
            actor.cross(may_freeze=True)
        except Killed:
            raise Gone from None

    def before_transaction(self) -> None:
        if self.running is not None and not connection.in_atomic_block:
            self.running.cross(may_freeze=True)

    def at_the_clock(self) -> None:
        if self.running is not None:
            self.running.cross(may_freeze=not connection.in_atomic_block)

    def on_statement(
        self,
        execute: Callable[..., CursorWrapper],
        sql: str,
        params: object,
        many: bool,
        context: object,
    ) -> CursorWrapper:
        actor = self.running
        if actor is not None:
            if sql.startswith(WRITES):
                actor.cross(may_freeze=not connection.in_atomic_block)
            elif actor.is_dead:
                raise Killed
        return execute(sql, params, many, context)
