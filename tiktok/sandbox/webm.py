"""Reading a WebM: a tree of elements, each an id, a length and a content.

Source: RFC 8794 (EBML) and RFC 9559 (Matroska). Only the elements before the pictures are read.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tiktok.sandbox.figures import Figures, Unreadable

EBML, DOC_TYPE = 0x1A45DFA3, 0x4282
SEGMENT, CLUSTER = 0x18538067, 0x1F43B675
INFO, TIMESTAMP_SCALE, DURATION = 0x1549A966, 0x2AD7B1, 0x4489
TRACKS, TRACK_ENTRY, TRACK_TYPE, CODEC_ID = 0x1654AE6B, 0xAE, 0x83, 0x86
DEFAULT_DURATION, VIDEO, WIDTH, HEIGHT = 0x23E383, 0xE0, 0xB0, 0xBA
VIDEO_TRACK = 1
NANOSECONDS = 10**9
MOST_ELEMENTS = 10_000
MOST_VALUE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Element:
    id: int
    first: int  # of its content
    end: int


def figures(file: BinaryIO, size: int) -> Figures:
    """Return what the first video track says. Raises Unreadable."""
    whole = Element(0, 0, size)
    head = _children_by_id(file, whole)
    doc_type = _children_by_id(file, _need(head, EBML)).get(DOC_TYPE)
    if doc_type is None or _value(file, doc_type).rstrip(b"\0") != b"webm":
        return Figures(codec="")  # Matroska, but not the kind that TikTok takes
    parts = _children_by_id(file, _need(head, SEGMENT))
    seconds = _duration(file, _need(parts, INFO))
    for track in _children(file, _need(parts, TRACKS)):
        entry = _children_by_id(file, track) if track.id == TRACK_ENTRY else {}
        if TRACK_TYPE in entry and _number(file, entry[TRACK_TYPE]) == VIDEO_TRACK:
            return _video_track(file, entry, seconds)
    return Figures(codec="")


def _video_track(file: BinaryIO, entry: dict[int, Element], seconds: float | None) -> Figures:
    video = _children_by_id(file, _need(entry, VIDEO))
    frame_ns = _number(file, entry[DEFAULT_DURATION]) if DEFAULT_DURATION in entry else 0
    return Figures(
        codec=_value(file, _need(entry, CODEC_ID)).decode("latin-1"),
        width=_number(file, _need(video, WIDTH)),
        height=_number(file, _need(video, HEIGHT)),
        duration=seconds,
        frame_rate=NANOSECONDS / frame_ns if frame_ns else None,
    )


def _duration(file: BinaryIO, info: Element) -> float | None:
    values = _children_by_id(file, info)
    if DURATION not in values:
        return None
    scale = _number(file, values[TIMESTAMP_SCALE]) if TIMESTAMP_SCALE in values else 1_000_000
    raw = _value(file, values[DURATION])
    if len(raw) not in (4, 8):
        raise Unreadable
    (ticks,) = struct.unpack(">f" if len(raw) == 4 else ">d", raw)
    seconds = float(ticks) * scale / NANOSECONDS
    return seconds if math.isfinite(seconds) else None


def _need(elements: dict[int, Element], wanted: int) -> Element:
    if wanted not in elements:
        raise Unreadable
    return elements[wanted]


def _children_by_id(file: BinaryIO, parent: Element) -> dict[int, Element]:
    found: dict[int, Element] = {}
    for child in _children(file, parent):
        found.setdefault(child.id, child)
    return found


def _children(file: BinaryIO, parent: Element) -> Iterator[Element]:
    """The children up to the first cluster of pictures, which may go on for gigabytes."""
    place = parent.first
    for _ in range(MOST_ELEMENTS):
        if place >= parent.end:
            return
        file.seek(place)
        element_id, id_length = _variable(file, keep_marker=True)
        length, length_length = _variable(file, keep_marker=False)
        first = place + id_length + length_length
        unknown = length == (1 << 7 * length_length) - 1  # a live recording did not know its end
        end = parent.end if unknown else first + length
        if element_id == CLUSTER:
            return
        if end > parent.end:
            raise Unreadable
        yield Element(element_id, first, end)
        place = end


def _variable(file: BinaryIO, *, keep_marker: bool) -> tuple[int, int]:
    """Read a number that says its own length by its leading zeros: (number, length)."""
    first = file.read(1)
    if not first or first == b"\0":
        raise Unreadable
    length = 9 - first[0].bit_length()
    rest = file.read(length - 1)
    if len(rest) != length - 1:
        raise Unreadable
    number = int.from_bytes(first + rest, "big")
    return (number if keep_marker else number - (1 << 7 * length)), length


def _value(file: BinaryIO, element: Element) -> bytes:
    count = element.end - element.first
    if count > MOST_VALUE_BYTES:
        raise Unreadable
    file.seek(element.first)
    data = file.read(count)
    if len(data) != count:
        raise Unreadable
    return data


def _number(file: BinaryIO, element: Element) -> int:
    return int.from_bytes(_value(file, element), "big")
