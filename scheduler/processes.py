"""Run the processes of the Procfile together on this machine, until one ends or Ctrl-C."""

import os
import select
import signal
import sys
import threading
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from types import FrameType

from django.conf import settings
from honcho.environ import parse_procfile
from honcho.manager import SIGNALS, Manager
from honcho.printer import Printer


class Output:
    """Standard output, as long as somebody reads it: a closed terminal is no reason to crash."""

    def write(self, text: str) -> None:
        with suppress(OSError):
            sys.stdout.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stdout.flush()

    def isatty(self) -> bool:
        return sys.stdout.isatty()


def run_processes(*, without: Collection[str] = ()) -> int:
    """Returns 0 after Ctrl-C, else the code with which the first process has ended."""
    manager = Manager(Printer(Output()))
    binaries = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": os.pathsep.join([binaries, os.environ.get("PATH", "")]),
        "PYTHONUNBUFFERED": "1",
    }
    procfile = parse_procfile((settings.BASE_DIR / "Procfile").read_text())
    for name, command in procfile.processes.items():
        if name not in without:
            manager.add_process(name, command, env=environment, cwd=str(settings.BASE_DIR))
    stop_when_terminal_closes()
    manager.loop()
    stopped_by_hand = manager.returncode in {reason["rc"] for reason in SIGNALS.values()}
    return 0 if stopped_by_hand else manager.returncode


def stop_when_terminal_closes() -> None:
    """As Ctrl-C does. The signal for it does not reach us when `make` leads the session."""
    main = os.getpid()

    def stop(*_: int | FrameType | None) -> None:
        if os.getpid() == main:  # else a child of honcho's, which ends when its process does
            os.kill(main, signal.SIGTERM)

    def watch() -> None:
        closed = select.poll()
        closed.register(sys.stdout.fileno(), 0)  # for nothing but its end
        closed.poll()
        stop()

    signal.signal(signal.SIGHUP, stop)
    threading.Thread(target=watch, name="terminal", daemon=True).start()
