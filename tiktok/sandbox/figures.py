"""What the readers of containers hand back."""

from dataclasses import dataclass


class Unreadable(Exception):
    """The file begins like a video, and then makes no sense."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a container says of its video track. None: it does not say."""

    codec: str  # as the container spells it; empty: there is no video track
    width: int = 0
    height: int = 0
    duration: float | None = None  # seconds
    frame_rate: float | None = None  # per second
