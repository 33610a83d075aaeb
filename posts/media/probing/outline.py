"""Walk over a file's outermost parts without reading what is in them.

FFmpeg plays what is there and does not mind that the end is missing, so this looks: each part
says how long it is, and a part that is longer than the rest of the file was cut.

Sources: ISO/IEC 14496-12, 4.2 (boxes); RFC 8794, 4 to 6, and RFC 9559, 5.1 (EBML, Matroska).
"""

import os
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from posts.media.signatures import HEAD_LENGTH, demuxer_for
from posts.media.unreadable import EmptyFile, NotPlayable, Truncated


class Outline(NamedTuple):
    size: int  # bytes
    demuxer: str  # FFmpeg's name of it
    container: str
    mime_type: str


def outline_of(file: BinaryIO) -> Outline:
    """Return what kind of file it is, and its size, when all of it is there.

    Raises EmptyFile, NotMedia, PhotoNotSupported, WrongContainer, Truncated, NotPlayable.
    """
    size = os.fstat(file.fileno()).st_size
    head = file.read(HEAD_LENGTH)
    if not head:
        raise EmptyFile
    demuxer = demuxer_for(head)
    if demuxer == "matroska":
        check_elements(file, size)
        if b"\x42\x82\x84webm" in head:  # element DocType, four bytes long
            return Outline(size, demuxer, "webm", "video/webm")
        return Outline(size, demuxer, "mkv", "video/x-matroska")
    check_boxes(file, size)
    brand = head[8:12] if head[4:8] == b"ftyp" else b"qt  "
    if brand == b"qt  ":
        return Outline(size, demuxer, "mov", "video/quicktime")
    if brand.startswith((b"3gp", b"3g2")):
        return Outline(size, demuxer, "3gp", "video/3gpp")
    return Outline(size, demuxer, "mp4", "video/mp4")


# ISO family: MP4, MOV, 3GP

NEEDED_WHOLE = {b"moov", b"mdat", b"moof"}  # a cut in another box harms nobody


def check_boxes(file: BinaryIO, size: int) -> None:
    """Raise Truncated when the index is missing or a box with data passes the end of the file."""
    has_index = False
    for kind, end in boxes(file, size):
        if kind in NEEDED_WHOLE and end > size:
            raise Truncated
        has_index = has_index or kind == b"moov"
    if not has_index:
        raise Truncated


def boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """Yield the type of each top-level box and the offset of its end."""
    start = 0
    while start < size:
        file.seek(start)
        header = file.read(16)
        if len(header) < 8:
            return
        length, kind = int.from_bytes(header[:4]), header[4:8]
        if length == 0:  # up to the end of the file
            end = size
        elif length == 1:  # the real length follows in 64 bits
            end = start + int.from_bytes(header[8:16])
        else:
            end = start + length
        if end < start + 8:
            return  # no box: some cameras leave zeros at the end
        yield kind, end
        start = end


# Matroska and WebM

SEGMENT = b"\x18\x53\x80\x67"
CLUSTER = b"\x1f\x43\xb6\x75"


def check_elements(file: BinaryIO, size: int) -> None:
    """Raise Truncated when an element passes the end of the file, or nothing follows the header.

    A recorder that does not know how long it will record leaves the lengths of segment and
    clusters open. Then the walk goes on inside, from block to block.
    """
    start = 0
    segment_began = False
    while start < size:
        file.seek(start)
        header = file.read(12)  # at most 4 bytes of type, 8 of length
        kind = header[: number_length(header)]
        number = header[len(kind) : len(kind) + number_length(header[len(kind) :])]
        inside = start + len(kind) + len(number)
        largest = (1 << 7 * len(number)) - 1
        length = int.from_bytes(number) & largest
        if length == largest:  # all ones: not known
            if kind not in (SEGMENT, CLUSTER):
                raise NotPlayable
            segment_began = True
            start = inside
        elif inside + length > size:
            raise Truncated
        elif kind == SEGMENT:
            return  # all of it is there; what comes after is not the video's
        else:
            start = inside + length
    if not segment_began:
        raise Truncated


def number_length(data: bytes) -> int:
    """Return how many bytes the EBML number at the start of `data` has: its leading zeros say."""
    if not data:
        raise Truncated
    if data[0] == 0:
        raise NotPlayable
    length = 9 - data[0].bit_length()
    if length > len(data):
        raise Truncated
    return length
