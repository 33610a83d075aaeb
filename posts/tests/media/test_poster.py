"""Every video gets a picture of itself."""

import os
from pathlib import Path

import av
import pytest
from PIL import Image, ImageChops, ImageStat

from posts.media.probe import examine, probe
from posts.media.unreadable import NotPlayable, TookTooLong
from posts.tests.media import wrong_files
from posts.tests.media.conftest import Video


def frame_of(path: Path, number: int) -> Image.Image:
    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index == number:
                return frame.to_image()
    raise AssertionError(f"{path} has no frame {number}")


def picture_at(path: Path) -> Image.Image:
    image = Image.open(path)
    image.load()  # and close the file
    return image


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are apart, in levels of brightness on average."""
    apart = ImageChops.difference(one.convert("L"), other.convert("L").resize(one.size))
    return ImageStat.Stat(apart).mean[0]


def test_the_poster_shows_what_is_there_after_one_second(video: Video, tmp_path):
    path = video(seconds=3)
    poster_path = tmp_path / "poster.jpg"

    facts = examine(path, poster_path=poster_path)

    poster = picture_at(poster_path)
    assert (poster.format, poster.size) == ("JPEG", (360, 640))
    assert difference(poster, frame_of(path, 30)) < 2
    assert difference(poster, frame_of(path, 0)) > 5
    assert facts == probe(path)


def test_a_shorter_video_is_shown_at_its_middle(video: Video, tmp_path):
    path = video(seconds=0.4)
    poster_path = tmp_path / "poster.jpg"

    examine(path, poster_path=poster_path)

    assert difference(picture_at(poster_path), frame_of(path, 6)) < 2


@pytest.mark.parametrize(
    ("size", "poster_size"),
    [((1080, 1920), (540, 960)), ((1920, 1080), (540, 304)), ((200, 200), (200, 200))],
)
def test_the_poster_is_at_most_540_pixels_wide(video: Video, tmp_path, size, poster_size):
    poster_path = tmp_path / "poster.jpg"
    path = video(seconds=0.2, width=size[0], height=size[1])

    examine(path, poster_path=poster_path)

    assert picture_at(poster_path).size == poster_size
    assert poster_path.stat().st_size < 100_000


@pytest.mark.parametrize(
    ("turned", "size"), [(90, (540, 304)), (180, (360, 640)), (270, (540, 304))]
)
def test_the_poster_is_upright(video: Video, tmp_path, turned, size):
    path, poster_path = tmp_path / "turned.mp4", tmp_path / "poster.jpg"
    wrong_files.turned(path, video(audio=False), degrees=turned)

    examine(path, poster_path=poster_path)

    poster = picture_at(poster_path)
    as_encoded = poster.rotate(turned, expand=True)  # Pillow turns counterclockwise: back again
    assert poster.size == size
    assert difference(as_encoded, frame_of(video(audio=False), 15)) < 3


def test_a_refused_video_leaves_no_poster(video: Video, tmp_path):
    path, poster_path = tmp_path / "video.mp4", tmp_path / "poster.jpg"
    wrong_files.damaged(path, video())

    with pytest.raises(NotPlayable):
        examine(path, poster_path=poster_path)

    assert [entry.name for entry in tmp_path.iterdir()] == ["video.mp4"]


def test_a_probe_that_is_killed_leaves_no_poster(tmp_path):
    path, poster_path = tmp_path / "video.mp4", tmp_path / "poster.jpg"
    os.mkfifo(path)
    poster_path.write_bytes(b"half a poster")

    with pytest.raises(TookTooLong):
        examine(path, poster_path=poster_path, seconds=0.3)

    assert [entry.name for entry in tmp_path.iterdir()] == ["video.mp4"]
