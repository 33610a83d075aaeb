"""Reading an MP4 or MOV: a tree of boxes, each a length, four letters and a content.

Source: ISO/IEC 14496-12 (boxes moov, mvhd, trak, mdhd, hdlr, stsd, stts). Only heads are read,
so a file of gigabytes costs a few kilobytes.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tiktok.sandbox.figures import Figures, Unreadable

MOST_BOXES = 10_000
MOST_STTS_ENTRIES = 1_000_000


@dataclass(frozen=True, slots=True)
class Box:
    kind: bytes
    first: int  # of its content
    end: int


def figures(file: BinaryIO, size: int) -> Figures:
    """Return what the first video track says. Raises Unreadable, also without a moov box."""
    moov = _child(file, Box(b"", 0, size), b"moov")
    for trak in _children(file, moov):
        if trak.kind != b"trak":
            continue
        mdia = _child(file, trak, b"mdia")
        if _bytes(file, _child(file, mdia, b"hdlr"), 8, 4) == b"vide":
            return _video_track(file, mdia)
    return Figures(codec="")


def _video_track(file: BinaryIO, mdia: Box) -> Figures:
    seconds = _duration(file, _child(file, mdia, b"mdhd"))
    table = _child(file, _child(file, mdia, b"minf"), b"stbl")
    # A full box has 4 bytes of version and flags; stsd then 4 of a count, then its entries,
    # whose codec letters stand at 4 and whose width and height at 32 of the entry.
    entry = _bytes(file, _child(file, table, b"stsd"), 8, 36)
    width, height = struct.unpack(">HH", entry[32:36])
    samples = _sample_count(file, _child(file, table, b"stts"))
    # Fragments keep their samples elsewhere: then neither figure is known.
    known = seconds if samples and seconds else None
    return Figures(
        codec=entry[4:8].decode("latin-1"),
        width=width,
        height=height,
        duration=known,
        frame_rate=samples / known if known and samples > 1 else None,
    )


def _duration(file: BinaryIO, mdhd: Box) -> float:
    if _bytes(file, mdhd, 0, 1) == b"\x01":
        timescale, duration = struct.unpack(">IQ", _bytes(file, mdhd, 20, 12))
    else:
        timescale, duration = struct.unpack(">II", _bytes(file, mdhd, 12, 8))
    return duration / timescale if timescale else 0.0


def _sample_count(file: BinaryIO, stts: Box) -> int:
    (entries,) = struct.unpack(">I", _bytes(file, stts, 4, 4))
    if entries > MOST_STTS_ENTRIES:
        raise Unreadable
    runs = struct.iter_unpack(">II", _bytes(file, stts, 8, 8 * entries))
    return sum(count for count, _ in runs)


def _children(file: BinaryIO, parent: Box) -> Iterator[Box]:
    place = parent.first
    for _ in range(MOST_BOXES):
        if place + 8 > parent.end:
            return
        file.seek(place)
        length, kind = struct.unpack(">I4s", _exactly(file, 8))
        head = 8
        if length == 1:
            head = 16
            (length,) = struct.unpack(">Q", _exactly(file, 8))
        elif length == 0:
            length = parent.end - place
        if length < head or place + length > parent.end:
            raise Unreadable
        yield Box(kind, place + head, place + length)
        place += length


def _child(file: BinaryIO, parent: Box, kind: bytes) -> Box:
    for box in _children(file, parent):
        if box.kind == kind:
            return box
    raise Unreadable


def _bytes(file: BinaryIO, box: Box, offset: int, count: int) -> bytes:
    if box.first + offset + count > box.end:
        raise Unreadable
    file.seek(box.first + offset)
    return _exactly(file, count)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise Unreadable
    return data
