"""Run the processes of the Procfile together on this machine, until one ends or Ctrl-C."""

import os
import signal
import sys
from collections.abc import Collection
from pathlib import Path
from types import FrameType

from django.conf import settings
from honcho.environ import parse_procfile
from honcho.manager import SIGNALS, Manager


def run_processes(*, without: Collection[str] = ()) -> int:
    """Returns 0 after Ctrl-C, else the code with which the first process has ended."""
    manager = Manager()
    binaries = str(Path(sys.executable).parent)
    environment = os.environ | {
        "PATH": os.pathsep.join([binaries, os.environ.get("PATH", "")]),
        "PYTHONUNBUFFERED": "1",
    }
    procfile = parse_procfile((settings.BASE_DIR / "Procfile").read_text())
    for name, command in procfile.processes.items():
        if name not in without:
            manager.add_process(name, command, env=environment, cwd=str(settings.BASE_DIR))
    _stop_when_terminal_closes()
    manager.loop()
    stopped_by_hand = manager.returncode in {reason["rc"] for reason in SIGNALS.values()}
    return 0 if stopped_by_hand else manager.returncode


def _stop_when_terminal_closes() -> None:
    """As Ctrl-C does. What would be printed from then on has nowhere to go."""
    main = os.getpid()

    def hang_up(number: int, frame: FrameType | None) -> None:
        if os.getpid() != main:
            return  # a child of honcho's, which ends when its process does
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.dup2(nowhere, sys.stderr.fileno())
        os.kill(main, signal.SIGTERM)

    signal.signal(signal.SIGHUP, hang_up)
