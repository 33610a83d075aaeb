"""Loaded by every Python process that is started with this folder on PYTHONPATH: a profiler.

A thread looks at all others a hundred times a second, asks the kernel how much processor time
each has used since the last look, and books it on the line where the thread is now. Waiting
costs nothing, so what is left is where the processor's time goes. Each process writes what it
has found to a file of its own in BENCH_PROFILE, again and again, since it may be killed.
"""

import json
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path

EVERY = 0.01  # seconds
WRITE_EVERY = 1.0  # seconds
DEEPEST = 60  # frames


def stack(thread: int) -> str:
    frame = sys._current_frames().get(thread)
    lines: list[str] = []
    while frame is not None and len(lines) < DEEPEST:
        lines.append(f"{frame.f_code.co_filename}:{frame.f_code.co_qualname}")
        frame = frame.f_back
    return ";".join(reversed(lines))


def sample(found: Counter[str], used: dict[int, float]) -> None:
    for thread in threading.enumerate():
        number = thread.ident
        if number is None or thread is threading.current_thread():
            continue
        try:
            now = time.clock_gettime(time.pthread_getcpuclockid(number))
        except OSError:
            continue  # it has just ended
        spent = now - used.get(number, now)
        used[number] = now
        if spent > 0:
            found[stack(number)] += round(spent * 1e6)


def watch() -> None:
    file = Path(os.environ["BENCH_PROFILE"]) / f"{os.getpid()}.json"
    found: Counter[str] = Counter()
    used: dict[int, float] = {}
    wrote_at = time.monotonic()
    while True:
        time.sleep(EVERY)
        sample(found, used)
        if time.monotonic() > wrote_at + WRITE_EVERY:
            file.write_text(json.dumps({"command": sys.argv[:2], "microseconds": found}))
            wrote_at = time.monotonic()


def begin() -> None:
    # It sees the others only where they let it run: if that were where they wait, what is called
    # there would be blamed for all that came before.
    sys.setswitchinterval(0.0002)
    threading.Thread(target=watch, name="profiler", daemon=True).start()


if "BENCH_PROFILE" in os.environ:
    begin()
    os.register_at_fork(after_in_child=begin)
