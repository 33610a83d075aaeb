"""Photos of many kinds, drawn for a test."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

KINDS = ["JPEG", "PNG", "WEBP", "HEIF", "AVIF"]
RED, BLUE = (220, 30, 30), (30, 30, 220)


def two_halves(width: int, height: int) -> Image.Image:
    """Red above, blue below: shows which side is up."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (0, height // 2, width, height))
    return image


def saved(image: Image.Image, kind: str = "JPEG", **wishes: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **wishes)
    return file.getvalue()


def exif(*, orientation: int = 1) -> bytes:
    """What a phone writes: how it was held, what it is, and where it was."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F] = "Phones of Alice"
    notes[0x8298] = "Alice Example"
    notes.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)})
    return notes.tobytes()


def wide_profile() -> bytes:
    """A display profile with the primaries of Display P3 (SMPTE EG 432-1), as phones have it.

    Built by hand, since neither Pillow nor this project ships one: ICC.1:2010, 7.2, 10.12, 10.31.
    """

    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(*values: float) -> bytes:
        return b"XYZ " + bytes(4) + b"".join(map(fixed, values))

    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + b"Wide\0" + bytes(78),
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.5151, 0.2412, -0.0011),
        b"gXYZ": xyz(0.2919, 0.6922, 0.0419),
        b"bXYZ": xyz(0.1572, 0.0666, 0.7841),
    }
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    start, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size = start + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += b"".join(map(fixed, (0.9642, 1.0, 0.8249)))
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that promises so many pixels."""
    small = saved(Image.new("1", (8, 8)), "PNG")
    header = b"IHDR" + struct.pack(">II", width, height) + small[24:29]
    return small[:12] + header + struct.pack(">I", zlib.crc32(header)) + small[33:]


def looked_at(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
        return image


def near(pixel: Any, colour: tuple[int, int, int], *, by: int = 12) -> bool:
    return all(abs(got - wanted) <= by for got, wanted in zip(pixel, colour, strict=True))


def with_more_scans(photo: bytes, count: int) -> bytes:
    """A progressive JPEG whose last scan comes `count` times more: a decoder does them all."""
    end = photo.rindex(b"\xff\xd9")
    last = photo[photo.rindex(b"\xff\xda") : end]
    return photo[:end] + last * count + photo[end:]
