"""Uploads one file to the sandbox and prints by how many bytes the process grew meanwhile.

Runs as a process of its own: `python -m tiktok.tests.upload_in_child` with the instructions as
JSON on its standard input.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

import boto3

from posts.media.s3 import S3Source
from posts.media.sources import LocalSource, MediaSource
from tiktok.chunks import plan
from tiktok.client import TikTokClient
from tiktok.uploads import upload


class NothingStops:
    def before_block(self) -> None:
        pass

    def before_last_block(self) -> None:
        pass


def peak() -> int:
    """The most memory that this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def source_of(order: dict[str, Any]) -> MediaSource:
    if "path" in order:
        return LocalSource(Path(order["path"]))
    client = boto3.client("s3", **order["s3"])
    return S3Source(client, order["bucket"], order["key"])


def main() -> None:
    order = json.load(sys.stdin)
    source = source_of(order)
    chunks = plan(source.size)
    target = TikTokClient(order["token"], base_url=order["api_url"]).start_inbox_video(chunks)
    before = peak()
    outcome = upload(
        chunks,
        source,
        url=target.upload_url,
        api_url=order["api_url"],
        content_type="video/mp4",
        expected_sha256=order["sha256"],
        guard=NothingStops(),
        confirmed=lambda count: None,
    )
    sys.stdout.write(json.dumps({"outcome": outcome.value, "grown": peak() - before}))


if __name__ == "__main__":
    main()
