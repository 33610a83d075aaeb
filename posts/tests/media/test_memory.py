"""A large file costs no more memory than a small one, wherever it lies and whatever we do to it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from posts.media.probe import PROJECT
from posts.tests.s3 import S3Server

SIZE = 300_000_000  # bytes
GROWTH = 40_000_000  # bytes that the peak may grow by; the file is more than seven times that

WARM_UP_AND_MEASURE = """
import json, resource, sys
from pathlib import Path
from django.conf import settings
settings.configure()

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

def read(source):
    return sum(len(block) for block in source.blocks(0, source.size - 1))
"""

LOCAL = """
from posts.media.sources import LocalSource
small, large = map(Path, sys.argv[1:])
read(LocalSource(small))
before = peak()
count = read(LocalSource(large))
print(json.dumps([count, peak() - before]))
"""

S3 = """
from posts.media.sources import source_for
from posts.media.storing import keep_file
from storages.backends.s3 import S3Storage
small, large = map(Path, sys.argv[1:3])
storage = S3Storage(**json.loads(sys.argv[3]))
keep_file(small, storage, "memory/small", content_type="video/mp4")
read(source_for(storage, "memory/small"))
before = peak()
keep_file(large, storage, "memory/large", content_type="video/mp4")
count = read(source_for(storage, "memory/large"))
print(json.dumps([count, peak() - before]))
"""


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A small file and a large one, of holes."""
    paths = [tmp_path / "small", tmp_path / "large"]
    for path, size in zip(paths, [40_000_000, SIZE], strict=True):
        with path.open("wb") as file:
            file.truncate(size)
    return [str(path) for path in paths]


def run(program: str, *arguments: str) -> tuple[int, int]:
    said = subprocess.run(
        [sys.executable, "-c", WARM_UP_AND_MEASURE + program, *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    count, growth = json.loads(said.stdout)
    return count, growth


def test_reading_a_large_file(files):
    count, growth = run(LOCAL, *files)

    assert count == SIZE
    assert growth < GROWTH


def test_storing_a_large_file_in_s3_and_reading_it_again(files, s3_server: S3Server):
    options = {
        "bucket_name": s3_server.bucket,
        "endpoint_url": s3_server.endpoint_url,
        "access_key": s3_server.access_key,
        "secret_key": s3_server.secret_key,
        "region_name": "us-east-1",
    }

    count, growth = run(S3, *files, json.dumps(options))

    assert count == SIZE
    assert growth < GROWTH
