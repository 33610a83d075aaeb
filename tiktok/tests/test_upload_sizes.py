"""The bytes that TikTok got are the file's bytes, at every boundary of Protocol 8.3."""

import hashlib
import shutil
from pathlib import Path

import pytest
from django.conf import settings

from posts.media.sources import LocalSource
from tiktok.chunks import plan
from tiktok.client import TikTokClient
from tiktok.tests.story import report, tune
from tiktok.uploads import Outcome, upload

pytestmark = pytest.mark.django_db

BOUNDARIES = (
    4_194_304,  # the page's example of a whole file
    5_000_000,  # 5 MB, in both readings
    5_242_880,
    10_000_000,
    64_000_000,  # up to here a file goes whole
    67_108_864,  # 64 MiB
    70_000_000,
    128_000_000,
    130_000_000,
)
SIZES = [1, *(size + by for size in BOUNDARIES for by in (-1, 0, 1))]


class NothingStops:
    def before_block(self) -> None:
        pass

    def before_last_block(self) -> None:
        pass


@pytest.fixture(scope="module")
def sea_of_bytes(tmp_path_factory) -> Path:
    """130 MB in which no two places look alike, so that a block out of place is found."""
    path = tmp_path_factory.mktemp("sea") / "sea.bin"
    with path.open("wb") as file:
        for number in range(2_040):
            file.write(hashlib.sha256(str(number).encode()).digest() * 2_048)
    return path


@pytest.mark.parametrize("size", SIZES)
def test_tiktok_gets_the_bytes_of_the_file(size, sea_of_bytes, tmp_path, sandbox, channel):
    tune(sandbox, init_per_window=1_000, direct_post_cap=1_000, draft_cap=1_000)
    path = tmp_path / "video.mp4"
    shutil.copyfile(sea_of_bytes, path)
    with path.open("r+b") as file:
        file.truncate(size)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    client = TikTokClient(channel.access_token, base_url=settings.TIKTOK_API_URL)
    chunks = plan(size)
    target = client.start_inbox_video(chunks)
    confirmed: list[int] = []

    outcome = upload(
        chunks,
        LocalSource(path),
        url=target.upload_url,
        api_url=settings.TIKTOK_API_URL,
        content_type="video/mp4",
        expected_sha256=sha256,
        guard=NothingStops(),
        confirmed=confirmed.append,
    )

    assert outcome is Outcome.COMPLETE
    [got] = report(sandbox, f"uploads?publish_id={target.publish_id}")["uploads"]
    assert (got["received"], got["sha256"]) == (size, sha256)
    assert confirmed == [chunks.first(index + 1) for index in range(chunks.count)]
    assert [put["status"] for put in got["puts"]] == [206] * (chunks.count - 1) + [201]
