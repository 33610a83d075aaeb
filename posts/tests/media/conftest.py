"""Videos of many kinds, made once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from posts.media.sample import make_sample_video

Video = Callable[..., Path]


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Video:
    """Make a small video, or hand out the same one again. Do not write to it."""
    folder = tmp_path_factory.mktemp("videos")
    made: dict[str, Path] = {}

    def make(suffix: str = ".mp4", **wishes: object) -> Path:
        wishes = {"seconds": 1, "width": 360, "height": 640, **wishes}
        key = f"{suffix} {sorted(wishes.items())}"
        if key not in made:
            made[key] = folder / f"{len(made)}{suffix}"
            make_sample_video(made[key], **wishes)  # type: ignore[arg-type]
        return made[key]

    return make
