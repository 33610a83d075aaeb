"""Find out what a video file is, without trusting it.

FFmpeg is a million lines that read what strangers send. So it runs in a child process of its own,
with limits of time, memory and file size, without our environment and its secrets, and is killed
when it does not come to an end. Nothing here imports Django.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from posts.media.facts import VideoFacts
from posts.media.unreadable import (
    UNREADABLE_BY_CODE,
    NotPlayable,
    TookTooLong,
    TooMuchMemory,
    Unreadable,
)

SECONDS = 20
MEMORY = 1_500_000_000  # bytes of address space; a 4K frame has 12 MB, a decoder keeps up to 16

PROJECT = Path(__file__).resolve().parents[2]

KILLED_BY: dict[int, type[Unreadable]] = {
    signal.SIGXCPU: TookTooLong,
    signal.SIGALRM: TookTooLong,
    signal.SIGKILL: TooMuchMemory,  # not by us: the system ran out of it
}


class ProbeBroken(Exception):
    """The child failed in a way that is our fault, not the file's. Carries its traceback."""


def probe(path: Path, *, seconds: float = SECONDS, memory: int = MEMORY) -> VideoFacts:
    """Return the facts of the video at `path`, or raise Unreadable with a sentence for people.

    The first frames are decoded too: a file that passes can be played. Blocks for at most
    `seconds`; `memory` is in bytes of address space. Raises OSError when there is no such file.
    """
    return _ask_child(path, None, seconds=seconds, memory=memory)


def examine(
    path: Path, *, poster_path: Path, seconds: float = SECONDS, memory: int = MEMORY
) -> VideoFacts:
    """Like `probe`, and write a JPEG of a frame near one second to `poster_path`.

    The poster is upright and at most 540 pixels wide. Nothing is left at `poster_path` when the
    file is refused.
    """
    try:
        return _ask_child(path, poster_path, seconds=seconds, memory=memory)
    except BaseException:
        poster_path.unlink(missing_ok=True)
        raise


def _ask_child(path: Path, poster_path: Path | None, *, seconds: float, memory: int) -> VideoFacts:
    path.stat()  # a missing file is the caller's mistake and not the video's
    command = [sys.executable, "-E", "-s", "-m", "posts.media.probing"]
    command += [str(path.absolute()), str(poster_path.absolute()) if poster_path else ""]
    command += [str(seconds), str(memory)]
    with subprocess.Popen(  # noqa: S603 - our own program; the paths are ours too
        command,
        cwd=PROJECT,
        env=_bare_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=0,
    ) as child:
        try:
            answer, complaints = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TookTooLong from None
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
    if child.returncode > 0:
        raise ProbeBroken(complaints.decode(errors="replace"))
    if child.returncode < 0:
        raise KILLED_BY.get(-child.returncode, NotPlayable)  # else FFmpeg crashed on it
    outcome = json.loads(answer)
    if "refused" in outcome:
        raise UNREADABLE_BY_CODE[outcome["refused"]](outcome["found"])
    return VideoFacts(**outcome["facts"])


def _bare_environment() -> dict[str, str]:
    """Return what a child needs to start, and none of our secrets."""
    bare = {"LC_ALL": "C.UTF-8"}
    if "LD_LIBRARY_PATH" in os.environ:  # some Pythons find their own library by it
        bare["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    return bare
