"""What the probe says of a file that it can not use, and what it leaves running."""

from pathlib import Path

import pytest

from posts.media.facts import VideoFacts
from posts.media.probe import MEMORY, SECONDS, probe
from posts.media.unreadable import Unreadable


def children() -> set[int]:
    """The process ids of whatever this process has started and not seen end."""
    lists = Path("/proc/self/task").glob("*/children")
    return {int(number) for path in lists for number in path.read_text().split()}


def refusal(path: Path, *, seconds: float = SECONDS, memory: int = MEMORY) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        probe(path, seconds=seconds, memory=memory)
    return caught.value


def video_facts(path: Path, *, memory: int = MEMORY) -> VideoFacts:
    """What the probe says of a video."""
    facts = probe(path, memory=memory)
    assert isinstance(facts, VideoFacts)
    return facts
