"""An upload's memory does not grow with the file, from this machine's disk or from S3."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tiktok.tests.story import tune

pytestmark = pytest.mark.django_db

SMALL, LARGE = 20_000_000, 500_000_000  # bytes
ALLOWANCE = 16_000_000  # bytes; a large chunk held in memory would be 10 to 64 million


def empty_file(folder: Path, size: int) -> tuple[Path, str]:
    """A file of zeros that takes no room on the disk, and its SHA-256."""
    path = folder / f"{size}.mp4"
    with path.open("wb") as file:
        file.truncate(size)
    with path.open("rb") as file:
        return path, hashlib.file_digest(file, "sha256").hexdigest()


def growth_of(order: dict[str, Any]) -> int:
    done = subprocess.run(
        [sys.executable, "-m", "tiktok.tests.upload_in_child"],
        input=json.dumps(order),
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["outcome"] == "complete"
    return said["grown"]


def test_memory_stays_flat_from_a_local_file(tmp_path, sandbox, channel):
    grown = {}
    for size in (SMALL, LARGE):
        path, sha256 = empty_file(tmp_path, size)
        order = {"token": channel.access_token, "api_url": sandbox.url, "sha256": sha256}
        grown[size] = growth_of(order | {"path": str(path)})
    assert grown[LARGE] - grown[SMALL] < ALLOWANCE


def test_memory_stays_flat_from_s3(tmp_path, sandbox, channel, s3_server):
    tune(sandbox, draft_cap=100)
    grown = {}
    for size in (SMALL, LARGE):
        path, sha256 = empty_file(tmp_path, size)
        s3_server.client().upload_file(str(path), s3_server.bucket, path.name)
        order = {"token": channel.access_token, "api_url": sandbox.url, "sha256": sha256}
        s3 = {
            "endpoint_url": s3_server.endpoint_url,
            "aws_access_key_id": s3_server.access_key,
            "aws_secret_access_key": s3_server.secret_key,
            "region_name": "us-east-1",
        }
        grown[size] = growth_of(order | {"s3": s3, "bucket": s3_server.bucket, "key": path.name})
    assert grown[LARGE] - grown[SMALL] < ALLOWANCE
