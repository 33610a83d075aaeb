"""Whatever photo comes, what is kept is what a platform takes: upright, sRGB, a JPEG, no notes."""

import pytest
from PIL import Image, ImageCms

from posts.media.facts import PhotoFacts
from posts.media.probe import examine
from posts.media.probing.photo import develop
from posts.media.signatures import HEAD_LENGTH, photo_formats
from posts.tests.media import photos
from posts.tests.media.photos import BLUE, KINDS, RED, looked_at, near, saved, two_halves


@pytest.fixture
def developed(tmp_path):
    """Make the photo to post out of `content`, as the child does; the facts and the picture."""

    def developed(content: bytes) -> tuple[PhotoFacts, Image.Image]:
        path, made = tmp_path / "photo", tmp_path / "made.jpg"
        path.write_bytes(content)
        formats = photo_formats(content[:HEAD_LENGTH])
        facts = develop(path, formats, poster_path=tmp_path / "poster.jpg", photo_path=made)
        assert facts.size == made.stat().st_size
        return facts, looked_at(made)

    return developed


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_photo_becomes_a_jpeg(tmp_path, kind):
    path, made = tmp_path / "misleading.txt", tmp_path / "made.jpg"
    path.write_bytes(saved(two_halves(600, 800), kind))

    facts = examine(path, poster_path=tmp_path / "poster.jpg", photo_path=made)

    photo = looked_at(made)
    assert (facts.kind, facts.mime_type, facts.original) == ("photo", "image/jpeg", kind)
    assert (facts.width, facts.height) == photo.size == (600, 800)
    assert (photo.format, photo.mode) == ("JPEG", "RGB")
    assert near(photo.getpixel((300, 100)), RED)
    assert near(photo.getpixel((300, 700)), BLUE)


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        ((4000, 3000), (1440, 1080)),
        ((3000, 4000), (1080, 1440)),
        ((4000, 2000), (1920, 960)),
        ((3000, 3000), (1080, 1080)),
        ((1080, 1920), (1080, 1920)),
        ((1920, 1080), (1920, 1080)),
        ((1921, 1080), (1920, 1079)),
        ((5000, 10), (1920, 4)),
        ((5000, 1), (1920, 1)),
        ((40, 30), (40, 30)),
    ],
)
def test_a_photo_is_made_as_large_as_platforms_take_and_never_larger(developed, came, kept):
    facts, photo = developed(saved(Image.new("RGB", came)))

    assert photo.size == kept
    assert (facts.original_width, facts.original_height) == came


# How the camera was held when it wrote each number: what lies on top in the file.
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_stands_upright(developed, orientation, kind):
    lying = two_halves(400, 600)
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    if orientation in undo:
        lying = lying.transpose(undo[orientation])

    facts, photo = developed(saved(lying, kind, exif=photos.exif(orientation=orientation)))

    assert photo.size == (facts.width, facts.height) == (400, 600)
    assert (facts.original_width, facts.original_height) == (400, 600)
    assert near(photo.getpixel((200, 100)), RED)


@pytest.mark.parametrize("kind", ["HEIF", "AVIF"])
def test_a_photo_of_an_iphone_stands_upright(developed, kind):
    lying = two_halves(400, 600).transpose(Image.Transpose.ROTATE_90)

    _, photo = developed(saved(lying, kind, exif=photos.exif(orientation=6)))

    assert photo.size == (400, 600)
    assert near(photo.getpixel((200, 100)), RED)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_the_camera_wrote_is_left(developed, tmp_path, kind):
    notes = {"exif": photos.exif(), "icc_profile": photos.wide_profile()}
    if kind == "JPEG":
        notes |= {"comment": "Alice at home", "xmp": b"<x:xmpmeta>Alice</x:xmpmeta>"}
    content = saved(two_halves(400, 600), kind, **notes)
    assert b"Phones of Alice" in content

    _, photo = developed(content)

    assert not {"exif", "icc_profile", "comment", "xmp"} & set(photo.info)
    for made in ("made.jpg", "poster.jpg"):
        assert b"Alice" not in (tmp_path / made).read_bytes()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA", "P"])
def test_what_is_transparent_becomes_white(developed, mode):
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    image.paste((*RED, 255), (0, 0, 400, 200))
    content = saved(image.convert(mode) if mode != "PA" else image.quantize(), "PNG")

    _, photo = developed(content)

    assert near(photo.getpixel((200, 300)), (255, 255, 255))
    assert not near(photo.getpixel((200, 100)), (255, 255, 255))


def test_half_transparent_is_half_white(developed):
    _, photo = developed(saved(Image.new("RGBA", (50, 50), (0, 0, 0, 128)), "PNG"))

    assert near(photo.getpixel((25, 25)), (127, 127, 127))


def test_colours_of_a_wide_profile_are_told_in_srgb(developed):
    """A green that a phone's wide colours make with 200 is more than 200 of sRGB's."""
    content = saved(Image.new("RGB", (64, 64), (60, 200, 60)), icc_profile=photos.wide_profile())

    _, photo = developed(content)

    red, green, _ = photo.getpixel((30, 30))
    assert green > 202
    assert red < 40


def test_a_profile_that_makes_no_sense_changes_nothing(developed):
    image = Image.new("RGB", (64, 64), RED)
    for profile in (b"nonsense", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()):
        _, photo = developed(saved(image, icc_profile=profile))
        assert near(photo.getpixel((30, 30)), RED)


@pytest.mark.parametrize("mode", ["L", "1", "CMYK", "P"])
def test_other_kinds_of_colours_are_understood(developed, mode):
    kind = "JPEG" if mode in {"L", "CMYK"} else "PNG"

    _, photo = developed(saved(two_halves(300, 300).convert(mode), kind))

    above, below = photo.getpixel((150, 50)), photo.getpixel((150, 250))
    assert photo.mode == "RGB"
    if mode in {"CMYK", "P"}:
        assert near(above, RED, by=40)
        assert near(below, BLUE, by=40)


def test_grey_of_16_bits_stays_as_bright_as_it_is(developed):
    _, photo = developed(saved(Image.new("I;16", (60, 60), 0x8000), "PNG"))

    assert near(photo.getpixel((30, 30)), (128, 128, 128), by=2)


def test_a_photo_of_a_phone_with_a_second_picture_inside_is_one_photo(developed):
    content = saved(
        two_halves(400, 600), "MPO", save_all=True, append_images=[Image.new("RGB", (100, 150))]
    )

    facts, photo = developed(content)

    assert (facts.original, photo.size) == ("JPEG", (400, 600))


def test_the_small_picture_is_small(developed, tmp_path):
    developed(saved(two_halves(1080, 1920)))

    assert looked_at(tmp_path / "poster.jpg").size == (540, 960)


def test_pure_noise_stays_far_under_what_platforms_take(developed):
    noise = Image.merge("RGB", [Image.effect_noise((1080, 1920), 100) for _ in range(3)])

    facts, _ = developed(saved(noise, "PNG"))

    assert facts.size < 6_000_000
