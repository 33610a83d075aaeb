"""Avatars and covers, drawn by ourselves as PNG: clients copy them and want a real picture."""

import hashlib
import sqlite3
import struct
import zlib

AVATAR_SECONDS = 2 * 3600  # creator_avatar_url is dead after that (Protocol 4)
COVER_SECONDS = 6 * 3600  # cover_image_url is dead after that (Protocol 12.4)
AVATAR_SIZES = (100, 720)
COVER_SIZE = (180, 320)
CELLS = 5

Colour = tuple[int, int, int]


def avatar_address(base_url: str, creator: sqlite3.Row, now: float, size: int = 720) -> str:
    expires = int(now + AVATAR_SECONDS)
    return f"{base_url}/avatars/{creator['handle']}.png?size={size}&x-expires={expires}"


def cover_address(base_url: str, video: sqlite3.Row, now: float) -> str:
    return f"{base_url}/covers/{video['id']}.png?x-expires={int(now + COVER_SECONDS)}"


def avatar_png(handle: str, size: int) -> bytes:
    """A mirrored pattern in a colour of its own: the same handle, the same picture."""
    digest = hashlib.sha256(handle.encode()).digest()
    palette = [(238, 240, 244), _colour(digest[0])]
    half = (CELLS + 1) // 2
    edge = size // (CELLS + 2)
    rows = []
    for y in range(size):
        row = bytearray(size)
        line = y // edge - 1
        if 0 <= line < CELLS:
            for column in range(CELLS):
                mirrored = min(column, CELLS - 1 - column)
                if digest[1 + line * half + mirrored] & 1:
                    start = (column + 1) * edge
                    row[start : start + edge] = b"\x01" * edge
        rows.append(bytes(row))
    return _png(size, rows, palette)


def cover_png(video_id: int) -> bytes:
    """Two colours that run into each other from top to bottom."""
    digest = hashlib.sha256(str(video_id).encode()).digest()
    width, height = COVER_SIZE
    top, bottom = _colour(digest[0]), _colour(digest[1])
    palette = [
        (_mix(top[0], bottom[0], i), _mix(top[1], bottom[1], i), _mix(top[2], bottom[2], i))
        for i in range(256)
    ]
    rows = [bytes([y * 255 // (height - 1)]) * width for y in range(height)]
    return _png(width, rows, palette)


def _mix(start: int, end: int, step: int) -> int:
    return start + (end - start) * step // 255


def _colour(seed: int) -> Colour:
    """One of 256 hues, all equally strong."""
    sector, rest = divmod(seed * 6, 256)
    low, high = 70, 190
    rising = low + (high - low) * rest // 256
    falling = high - (high - low) * rest // 256
    hues: tuple[Colour, ...] = (
        (high, rising, low),
        (falling, high, low),
        (low, high, rising),
        (low, falling, high),
        (rising, low, high),
        (high, low, falling),
    )
    return hues[sector]


def _png(width: int, rows: list[bytes], palette: list[Colour]) -> bytes:
    """A PNG with one byte per pixel, which is an index into the palette."""
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 3, 0, 0, 0)
    pixels = b"".join(b"\x00" + row for row in rows)
    colours = b"".join(bytes(colour) for colour in palette)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"PLTE", colours)
        + _chunk(b"IDAT", zlib.compress(pixels))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
