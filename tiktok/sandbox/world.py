"""All that the sandbox is made of, in one hand: what each part gets to work with."""

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tiktok.sandbox import settings as stored_settings
from tiktok.sandbox.rates import Rates
from tiktok.sandbox.recording import Recorder
from tiktok.sandbox.settings import Settings
from tiktok.sandbox.state import State
from tiktok.sandbox.trouble_queue import Troubles


class KeyedLocks:
    """One lock for each name: what concerns one upload waits only for that upload."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def of(self, name: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(name, threading.Lock())


STOP_SECONDS = 3.0


class World:
    def __init__(self, folder: Path) -> None:
        self.state = State(folder)
        self.stopping = threading.Event()
        self.rates = Rates()
        self.upload_locks = KeyedLocks()
        self.telling = threading.Lock()  # held while a webhook is on its way
        self._threads: set[threading.Thread] = set()
        self.recorder = Recorder(self.state)
        self.troubles = Troubles(self.state, self.stopping)
        with self.state.reading() as db:
            self.settings: Settings = stored_settings.load(db)

    def now(self) -> float:
        return time.time() + self.settings.clock_offset_seconds

    def change_settings(self, changes: dict[str, Any]) -> Settings:
        """Change and remember settings. Raises UnknownSetting, and then changes nothing.

        Once this has returned, no webhook is on its way to an address that was registered before.
        """
        settings = self.settings.changed(changes)
        with self.state.transaction() as db:
            stored_settings.save(db, changes)
        with self.telling if "webhook_url" in changes else nullcontext():
            self.settings = settings
        return settings

    def sleep(self, seconds: float) -> None:
        """Sleep, but not beyond the end of the sandbox."""
        if seconds > 0:
            self.stopping.wait(seconds)

    def beside(self, act: Callable[..., None], *arguments: Any) -> None:
        """Let `act` run in a thread of its own, which ends soon after the sandbox does."""
        thread = threading.Thread(target=act, args=arguments, daemon=True)
        self._threads = {each for each in self._threads if each.is_alive()} | {thread}
        thread.start()

    def reset(self) -> None:
        """Back to an empty sandbox with TikTok's own figures."""
        self.troubles.forget_everything()
        self.state.forget_everything()
        self.rates.forget_everything()
        self.settings = Settings()

    def close(self) -> None:
        self.stopping.set()
        for thread in self._threads:
            thread.join(STOP_SECONDS)
        self.state.close()
