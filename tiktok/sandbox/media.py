"""What an uploaded file really is, as far as plain Python can see (Protocol 9)."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tiktok.sandbox import mp4, webm
from tiktok.sandbox.figures import Figures, Unreadable

EBML = b"\x1a\x45\xdf\xa3"
CODECS = ("avc1", "avc3", "hvc1", "hev1", "vp08", "vp09", "V_VP8", "V_VP9", "V_MPEGH/ISO/HEVC")
FRAME_RATES = (23, 60)
PIXELS = (360, 4096)


@dataclass(frozen=True, slots=True)
class Finding:
    container: str | None  # mp4, mov, webm; None: neither
    figures: Figures | None = None
    failure: str | None = None  # a fail_reason (Protocol 10.1)


def examine(path: Path, *, longest: int, require_readable: bool) -> Finding:
    """Look at a whole uploaded file. `longest`: seconds that this creator may post."""
    with path.open("rb") as file:
        container = container_of(file)
        if container is None:
            return Finding(None, failure="file_format_check_failed")
        try:
            read = webm.figures if container == "webm" else mp4.figures
            figures = read(file, path.stat().st_size)
        except Unreadable:
            failure = "file_format_check_failed" if require_readable else None
            return Finding(container, failure=failure)
    return Finding(container, figures, _failure(figures, longest))


def container_of(file: BinaryIO) -> str | None:
    head = file.read(12)
    if head.startswith(EBML):
        return "webm"
    if head[4:8] == b"ftyp":
        return "mov" if head[8:12] == b"qt  " else "mp4"
    return None


def _failure(figures: Figures, longest: int) -> str | None:
    if figures.codec not in CODECS:
        return "file_format_check_failed"
    if figures.duration is not None and figures.duration > longest:
        return "duration_check_failed"
    least, most = FRAME_RATES
    # One decimal: clocks of 90,000 ticks can not divide every rate evenly.
    if figures.frame_rate is not None and not least <= round(figures.frame_rate, 1) <= most:
        return "frame_rate_check_failed"
    smallest, largest = PIXELS
    if not all(smallest <= side <= largest for side in (figures.width, figures.height)):
        return "picture_size_check_failed"
    return None


def content_type(upload: sqlite3.Row) -> str:
    return "video/webm" if upload["container"] == "webm" else "video/mp4"
