"""`python -m bench` measures everything, `python -m bench idle claims` what is named."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.figures import claims, lateness, memory, profile, recovery, uploads
from bench.stage import Stage
from bench.table import Row, as_text

FIGURES: dict[str, Callable[[Stage], Iterator[Row]]] = {
    "idle": lateness.idle,
    "burst50": lateness.burst_of_50,
    "burst500": lateness.burst_of_500,
    "burst1000": lateness.burst_of_1000,
    "profile": profile.of_a_burst,
    "line": uploads.on_a_line,
    "unlimited": uploads.without_limit,
    "upload-memory": uploads.memory_while_uploading,
    "memory": memory.idle,
    "claims": claims.among_a_million,
    "recovery": recovery.after_kill,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"of {', '.join(FIGURES)}; without: all")
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs")
    wanted = parser.parse_args()
    unknown = set(wanted.names) - set(FIGURES)
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(FIGURES)}")
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    rows: list[Row] = []
    stage = Stage(folder)
    try:
        for name in wanted.names or FIGURES:
            say(f"measuring {name} ...")
            for row in FIGURES[name](stage):
                say(f"  {row.what}: {row.measured}")
                rows.append(row)
    finally:
        stage.stop()
        if wanted.keep:
            say(f"the logs are in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(f"\n{as_text(rows)}\n")
    return 0 if all(row.reached is not False for row in rows) else 1


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
