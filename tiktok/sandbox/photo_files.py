"""What a fetched photo really is, as far as plain Python can see (Protocol 9)."""

import struct
from pathlib import Path

SHORT_SIDE, LONG_SIDE = 1_080, 1_920  # pixels: what gets through (Protocol 9)
# Markers of a JPEG's frames, which hold its size; the others in this range are no frames.
FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length


class NoPhoto(Exception):
    """Neither JPEG nor WebP."""


def pixels(path: Path) -> tuple[int, int]:
    """Width and height, as stored. Raises NoPhoto."""
    data = path.read_bytes()
    try:
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (IndexError, struct.error) as error:
        raise NoPhoto from error
    raise NoPhoto


def failure(width: int, height: int) -> str | None:
    """The fail_reason of a photo of this size, or None."""
    fits = min(width, height) <= SHORT_SIDE and max(width, height) <= LONG_SIDE
    return None if fits else "picture_size_check_failed"


def _jpeg(data: bytes) -> tuple[int, int]:
    place = 2
    while data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in ALONE:
            place += 2
        elif marker in FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        else:
            place += 2 + struct.unpack_from(">H", data, place + 2)[0]
    raise NoPhoto


def _webp(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        return width, height
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise NoPhoto
