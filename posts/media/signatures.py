"""Tell by its first bytes what a file is. Names and types that a client sends are not asked."""

from posts.media.unreadable import NotMedia, PhotoNotSupported, WrongContainer

HEAD_LENGTH = 512  # bytes that these functions want to see

# The first box of a file of the ISO family (MP4, MOV, 3GP); old QuickTime files have no ftyp.
FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp"}

# Major brands of the same family that hold a photo.
PHOTO_BRANDS = {
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis",
}  # fmt: skip

# (offset, bytes there, what it is)
OTHER_VIDEOS = [
    (8, b"AVI ", "an AVI video"),
    (0, b"FLV\x01", "a Flash video"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file"),
    (0, b"\x00\x00\x01\xba", "an MPEG program stream"),
    (0, b"\x00\x00\x01\xb3", "a bare MPEG video"),
    (0, b".RMF", "a RealMedia file"),
    (0, b"OggS", "an Ogg file"),
]
OTHER_PICTURES = [
    (0, b"GIF8", "a GIF picture"),
    (0, b"II*\x00", "a TIFF picture"),
    (0, b"MM\x00*", "a TIFF picture"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (0, b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (4, b"ftypcrx ", "a camera's raw photo"),
]
OTHER_FILES = [
    (8, b"WAVE", "a sound file"),
    (0, b"ID3", "a sound file"),
    (0, b"\xff\xfb", "a sound file"),
    (0, b"\xff\xf1", "a sound file"),
    (0, b"fLaC", "a sound file"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (0, b"\x1f\x8b", "a gzip archive"),
    (0, b"\x7fELF", "a program"),
]
TRANSPORT_STREAM_PACKET = 188  # bytes; each begins with "G"


def photo_formats(head: bytes) -> tuple[str, ...]:
    """Return Pillow's names of the formats that may open the file as a photo; none for others."""
    if head.startswith(b"\xff\xd8\xff"):
        return ("JPEG",)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return ("PNG",)
    if head.startswith(b"RIFF") and head.startswith(b"WEBP", 8):
        return ("WEBP",)
    if head[4:8] == b"ftyp" and head[8:12] in PHOTO_BRANDS:
        return ("HEIF", "AVIF")  # a brand such as mif1 may be either
    return ()


def demuxer_for(head: bytes) -> str:
    """Return FFmpeg's name of the one demuxer that may open the file: mov or matroska.

    `head` is the file's first HEAD_LENGTH bytes. Everything else is refused here, so playlists
    and other formats that lead FFmpeg on to further files never reach it.

    Raises NotMedia, PhotoNotSupported or WrongContainer.
    """
    for offset, mark, name in OTHER_PICTURES:
        if head.startswith(mark, offset):
            raise PhotoNotSupported(name)
    for offset, mark, name in OTHER_FILES:
        if head.startswith(mark, offset):
            raise NotMedia(name)
    if name := text_name(head):
        raise NotMedia(name)
    if head[4:8] in FIRST_BOXES:
        return "mov"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "matroska"
    for offset, mark, name in OTHER_VIDEOS:
        if head.startswith(mark, offset):
            raise WrongContainer(name)
    if head[::TRANSPORT_STREAM_PACKET] == b"GGG":
        raise WrongContainer("an MPEG transport stream")
    if head.startswith(b"BM"):
        raise PhotoNotSupported("a BMP picture")
    raise NotMedia


def text_name(head: bytes) -> str:
    """Name a text file by its beginning; empty when it is no text."""
    try:
        # The head may end within a character of several bytes.
        text = head.decode("utf-8", errors="strict" if len(head) < HEAD_LENGTH else "ignore")
    except UnicodeDecodeError:
        return ""
    if any(character < " " and character not in "\t\n\r\f" for character in text):
        return ""
    start = text.lstrip("\ufeff \t\r\n").lower()
    if start.startswith(("<!doctype html", "<html")):
        return "a web page"
    if start.startswith("#extm3u"):
        return "a playlist"
    return "a text file"
