"""Make the files that people upload by mistake, and those that they upload on purpose."""

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import av
from av.stream import Disposition

NESTED = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and content of each box in `data`."""
    while data:
        length = int.from_bytes(data[:4])
        yield data[4:8], data[8:length]
        data = data[length:]


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def everything(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Like `boxes`, and then each box inside."""
    for kind, content in boxes(data):
        yield kind, content
        if kind in NESTED:
            yield from everything(content)


def with_boxes(data: bytes, replacements: dict[bytes, bytes]) -> bytes:
    """Return the same boxes, nested ones too, with some contents replaced."""
    return b"".join(
        box(
            kind,
            with_boxes(content, replacements)
            if kind in NESTED
            else replacements.get(kind, content),
        )
        for kind, content in boxes(data)
    )


def millions_of_samples(path: Path, ordinary: Path) -> None:
    """An MP4 of 900 bytes and much empty space whose index names 20 million frames."""
    count = 20_000_000
    parts = dict(boxes(ordinary.read_bytes()))
    index = with_boxes(
        parts[b"moov"],
        {
            b"stsz": struct.pack(">III", 0, 1, count),  # each has one byte
            b"stsc": struct.pack(">IIIII", 0, 1, 1, count, 1),  # all in one chunk
            b"stts": struct.pack(">IIII", 0, 1, count, 1),
            b"stco": struct.pack(">III", 0, 1, 2_000),  # which begins here
            b"stss": struct.pack(">III", 0, 1, 1),
        },
    )
    head = box(b"ftyp", parts[b"ftyp"]) + box(b"moov", index)
    with path.open("wb") as file:
        file.write(head + struct.pack(">I", 8 + 2 * count) + b"mdat")
        file.truncate(len(head) + 8 + 2 * count)


def giant_picture(path: Path, ordinary: Path) -> None:
    """A VP9 video whose frame header claims 16384 x 16000 pixels: 400 MB for each frame.

    Source: VP9 bitstream specification 6.2, uncompressed_header: after the sync code four bits of
    colour, then width and height less one in 16 bits each.
    """
    data = bytearray(ordinary.read_bytes())
    start = data.index(b"\x49\x83\x42") + 3
    bits = int.from_bytes(data[start : start + 5])
    bits = bits >> 36 << 36 | 16383 << 20 | 15999 << 4 | bits & 0b1111
    data[start : start + 5] = bits.to_bytes(5)
    path.write_bytes(data)


def damaged(path: Path, ordinary: Path) -> None:
    """An MP4 with its index, but with zeros where picture and sound should be."""
    data = ordinary.read_bytes()
    start = data.index(b"mdat") + 4
    path.write_bytes(data[:start] + bytes(len(data) - start))


def unknown_codec(path: Path, ordinary: Path) -> None:
    path.write_bytes(ordinary.read_bytes().replace(b"avc1\0\0\0\0", b"zzzz\0\0\0\0"))


def turned(path: Path, silent: Path, *, degrees: int) -> None:
    """A silent MP4 as a phone makes it that is held another way: to be shown turned clockwise.

    Source: ISO/IEC 14496-12, 8.3.2: the matrix (a b u, c d v, x y w) in the track's header takes
    a point to (ax + cy + x, bx + dy + y). The y axis points down.
    """
    [header] = [content for kind, content in everything(silent.read_bytes()) if kind == b"tkhd"]
    a, b, c, d = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[degrees]
    matrix = [a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30]
    header = header[:40] + struct.pack(">9i", *matrix) + header[76:]
    path.write_bytes(with_boxes(silent.read_bytes(), {b"tkhd": header}))


def remuxed(
    path: Path, ordinary: Path, *, only: str = "", options: dict[str, str] | None = None
) -> None:
    """The same packets in another container, or only one kind of them."""
    with av.open(str(ordinary)) as source, av.open(str(path), "w", options=options) as target:
        streams = {
            stream.index: target.add_stream_from_template(stream)
            for stream in source.streams
            if not only or stream.type == only
        }
        for packet in source.demux():
            if packet.stream.index in streams and packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)


def with_a_cover(path: Path, ordinary: Path) -> None:
    """Sound with a picture on its sleeve: FFmpeg counts that as a video stream."""
    with av.open(str(ordinary)) as source, av.open(str(path), "w") as target:
        sound = target.add_stream_from_template(source.streams.audio[0])
        cover = target.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        target.mux([*cover.encode(av.VideoFrame(64, 64, "yuvj420p")), *cover.encode()])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = sound
                target.mux(packet)


def text_in_a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("video.mp4", "not a video")
    return file.getvalue()
