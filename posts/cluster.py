"""Django-Q's cluster as our child: a process group of its own, at the end of a lifeline."""

import gc
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from django.core.management import call_command
from django.db import connections

from posts.leases import clock
from posts.lifeline import Lifeline
from posts.platforms import platforms
from posts.stopping import STOP_SIGNALS

log = logging.getLogger(__name__)

HASTE = 2.0  # seconds for the workers of a broken cluster to hand over
LOOK_EVERY = 0.05  # seconds


class ClusterProcess:
    """Begins at once. `grace`, in seconds, is after how long it kills itself when we are gone.

    Forked and not started anew: it shares with us what both have loaded, which is most of the
    memory of either, until somebody writes to it, as the collector of garbage would. We have no
    threads, and close our connections first.
    """

    def __init__(self, queue: str, *, grace: float) -> None:
        self._lifeline = Lifeline()
        platforms()  # what every worker needs is loaded once, here
        import_module("posts.tasks")
        import_module("django_q.cluster")
        connections.close_all()
        gc.collect()
        gc.freeze()
        self.pid = os.fork()
        if self.pid == 0:
            self._become_cluster(queue, grace)

    def _become_cluster(self, queue: str, grace: float) -> NoReturn:
        """In the child. Nothing of the parent's stack may go on in here, whatever happens."""
        code = 1
        try:
            os.setsid()  # a signal to our parent, or a Ctrl-C, is not for the workers
            for number in STOP_SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            self._lifeline.hold_on()
            reader = self._lifeline.reader
            call_command("cluster", f"--queue={queue}", f"--lifeline={reader}", f"--grace={grace}")
            code = 0
        except BaseException:  # there is nobody above who could be told
            log.exception("the cluster has failed")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

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
        os.waitpid(self.pid, 0)


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
