"""Draw a sunrise: a sky that warms up, hills in front, and a sun that rises into an arc.

The arc closes when the sun arrives. Drawn at half the size of the video, which hides no detail
of a scene this soft and takes a quarter of the time.
"""

import math
from itertools import pairwise
from random import Random
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageOps

Colour = tuple[int, int, int]


class Palette(NamedTuple):
    night: list[Colour]  # the sky when it begins, from top to bottom
    day: list[Colour]  # the sky when it ends
    sun: Colour
    hill: Colour  # the nearest one, at the end


PALETTES = [
    Palette(
        [(18, 20, 58), (70, 48, 116), (206, 98, 116), (252, 170, 120)],
        [(84, 126, 206), (158, 172, 228), (252, 196, 164), (255, 230, 182)],
        (255, 246, 220),
        (64, 48, 96),
    ),
    Palette(
        [(8, 32, 58), (20, 82, 108), (112, 160, 148), (240, 192, 130)],
        [(64, 150, 190), (130, 194, 206), (216, 226, 190), (255, 238, 180)],
        (255, 251, 228),
        (20, 76, 88),
    ),
    Palette(
        [(38, 14, 56), (112, 36, 96), (218, 90, 102), (255, 160, 108)],
        [(152, 106, 190), (224, 148, 182), (255, 188, 160), (255, 222, 172)],
        (255, 242, 222),
        (84, 38, 84),
    ),
]
HILLS = 3
SUN_START, SUN_END = 0.68, 0.40  # of the height, from the top
CENTRE = 0.5  # of the width
SUN_RADIUS, ARC_RADIUS, GLOW_RADIUS = 0.12, 0.27, 0.95  # of the shorter side
GRAIN = 3.0  # levels of brightness: keeps the encoder from drawing bands into the sky


class Sunrise:
    """One scene. `at` draws it at any moment; what does not move is drawn once, here."""

    def __init__(self, *, width: int, height: int, variation: int = 0) -> None:
        self.width, self.height = max(2, width // 2), max(2, height // 2)
        self.palette = PALETTES[variation % len(PALETTES)]
        self.unit = min(self.width, self.height)
        chance = Random(variation)  # noqa: S311 - a picture, not a secret
        self.night = column(self.palette.night, self.height)
        self.day = column(self.palette.day, self.height)
        self.stars = self._stars(chance)
        self.hills = [self._hill(chance, depth) for depth in range(HILLS)]
        self.sun = disc(round(SUN_RADIUS * self.unit))
        self.glow = glow(round(GLOW_RADIUS * self.unit))
        self.grain = grain(self.width, self.height, chance)

    def at(self, progress: float) -> Image.Image:
        """Draw the moment `progress`: 0 is the beginning, 1 the end."""
        risen = (1 - math.cos(math.pi * progress)) / 2  # starts and stops gently
        sky = Image.blend(self.night, self.day, risen)
        image = sky.resize((self.width, self.height), Image.Resampling.NEAREST)
        faded = self.stars.point([round(level * (1 - risen) ** 2) for level in range(256)])
        image.paste((255, 255, 255), (0, 0), faded)
        sun_y = SUN_START + (SUN_END - SUN_START) * risen
        dimmed = self.glow.point([round(level * (0.35 + 0.4 * risen)) for level in range(256)])
        self._paste_around(image, self.palette.sun, dimmed, sun_y)
        self._paste_around(image, (255, 255, 255), self._arc(progress), SUN_END)
        self._paste_around(image, self.palette.sun, self.sun, sun_y)
        for depth, hill in enumerate(self.hills):
            self._paste_hill(image, hill, depth, risen)
        return ImageChops.add(image, self.grain, scale=1, offset=-128)

    def _paste_around(
        self, image: Image.Image, colour: Colour, mask: Image.Image, y: float
    ) -> None:
        left = round(CENTRE * self.width - mask.width / 2)
        image.paste(colour, (left, round(y * self.height - mask.height / 2)), mask)

    def _stars(self, chance: Random) -> Image.Image:
        stars = Image.new("L", (self.width, max(1, round(self.height * 0.45))))
        for _ in range(70):
            place = chance.randrange(self.width), int(stars.height * chance.random() ** 1.5)
            stars.putpixel(place, chance.randrange(60, 200))
        return stars

    def _hill(self, chance: Random, depth: int) -> Image.Image:
        """Draw a ridge a little wider than the picture, so that it can drift."""
        width = round(self.width * 1.2)
        top = self.height * (0.66 + 0.1 * depth)
        swing = self.height * (0.022 + 0.008 * depth)
        phases = [chance.uniform(0, 2 * math.pi) for _ in range(3)]
        ridge = []
        for x in range(2 * width + 1):
            turn = 2 * math.pi * x / (2 * self.width)
            waves = zip((0.9, 1.7, 3.1), (1.0, 0.6, 0.22), phases, strict=True)
            height = sum(size * math.sin(often * turn + phase) for often, size, phase in waves)
            ridge.append((x, 2 * (top - swing * height)))
        mask = Image.new("L", (2 * width, 2 * self.height))
        corners = [(2 * width, 2 * self.height), (0, 2 * self.height)]
        ImageDraw.Draw(mask).polygon([*ridge, *corners], fill=255)
        mask = mask.reduce(2)
        return mask.crop((0, int(top - 2 * swing), mask.width, mask.height))

    def _paste_hill(self, image: Image.Image, hill: Image.Image, depth: int, risen: float) -> None:
        nearness = (depth + 1) / HILLS
        night = between(self.palette.night[2], self.palette.night[0], 0.45 + 0.5 * nearness)
        day = between(self.palette.day[2], self.palette.hill, 0.25 + 0.75 * nearness)
        drift = round((hill.width - self.width) * risen * nearness)
        visible = hill.crop((drift, 0, drift + self.width, hill.height))
        image.paste(between(night, day, 0.85 * risen), (0, self.height - hill.height), visible)

    def _arc(self, progress: float) -> Image.Image:
        """Draw a faint ring and, over it, the part of it that is done, clockwise from the top."""
        radius, thickness = 2 * ARC_RADIUS * self.unit, 2 * max(1.0, 0.014 * self.unit)
        side = 2 * math.ceil(radius + thickness)
        mask = Image.new("L", (side, side))
        draw = ImageDraw.Draw(mask)
        middle, outer = side / 2, radius + thickness / 2
        box = (middle - outer, middle - outer, middle + outer, middle + outer)
        draw.arc(box, 0, 360, fill=60, width=round(thickness))
        draw.arc(box, -90, -90 + 360 * progress, fill=235, width=round(thickness))
        for turn in (-0.25, -0.25 + progress):  # round ends
            x = middle + radius * math.cos(2 * math.pi * turn)
            y = middle + radius * math.sin(2 * math.pi * turn)
            draw.circle((x, y), thickness / 2, fill=235)
        return mask.reduce(2)


def between(one: Colour, other: Colour, share: float) -> Colour:
    """Mix two colours: share 0 is the one, 1 the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def column(stops: list[Colour], height: int) -> Image.Image:
    """Return a picture one pixel wide that goes evenly through the colours, top to bottom."""
    image = Image.new("RGB", (1, height))
    for y in range(height):
        place = y / max(1, height - 1) * (len(stops) - 1)
        index = min(int(place), len(stops) - 2)
        one, other = list(pairwise(stops))[index]
        image.putpixel((0, y), between(one, other, place - index))
    return image


def disc(radius: int) -> Image.Image:
    side = 2 * max(1, radius) + 2
    mask = Image.new("L", (4 * side, 4 * side))
    ImageDraw.Draw(mask).circle((2 * side, 2 * side), 4 * radius, fill=255)
    return mask.reduce(4)


def glow(radius: int) -> Image.Image:
    side = 2 * max(1, radius)
    centred = ImageOps.invert(Image.radial_gradient("L")).resize((side, side))
    return centred.point([round(255 * max(0, (level - 75) / 180) ** 2.2) for level in range(256)])


def grain(width: int, height: int, chance: Random) -> Image.Image:
    """Return noise around 128. The same `chance` gives the same noise."""
    tile = Image.new("L", (128, 128))
    levels = [128 + round(chance.gauss(0, GRAIN)) for _ in range(128 * 128)]
    tile.putdata(levels)
    noise = Image.new("L", (width, height))
    for left in range(0, width, 128):
        for top in range(0, height, 128):
            noise.paste(tile.rotate(chance.choice((0, 90, 180, 270))), (left, top))
    return Image.merge("RGB", (noise, noise, noise))
