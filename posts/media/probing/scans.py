"""How often a decoder has to go over a JPEG's picture: each of its scans refines all of it.

Programs write about ten; a small file can hold thousands, and each costs as much as a photo.
Source: ITU-T T.81, annex B (markers), G.1.1 (progressive scans).
"""

import mmap
import re
from pathlib import Path

from posts.media.unreadable import PhotoTooInvolved

MOST_SCANS = 64

START, END, SCAN = 0xD8, 0xD9, 0xDA
ALONE = {0x01, START, *range(0xD0, 0xD8)}  # no length follows these
# In the data of a scan 0xFF stands before 0x00 or a restart marker; anything else ends the data.
_AFTER_DATA = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")


def check_scans(path: Path) -> None:
    """Raise PhotoTooInvolved for a JPEG of more than MOST_SCANS scans. Others are not looked at."""
    with path.open("rb") as file:
        if file.read(3) != b"\xff\xd8\xff":
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            scans = count_scans(data)
    if scans > MOST_SCANS:
        raise PhotoTooInvolved(f"{scans:,} scans")


def count_scans(data: bytes | mmap.mmap) -> int:
    """How many there are before the picture ends, or where it makes no sense any more."""
    at, scans = 0, 0
    while match := _AFTER_DATA.search(data, at):
        marker, at = match[1][0], match.end()
        if marker == END:
            break
        if marker in ALONE:
            continue
        scans += marker == SCAN
        length = int.from_bytes(data[at : at + 2])
        at += max(length, 2)
    return scans
