"""Alice uploads a wrong picture, or somebody one that is meant to harm; both are told why not."""

import os
import time
import zlib
from random import Random

import pytest
from PIL import Image

from posts.media.probe import MEMORY, examine
from posts.media.unreadable import (
    NotMedia,
    PhotoDamaged,
    PhotoMoves,
    PhotoNotSupported,
    PhotoTooInvolved,
    PhotoTooLarge,
    PhotoTruncated,
    TookTooLong,
    TooMuchMemory,
    Unreadable,
)
from posts.tests.media import photos
from posts.tests.media.photos import KINDS, saved, two_halves, with_more_scans
from posts.tests.media.refusals import refusal


@pytest.fixture
def refused(tmp_path):
    """Why the file is refused, after making sure that nothing was written."""

    def look(content: bytes, *, memory: int = MEMORY) -> Unreadable:
        path = tmp_path / "holiday.jpg"
        path.write_bytes(content)
        poster, made = tmp_path / "poster.jpg", tmp_path / "made.jpg"
        with pytest.raises(Unreadable) as caught:
            examine(path, poster_path=poster, photo_path=made, memory=memory)
        assert (poster.exists(), made.exists()) == (False, False)
        return caught.value

    return look


def test_a_letter_named_jpg(refused):
    error = refused(b"Dear editor,\n" * 100)

    assert (type(error), error.found) == (NotMedia, "a text file")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (saved(two_halves(20, 20), "GIF"), "a GIF picture"),
        (saved(two_halves(20, 20), "TIFF"), "a TIFF picture"),
        (saved(two_halves(20, 20), "BMP"), "a BMP picture"),
        (saved(two_halves(64, 64), "JPEG2000"), "a JPEG 2000 picture"),
        (b"\xff\x0a" + bytes(50), "a JPEG XL picture"),
        (b"8BPS\0\1" + bytes(50), "a Photoshop document"),
        (b"\0\0\0\x18ftypcrx \0\0\0\0crx isom", "a camera's raw photo"),
    ],
)
def test_a_picture_of_another_kind_is_named(refused, content, found):
    error = refused(content)

    assert type(error) is PhotoNotSupported
    assert error.for_people == (
        f"This is {found}, which is not supported. Please save it as JPEG, and upload that."
    )


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_an_animated_picture(refused, kind):
    moving = saved(
        two_halves(64, 64), kind, save_all=True, append_images=[Image.new("RGB", (64, 64))]
    )

    assert type(refused(moving)) is PhotoMoves


@pytest.mark.parametrize("share", [0.3, 0.98])
@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_whose_end_is_missing(refused, kind, share):
    noise = Image.effect_noise((200, 200), 60).convert("RGB")
    whole = saved(noise, kind)

    error = refused(whole[: int(len(whole) * share)])

    assert type(error) in {PhotoTruncated, PhotoDamaged}
    if kind in {"JPEG", "HEIF", "AVIF"}:
        assert type(error) is PhotoTruncated


@pytest.mark.parametrize("kind", KINDS)
def test_a_beginning_without_a_photo(refused, kind):
    head = saved(two_halves(64, 64), kind)[:40]

    assert isinstance(refused(head + Random(4).randbytes(4_000)), PhotoTruncated | PhotoDamaged)


def test_a_png_whose_pixels_were_overwritten_with_an_early_end(refused):
    """A decoder stops at such an end, and leaves the rest of the picture black without a word."""
    whole = saved(Image.effect_noise((64, 64), 60), "PNG")
    pixels = whole.index(b"IDAT") + 4
    early_end = zlib.compress(bytes(65))  # one row

    damaged = whole[:pixels] + early_end + whole[pixels + len(early_end) :]

    assert type(refused(damaged)) is PhotoDamaged


@pytest.mark.parametrize("size", [(100_000, 100_000), (65_000, 65_000), (12_000, 12_000)])
def test_a_small_file_that_promises_a_huge_picture(refused, size):
    started = time.monotonic()

    error = refused(photos.a_bomb(*size))

    assert type(error) is PhotoTooLarge
    assert "million pixels; at most 120 can be read" in error.for_people
    assert time.monotonic() - started < 20


def test_a_picture_that_needs_more_memory_than_it_may_have(refused):
    large = saved(Image.new("RGBA", (9_000, 9_000)), "PNG", compress_level=1)

    assert type(refused(large, memory=300_000_000)) is TooMuchMemory


def test_a_photo_that_takes_too_long(tmp_path):
    path = tmp_path / "holiday.jpg"
    os.mkfifo(path)  # whoever opens it waits until somebody writes

    assert type(refusal(path, seconds=0.7)) is TookTooLong


def test_a_jpeg_of_hundreds_of_scans_is_not_decoded(refused):
    """A few hundred kilobytes, which keep a decoder busy for half a minute."""
    content = with_more_scans(saved(two_halves(12_000, 9_000), progressive=True), 200)
    assert len(content) < 10_000_000

    began = time.monotonic()
    error = refused(content)

    assert (type(error), error.found) == (PhotoTooInvolved, "210 scans")
    assert "Please save it as JPEG" in error.for_people
    assert time.monotonic() - began < 5


def test_a_progressive_jpeg_as_programs_write_it_is_a_photo(tmp_path):
    path = tmp_path / "holiday.jpg"
    thumbnail = saved(two_halves(160, 120), progressive=True)  # its scans are not the photo's
    notes = Image.Exif()
    notes[0x927C] = thumbnail * 20
    path.write_bytes(saved(two_halves(400, 300), progressive=True, exif=notes.tobytes()))

    facts = examine(path, poster_path=tmp_path / "poster.jpg")

    assert (facts.width, facts.height) == (400, 300)
