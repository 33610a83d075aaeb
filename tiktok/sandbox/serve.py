"""Running the sandbox in the foreground until somebody ends it."""

import signal
from collections.abc import Callable
from pathlib import Path

from tiktok.sandbox.sandbox import Sandbox

ENDS = (signal.SIGTERM, signal.SIGINT)


def serve(
    port: int,
    state_folder: Path,
    *,
    say: Callable[[str], object],
    host: str = "127.0.0.1",
    allowed_hosts: frozenset[str] = frozenset(),
    webhook_url: str = "",
) -> None:
    """Serve until SIGTERM or SIGINT. Raises SandboxError when it can not start.

    `webhook_url`: where events go from now on; empty leaves that as it was.

    The signals are waited for, not handled: a handler runs in the main thread only when that
    happens to wake up, and the kernel may give the signal to any other.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
    try:
        with Sandbox(state_folder, port, host=host, allowed_hosts=allowed_hosts) as sandbox:
            if webhook_url:
                sandbox.change_settings(webhook_url=webhook_url)
            say(f"TikTok sandbox: {sandbox.url}/ (remembers in {state_folder})")
            signal.sigwait(ENDS)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
