"""How gunicorn serves the web process: gunicorn -c scheduler/gunicorn_conf.py scheduler.wsgi"""

import gc
import logging
import os
import socket
import struct
import sys
from typing import Any

# A pool is for this process alone, and settings are read once, by the line that follows.
os.environ.setdefault("DATABASE_POOL", "on")

from scheduler import settings
from scheduler.logs import SecretFilter

bind = [f"{settings.BIND_HOST}:{settings.PORT}"]
workers = settings.WEB_PROCESSES
# Threads: each page takes one for milliseconds, each upload or download one as long as it takes.
worker_class = "gthread"
threads = settings.WEB_THREADS
# A worker that gives no sign of life for so long is killed. Its threads do not count: an upload of
# 4 GB may take hours.
timeout = 60  # seconds
graceful_timeout = 2 if settings.DEVELOPMENT else 25  # seconds for requests under way, at the end
keepalive = 2 if settings.DEVELOPMENT else 75  # seconds; longer than a proxy keeps it in vain
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
control_socket_disable = True
preload_app = True  # once, before the fork: what is loaded is shared until somebody writes to it
# Nobody in front of us mounts us elsewhere. gunicorn would take SCRIPT_NAME from a proxy on this
# machine, and with it from anybody whose headers that proxy hands on.
forwarder_headers = ""
STALLED_SECONDS = 30
accesslog = None
loglevel = "warning"


def when_ready(server: Any) -> None:
    """Called by gunicorn when its sockets are open: each connection takes their limits over.

    A browser whose player is paused takes no more bytes, and a phone that is gone sends none.
    Each would hold its thread for ever, and as many of them as there are threads the whole site.
    """
    limit = struct.pack("ll", STALLED_SECONDS, 0)  # seconds and microseconds without a byte
    for listener in server.LISTENERS:
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, limit)
    log = logging.getLogger("gunicorn.error")
    log.addFilter(_is_news)
    log.addFilter(SecretFilter())


def _is_news(record: logging.LogRecord) -> bool:
    """A connection that stalled is nobody's mistake."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))


def pre_fork(server: Any, worker: Any) -> None:
    """Called by gunicorn before each fork: looking for garbage would copy what is shared."""
    gc.collect()
    gc.freeze()


def post_worker_init(worker: Any) -> None:
    """Called by gunicorn when a process can answer."""
    if settings.DEVELOPMENT:
        sys.stdout.write(f"Ready: {settings.SITE_URL}\n")
