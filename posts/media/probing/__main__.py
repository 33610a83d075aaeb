"""What the child runs: limit itself, examine one file, answer in one line of JSON.

Arguments: the file, where to write the poster and a photo's JPEG (or empty), seconds, bytes of
address space.
"""

import json
import math
import os
import resource
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from posts.media.unreadable import TooMuchMemory, Unreadable

FILE_LIMIT = 20_000_000  # bytes that a file written here may have; a photo has a few of them


def limit_myself(*, seconds: float, memory: int) -> None:
    """Bound what a hostile file can take. The parent keeps time too, but it may be killed."""
    cpu = math.ceil(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, FILE_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    signal.alarm(4 * cpu)  # ends it also when it waits, and the parent has gone before its time
    os.nice(5)  # publishing goes first


def main(path: str, poster_path: str, photo_path: str, seconds: str, memory: str) -> None:
    limit_myself(seconds=float(seconds), memory=int(memory))
    # Only now, so that whatever it loads is under the limits as well.
    from posts.media.probing.examining import examine  # noqa: PLC0415

    answer: dict[str, object]
    try:
        facts = examine(
            Path(path),
            poster_path=Path(poster_path) if poster_path else None,
            photo_path=Path(photo_path) if photo_path else None,
        )
        answer = {"facts": asdict(facts)}
    except Unreadable as error:
        answer = {"refused": error.code, "found": error.found}
    except MemoryError:
        answer = {"refused": TooMuchMemory.code, "found": ""}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
