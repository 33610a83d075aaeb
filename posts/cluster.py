"""Django-Q's cluster as our child: a process group of its own, at the end of a lifeline."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from posts.leases import clock
from posts.lifeline import Lifeline

HASTE = 2.0  # seconds for the workers of a broken cluster to hand over
LOOK_EVERY = 0.05  # seconds


class ClusterProcess:
    """Begins at once. `grace`, in seconds, is after how long it kills itself when we are gone."""

    def __init__(self, queue: str, *, grace: float) -> None:
        self._lifeline = Lifeline()
        self._process = subprocess.Popen(  # noqa: S603  # our own command
            [
                sys.executable,
                str(settings.BASE_DIR / "manage.py"),
                "cluster",
                f"--queue={queue}",
                f"--lifeline={self._lifeline.reader}",
                f"--grace={grace}",
            ],
            pass_fds=[self._lifeline.reader],
            start_new_session=True,  # a signal to us, or a Ctrl-C, is not for the workers
        )
        self.pid = self._process.pid

    @property
    def has_ended(self) -> bool:
        # Not reaped here: until then its number means this group and no other.
        ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return ended is not None

    def stop(self, *, grace: float) -> None:
        """Let the workers hand over and end, for up to `grace` seconds."""
        self._lifeline.cut()
        last_moment = clock() + grace
        while not self.has_ended and clock() < last_moment:
            time.sleep(LOOK_EVERY)
        self._kill()

    def abandon(self) -> None:
        """It is broken and will not end by itself; its workers may still hand over."""
        self._lifeline.cut()
        time.sleep(HASTE)
        self._kill()

    def _kill(self) -> None:
        kill_session(self.pid)
        self._process.wait()


def kill_session(leader: int) -> None:
    """Kill the group of `leader`, and groups that were begun in its session: probes of files.

    Call it before the leader is reaped, so that its number can not mean anybody else.
    """
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    for stat in Path("/proc").glob("[0-9]*/stat"):  # there is none but on Linux
        with suppress(OSError):
            # After the name, which may hold anything: state, parent, group, session.
            session = stat.read_text().rpartition(")")[2].split()[3]
            if int(session) == leader:
                os.kill(int(stat.parent.name), signal.SIGKILL)
