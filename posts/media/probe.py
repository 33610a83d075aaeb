"""Find out what an uploaded file is, without trusting it, and make of a photo the one to post.

FFmpeg and the decoders of pictures are a million lines that read what strangers send. So they run
in a child process of its own, with limits of time, memory and file size, without our environment
and its secrets, which is killed when it does not come to an end. Nothing here imports Django.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from posts.media.facts import Facts, PhotoFacts, VideoFacts
from posts.media.unreadable import (
    UNREADABLE_BY_CODE,
    CrashedOnIt,
    TookTooLong,
    TooMuchMemory,
    Unreadable,
)

SECONDS = 20  # of a processor's time
PATIENCE = 3  # times as long by the clock: a machine with much to do is no fault of the file
MEMORY = 1_500_000_000  # bytes of address space; a 4K frame has 12 MB, a decoder keeps up to 16

PROJECT = Path(__file__).resolve().parents[2]

KILLED_BY: dict[int, type[Unreadable]] = {
    signal.SIGXCPU: TookTooLong,
    signal.SIGALRM: TookTooLong,
    signal.SIGKILL: TooMuchMemory,  # not by us: the system ran out of it
}


class ProbeBroken(Exception):
    """The child failed in a way that is our fault, not the file's. Carries its traceback."""


def probe(path: Path, *, seconds: float = SECONDS, memory: int = MEMORY) -> Facts:
    """Return the facts of the video or photo at `path`, or raise Unreadable with a sentence.

    The first frames are decoded too: a file that passes can be played. Takes at most `seconds`
    of a processor, and PATIENCE times that by the clock; `memory` is in bytes of address space.
    Raises OSError when there is no such file.
    """
    return _ask_child(path, None, None, seconds=seconds, memory=memory)


def examine(
    path: Path,
    *,
    poster_path: Path,
    photo_path: Path | None = None,
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Facts:
    """Like `probe`, and write a small JPEG to `poster_path`: a frame near one second, or the photo.

    The poster is upright and at most 540 pixels wide. The JPEG that is to be posted in place of
    a photo goes to `photo_path`. Nothing is left at either when the file is refused.
    """
    try:
        return _ask_child(path, poster_path, photo_path, seconds=seconds, memory=memory)
    except BaseException:
        for made in filter(None, (poster_path, photo_path)):
            made.unlink(missing_ok=True)
        raise


def _ask_child(
    path: Path, poster_path: Path | None, photo_path: Path | None, *, seconds: float, memory: int
) -> Facts:
    path.stat()  # a missing file is the caller's mistake and not the video's
    command = [sys.executable, "-E", "-s", "-m", "posts.media.probing"]
    command += [str(each.absolute()) if each else "" for each in (path, poster_path, photo_path)]
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
            answer, complaints = child.communicate(timeout=seconds * PATIENCE)
        except subprocess.TimeoutExpired:
            raise TookTooLong from None
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
    if child.returncode > 0:
        raise ProbeBroken(complaints.decode(errors="replace"))
    if child.returncode < 0:
        raise KILLED_BY.get(-child.returncode, CrashedOnIt)
    outcome = json.loads(answer)
    if "refused" in outcome:
        raise UNREADABLE_BY_CODE[outcome["refused"]](outcome["found"])
    facts = outcome["facts"]
    return PhotoFacts(**facts) if facts["kind"] == "photo" else VideoFacts(**facts)


def _bare_environment() -> dict[str, str]:
    """Return what a child needs to start, and none of our secrets."""
    bare = {"LC_ALL": "C.UTF-8"}
    if "LD_LIBRARY_PATH" in os.environ:  # some Pythons find their own library by it
        bare["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    return bare
