"""Stops a process exactly at a write into PostgreSQL, without a line in the product.

A trigger waits, before the row changes, for a lock that the test holds: the process is in the
middle of the statement, and nothing of its transaction is there yet.
"""

from typing import Self

import psycopg

WAIT = """
CREATE OR REPLACE FUNCTION wait_for_the_test() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(TG_ARGV[0]::bigint);
    RETURN NEW;
END $$
"""
WAITING = """
FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class HeldWrites:
    """Use it as a context manager around everything that is to be held in the database at `url`."""

    def __init__(self, url: str) -> None:
        self._server = psycopg.connect(url, autocommit=True)
        self._server.execute(WAIT)
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()

    def hold(self, table: str, change: str, condition: str) -> int:
        """Hold the next `change` (INSERT or UPDATE) of a row like that; returns its number."""
        self._count += 1
        number = self._count
        self._server.execute("SELECT pg_advisory_lock(%s)", [number])
        self._server.execute(
            f"CREATE TRIGGER held_write_{number} BEFORE {change} ON {table} FOR EACH ROW"
            f" WHEN ({condition}) EXECUTE FUNCTION wait_for_the_test({number})".encode()
        )
        return number

    def is_held(self, number: int) -> bool:
        found = self._server.execute(
            f"SELECT count(*) {WAITING} AND objid = %s".encode(), [number]
        ).fetchone()
        return found is not None and found[0] > 0

    def change(self, statement: str, ids: list[int]) -> None:
        """Change rows whose ids are among `ids`, for which the statement has a place."""
        self._server.execute(statement.encode(), [ids])

    def let_go(self) -> None:
        """What is held never happens, since its process is dead; from now on nothing is held."""
        self._server.execute(f"SELECT pg_terminate_backend(pid) {WAITING}".encode())
        self._server.execute("SELECT pg_advisory_unlock_all()")
