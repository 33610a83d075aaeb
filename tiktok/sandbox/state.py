"""Where the sandbox keeps everything: one SQLite file and a folder of videos.

Every change is committed before its answer leaves, so a killed process loses nothing it has
answered for.
"""

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tiktok.sandbox.schema import SCHEMA, SCHEMA_VERSION, TABLES, UPGRADES


class SandboxError(Exception):
    """The sandbox can not start; the text is one sentence for the person who started it."""


class State:
    """One connection behind one lock: each use is so short that waiting costs nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.media = folder / "media"
        self.incoming = folder / "incoming"
        for path in (self.media, self.incoming):
            path.mkdir(parents=True, exist_ok=True)
        self._own_the_folder()
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            folder / "sandbox.sqlite3", check_same_thread=False, isolation_level=None
        )
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        # Survives a killed process. Only a power cut may undo the last answers.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._prepare_tables()
        self._drop_half_chunks()

    def _own_the_folder(self) -> None:
        """Two sandboxes over one folder would each undo the other."""
        self._lock_file = (self.folder / "lock").open("a")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock_file.close()
            raise SandboxError(f"Another sandbox already uses {self.folder}.") from None

    def _prepare_tables(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            self.close()
            raise SandboxError(
                f"{self.folder} belongs to a newer version of the sandbox: "
                "delete the folder, or choose another one."
            )
        if version == SCHEMA_VERSION:
            return
        steps = [UPGRADES[old] for old in range(version, SCHEMA_VERSION)] if version else [SCHEMA]
        self._db.executescript(
            f"BEGIN; {''.join(steps)} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )

    def _drop_half_chunks(self) -> None:
        for path in self.incoming.iterdir():
            path.unlink()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or, when the block raises, nothing."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._db

    def forget_everything(self) -> None:
        with self.transaction() as db:
            for table in TABLES:
                db.execute(f"DELETE FROM {table}")  # noqa: S608 (names of our own)
        for path in self.media.iterdir():
            path.unlink()

    def close(self) -> None:
        with self._lock:
            self._db.close()
        self._lock_file.close()
