"""What a database needs before anything else runs on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from posts.media.leftovers import sweep_leftovers
from posts.models import Installation
from posts.patience import wait_for_database

LOCK = 7_046_029_254  # any number that nobody else takes, for PostgreSQL's advisory lock


class Command(BaseCommand):
    help = "Wait for the database, bring it up to date, and clear away leftovers. Safe to repeat."

    def handle(self, *, verbosity: int, **options: Any) -> None:
        wait_for_database()
        with one_at_a_time():
            executor = MigrationExecutor(connection)
            missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if missing:
                call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            Installation.claim_if_new()
        sweep_leftovers()
        if verbosity:
            done = f"{len(missing)} migrations applied" if missing else "up to date"
            self.stdout.write(f"Database: {done}.")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two machines that start at once migrate one after the other. SQLite is on one machine."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
