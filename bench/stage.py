"""Where figures are measured: one PostgreSQL for all, and a folder for each house."""

from itertools import count
from pathlib import Path

from bench.house import House
from bench.postgres import Postgres


class Stage:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = Postgres(folder)
        self._numbers = count(1)

    def house(self, *, tiktok: str = "sandbox", **settings: str) -> House:
        folder = self.folder / f"house-{next(self._numbers)}"
        return House(self.postgres, folder, tiktok=tiktok, **settings)

    def stop(self) -> None:
        self.postgres.stop()
