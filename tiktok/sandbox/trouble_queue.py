"""The queue of troubles that wait for their call, and the calls that are held."""

import json
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from tiktok.sandbox.state import State
from tiktok.sandbox.troubles import Trouble, trouble_from

POLL_SECONDS = 0.05


@dataclass(slots=True)
class Entry:
    trouble: Trouble
    skip: int
    times_left: int
    hits: int = 0  # how often it has come about; a hold counts when it begins
    holding: int = 0  # calls that are held right now
    releasing: int = 0  # of those, how many may go on

    def as_json(self, entry_id: int) -> dict[str, Any]:
        counts = {"times_left": self.times_left, "hits": self.hits, "holding": self.holding}
        return {"id": entry_id} | asdict(self.trouble) | counts


class Troubles:
    """Written through to the state folder, so that a restart keeps the queue."""

    def __init__(self, state: State, stopping: threading.Event) -> None:
        self._state = state
        self._stopping = stopping
        self._changed = threading.Condition()
        self._entries: dict[int, Entry] = {}
        with state.reading() as db:
            for row in db.execute("SELECT * FROM troubles ORDER BY id"):
                trouble = trouble_from(json.loads(row["spec"]))
                self._entries[row["id"]] = Entry(
                    trouble, row["skip"], row["times_left"], row["hits"]
                )

    def add(self, trouble: Trouble) -> int:
        with self._changed, self._state.transaction() as db:
            cursor = db.execute(
                "INSERT INTO troubles (spec, skip, times_left, hits) VALUES (?, ?, ?, 0)",
                [json.dumps(asdict(trouble)), trouble.skip, trouble.times],
            )
            entry_id = int(cursor.lastrowid or 0)
            self._entries[entry_id] = Entry(trouble, trouble.skip, trouble.times)
            return entry_id

    def take(
        self,
        endpoint: str,
        *,
        creator: str | None = None,
        grant_type: str | None = None,
        chunk: int | None = None,
    ) -> "Hit | None":
        """Use up the first trouble that waits for such a call."""
        with self._changed:
            for entry_id, entry in self._entries.items():
                if not entry.times_left:
                    continue
                if not entry.trouble.matches(endpoint, creator, grant_type, chunk):
                    continue
                if entry.skip:
                    entry.skip -= 1
                    self._save(entry_id, entry)
                    continue
                entry.times_left -= 1
                self._save(entry_id, entry)
                return Hit(entry_id, entry.trouble, self)
        return None

    def _save(self, entry_id: int, entry: Entry) -> None:
        with self._state.transaction() as db:
            db.execute(
                "UPDATE troubles SET skip = ?, times_left = ?, hits = ? WHERE id = ?",
                [entry.skip, entry.times_left, entry.hits, entry_id],
            )

    def strike(self, entry_id: int) -> None:
        with self._changed:
            entry = self._entries.get(entry_id)
            if entry:
                entry.hits += 1
                self._save(entry_id, entry)
                self._changed.notify_all()

    def hold(self, entry_id: int, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        with self._changed:
            entry = self._entries.get(entry_id)
            if entry is None:
                return
            entry.holding += 1
            self.strike(entry_id)
            while (
                not entry.releasing
                and time.monotonic() < deadline
                and not self._stopping.is_set()
                and entry_id in self._entries
            ):
                self._changed.wait(POLL_SECONDS)
            entry.releasing = max(0, entry.releasing - 1)
            entry.holding -= 1
            self._changed.notify_all()

    def release(self, entry_id: int) -> None:
        """Let go everybody whom this trouble holds now. Raises KeyError."""
        with self._changed:
            entry = self._entries[entry_id]
            entry.releasing = entry.holding
            self._changed.notify_all()

    def wait(self, entry_id: int, *, hits: int, seconds: float) -> bool:
        """Wait until the trouble has come about `hits` times. Raises KeyError."""
        with self._changed:
            entry = self._entries[entry_id]
            self._changed.wait_for(lambda: entry.hits >= hits or self._stopping.is_set(), seconds)
            return entry.hits >= hits

    def as_json(self) -> list[dict[str, Any]]:
        with self._changed:
            return [entry.as_json(entry_id) for entry_id, entry in self._entries.items()]

    def one_as_json(self, entry_id: int) -> dict[str, Any]:
        """Raises KeyError."""
        with self._changed:
            return self._entries[entry_id].as_json(entry_id)

    def forget_everything(self) -> None:
        with self._changed, self._state.transaction() as db:
            db.execute("DELETE FROM troubles")
            self._entries.clear()
            self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class Hit:
    """A trouble that has met its call."""

    id: int
    trouble: Trouble
    queue: Troubles

    def strike(self) -> None:
        """Tell whoever waits for it that the trouble has now come about."""
        self.queue.strike(self.id)

    def hold(self) -> None:
        """Strike, then wait here until released, or for the trouble's own seconds."""
        self.queue.hold(self.id, self.trouble.seconds)
