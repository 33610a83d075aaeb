"""Make of any photo the one that platforms take: upright, sRGB, a JPEG, and nothing but pixels.

What the camera wrote beside the picture (the place, the device, the owner's name) stays behind.
"""

import io
import math
import struct
from pathlib import Path

import pillow_heif
from PIL import AvifImagePlugin, Image, ImageCms, ImageFile, UnidentifiedImageError

from posts.media.facts import PhotoFacts
from posts.media.probing import POSTER_HEIGHT, POSTER_QUALITY, POSTER_WIDTH
from posts.media.probing.outline import boxes
from posts.media.probing.scans import check_scans
from posts.media.unreadable import PhotoDamaged, PhotoMoves, PhotoTooLarge, PhotoTruncated

# What every platform that we know takes, and phones show.
SHORT_SIDE, LONG_SIDE = 1080, 1920  # pixels at most
QUALITY = 92  # of 95; pure noise of so many pixels makes a file of 5 MB with it

# Larger than any phone's picture, but few; decoded, so many pixels fill half a gigabyte.
MOST_PIXELS = 120_000_000
MOST_BYTES = 200_000_000

WHITE = (255, 255, 255)
SRGB = ImageCms.createProfile("sRGB")
GREY_OF_16_BITS = {"I;16", "I;16L", "I;16B", "I"}
ORIENTATION = 0x0112  # the EXIF tag
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = {5, 6, 7, 8}

# What Pillow and its decoders raise for a file that is not what it says.
DAMAGED = (OSError, SyntaxError, ValueError, EOFError, struct.error, OverflowError, RuntimeError)

pillow_heif.register_heif_opener()
pillow_heif.options.DECODE_THREADS = AvifImagePlugin.DEFAULT_MAX_THREADS = 1
Image.MAX_IMAGE_PIXELS = None  # `check_size` looks, and says it in our own words


def develop(
    path: Path, formats: tuple[str, ...], *, photo_path: Path | None, poster_path: Path | None
) -> PhotoFacts:
    """Return the facts of the new photo; write it, and a small one, where a path is given.

    `formats` are Pillow's names of what may open it. Raises Unreadable and MemoryError.
    """
    check_whole(path, formats)
    check_scans(path)
    try:
        with Image.open(path, formats=formats) as sealed:
            sealed.verify()  # a PNG's checksums: its decoder leaves rows black and says nothing
        with Image.open(path, formats=formats) as opened:
            original, size = opened.format or "", opened.size
            check_size(opened)
            # A JPEG of several pictures (MPO) has one, and others of use to its camera alone.
            if original in {"PNG", "WEBP", "AVIF"} and getattr(opened, "is_animated", False):
                raise PhotoMoves
            turn = turn_of(opened)
            photo = on_white(in_srgb(turned(decoded(opened), turn)))
    except UnidentifiedImageError as error:
        raise PhotoDamaged from error
    except DAMAGED as error:
        raise (PhotoTruncated if "truncated" in str(error).lower() else PhotoDamaged) from error
    data = as_jpeg(photo, QUALITY)
    if photo_path is not None:
        photo_path.write_bytes(data)
    if poster_path is not None:
        poster_path.write_bytes(as_jpeg(shrunk(photo, POSTER_WIDTH, POSTER_HEIGHT), POSTER_QUALITY))
    width, height = reversed(size) if turn in SIDEWAYS else size
    return PhotoFacts(
        size=len(data),
        mime_type="image/jpeg",
        width=photo.width,
        height=photo.height,
        original="JPEG" if original == "MPO" else original,
        original_width=width,
        original_height=height,
    )


def check_whole(path: Path, formats: tuple[str, ...]) -> None:
    """Raise PhotoTruncated when a box of the file passes its end: its decoder does not say so."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise PhotoTooLarge(f"{size / 1e6:,.0f} MB; at most {MOST_BYTES / 1e6:,.0f} can be read")
    if "HEIF" in formats:
        with path.open("rb") as file:
            if any(end > size for _, end in boxes(file, size)):
                raise PhotoTruncated


def check_size(opened: ImageFile.ImageFile) -> None:
    """Before anything is decoded: a small file can promise a picture without end."""
    pixels = opened.width * opened.height
    if pixels > MOST_PIXELS:
        raise PhotoTooLarge(
            f"{pixels / 1e6:,.0f} million pixels; at most {MOST_PIXELS / 1e6:,.0f} can be read"
        )


def turn_of(opened: ImageFile.ImageFile) -> int:
    """How the camera was held, as EXIF has it. Notes that make no sense count as none."""
    try:
        turn = opened.getexif().get(ORIENTATION)
    except DAMAGED:
        return 1
    return turn if turn in TURNS else 1


def turned(image: Image.Image, turn: int) -> Image.Image:
    return image.transpose(TURNS[turn]) if turn in TURNS else image


def decoded(opened: ImageFile.ImageFile) -> Image.Image:
    """The picture, no larger than allowed, as grey, RGB, RGBA or CMYK."""
    width, height = opened.size
    sides = (SHORT_SIDE, LONG_SIDE) if width < height else (LONG_SIDE, SHORT_SIDE)
    # A JPEG can be decoded at a half, a quarter, an eighth: much quicker where it is huge.
    scale = min(sides[0] / width, sides[1] / height)
    opened.draft(None, (math.ceil(width * scale), math.ceil(height * scale)))
    opened.load()
    return shrunk(of_plain_colours(opened), *sides)


def of_plain_colours(image: Image.Image) -> Image.Image:
    """So that there is something between two colours, and 16 bits of grey are not cut to 8."""
    if image.mode in GREY_OF_16_BITS:
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def shrunk(image: Image.Image, width: int, height: int) -> Image.Image:
    """The image itself when it fits into so many pixels, else a smaller one."""
    scale = min(width / image.width, height / image.height)
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def in_srgb(image: Image.Image) -> Image.Image:
    """The same colours, told as browsers and phones expect them: RGB or RGBA."""
    profile = image.info.get("icc_profile")
    if image.mode != "RGBA":
        return from_profile(image, profile).convert("RGB")
    rgb = from_profile(image.convert("RGB"), profile)
    rgb.putalpha(image.getchannel("A"))
    return rgb


def from_profile(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert from the colours of a camera's or a printer's profile, if that can be read."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image  # broken, or made for another kind of picture
    return converted or image


def on_white(image: Image.Image) -> Image.Image:
    """A new image that has the pixels and nothing else: no notes, no profile, no comment."""
    paper = Image.new("RGB", image.size, WHITE)
    paper.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return paper


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    # Not optimized: for that, Pillow reserves a buffer that noise does not fit into.
    image.save(file, "JPEG", quality=quality, subsampling="4:4:4")
    return file.getvalue()
