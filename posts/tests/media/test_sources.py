"""Any part of a medium can be read, from wherever it lies, without holding the rest."""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from mypy_boto3_s3 import S3Client

from posts.media import s3 as s3_store
from posts.media.s3 import S3Source
from posts.media.sources import (
    BLOCK,
    LocalSource,
    MediaSource,
    SourceBroken,
    SourceGone,
    source_for,
)
from posts.tests.media.cutting_proxy import CuttingProxy
from posts.tests.s3 import S3Server

CONTENT = Random(7).randbytes(3 * BLOCK + 17)

SourceOf = Callable[[bytes], MediaSource]


@pytest.fixture(params=["local", "s3"])
def source_of(request: pytest.FixtureRequest, tmp_path: Path) -> SourceOf:
    """Put bytes where media lie, and return the source that reads them."""

    def local(content: bytes) -> MediaSource:
        (tmp_path / "medium").write_bytes(content)
        return LocalSource(tmp_path / "medium")

    def s3(content: bytes) -> MediaSource:
        server: S3Server = request.getfixturevalue("s3_server")
        client = server.client()
        key = f"{tmp_path.name}/medium"
        client.put_object(Bucket=server.bucket, Key=key, Body=content)
        return S3Source(client, server.bucket, key)

    return local if request.param == "local" else s3


def read(source: MediaSource, first: int, last: int) -> bytes:
    return b"".join(source.blocks(first, last))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (0, 0),
        (0, BLOCK - 1),
        (0, BLOCK),
        (1, BLOCK),
        (BLOCK - 1, 2 * BLOCK + 1),
        (len(CONTENT) - 1, len(CONTENT) - 1),
        (0, len(CONTENT) - 1),
    ],
)
def test_exactly_the_bytes_that_were_asked_for(source_of: SourceOf, first, last):
    source = source_of(CONTENT)

    blocks = list(source.blocks(first, last))

    assert b"".join(blocks) == CONTENT[first : last + 1]
    assert max(len(block) for block in blocks) <= BLOCK
    assert source.size == len(CONTENT)


@pytest.mark.parametrize(("first", "last"), [(-1, 3), (4, 3), (0, 10), (10, 10)])
def test_bytes_outside_are_refused_at_once(source_of: SourceOf, first, last):
    source = source_of(b"ten bytes.")

    with pytest.raises(ValueError, match="are not inside 10"):
        source.blocks(first, last)


def test_several_threads_read_the_same_source(source_of: SourceOf):
    source = source_of(CONTENT)
    parts: dict[int, bytes] = {}
    readers = [
        threading.Thread(
            target=lambda n=n: parts.update({n: read(source, n * BLOCK, (n + 1) * BLOCK)})
        )
        for n in range(3)
    ]

    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert parts == {n: CONTENT[n * BLOCK : (n + 1) * BLOCK + 1] for n in range(3)}


# A file


def test_a_missing_file_is_gone(tmp_path):
    with pytest.raises(SourceGone):
        LocalSource(tmp_path / "never")


def test_a_file_that_goes_before_it_is_read_is_gone(tmp_path):
    path = tmp_path / "medium"
    path.write_bytes(CONTENT)
    source = LocalSource(path)
    path.unlink()

    with pytest.raises(SourceGone):
        read(source, 0, 9)


def test_a_file_that_shrinks_is_broken(tmp_path):
    path = tmp_path / "medium"
    path.write_bytes(CONTENT)
    blocks = LocalSource(path).blocks(0, len(CONTENT) - 1)
    assert next(blocks) == CONTENT[:BLOCK]
    os.truncate(path, BLOCK + 5)

    assert next(blocks) == CONTENT[BLOCK : BLOCK + 5]
    with pytest.raises(SourceBroken, match="has become shorter"):
        next(blocks)


def test_a_reader_that_stops_early_closes_the_file(tmp_path):
    path = tmp_path / "medium"
    path.write_bytes(CONTENT)
    blocks = LocalSource(path).blocks(0, len(CONTENT) - 1)
    next(blocks)

    def is_open() -> bool:
        links = list(Path("/proc/self/fd").iterdir())
        return str(path) in {os.readlink(link) for link in links if link.is_symlink()}

    assert is_open()
    blocks.close()
    assert not is_open()


# An object in S3


@pytest.fixture
def s3(s3_server: S3Server) -> S3Client:
    return s3_server.client()


def test_a_missing_object_is_gone(s3_server: S3Server, s3: S3Client):
    with pytest.raises(SourceGone):
        S3Source(s3, s3_server.bucket, "never")


def test_an_object_that_goes_before_it_is_read_is_gone(s3_server: S3Server, s3: S3Client):
    s3.put_object(Bucket=s3_server.bucket, Key="going", Body=CONTENT)
    source = S3Source(s3, s3_server.bucket, "going")
    s3.delete_object(Bucket=s3_server.bucket, Key="going")

    with pytest.raises(SourceGone):
        read(source, 0, 9)


def test_an_object_that_was_replaced_is_broken(s3_server: S3Server, s3: S3Client):
    s3.put_object(Bucket=s3_server.bucket, Key="changing", Body=b"the first version")
    source = S3Source(s3, s3_server.bucket, "changing")
    s3.put_object(Bucket=s3_server.bucket, Key="changing", Body=b"another version!!")

    with pytest.raises(SourceBroken):
        read(source, 0, 16)


def test_a_store_that_does_not_answer_is_broken(s3_server: S3Server):
    client = s3_server.client(endpoint_url="http://127.0.0.1:9")  # "discard": nobody listens

    with pytest.raises(SourceBroken):
        S3Source(client, s3_server.bucket, "medium")


def test_only_what_is_asked_for_crosses_the_network(s3_server: S3Server, s3: S3Client):
    size = 64 * BLOCK
    s3.put_object(Bucket=s3_server.bucket, Key="large", Body=bytes(size))
    with CuttingProxy(s3_server.endpoint_url) as network:
        source = S3Source(s3_server.client(endpoint_url=network.url), s3_server.bucket, "large")

        assert read(source, size - 10, size - 1) == bytes(10)

        assert network.bytes_back < 5_000


def test_a_reader_that_stops_early_stops_the_download(s3_server: S3Server, s3: S3Client):
    size = 64 * BLOCK
    s3.put_object(Bucket=s3_server.bucket, Key="large", Body=bytes(size))
    with CuttingProxy(s3_server.endpoint_url) as network:
        source = S3Source(s3_server.client(endpoint_url=network.url), s3_server.bucket, "large")
        blocks = source.blocks(0, size - 1)
        assert next(blocks) == bytes(BLOCK)
        blocks.close()

        # The connection is gone, and another one serves the next reader.
        assert read(source, 0, 9) == bytes(10)

        assert network.connections == 2
        assert network.bytes_back < size / 2


def test_a_connection_that_breaks_is_taken_up_where_it_broke(
    s3_server: S3Server, s3: S3Client, monkeypatch
):
    monkeypatch.setattr(s3_store, "FIRST_PAUSE", 0.001)
    content = Random(8).randbytes(10 * BLOCK)
    s3.put_object(Bucket=s3_server.bucket, Key="bumpy", Body=content)
    with CuttingProxy(s3_server.endpoint_url, cut_after=3 * BLOCK) as network:
        source = S3Source(s3_server.client(endpoint_url=network.url), s3_server.bucket, "bumpy")

        assert read(source, 5, len(content) - 1) == content[5:]

        assert network.connections >= 4
        assert network.bytes_back < 2 * len(content)


@pytest.mark.parametrize("cut_after", [0, 2_000])
def test_a_connection_that_only_breaks_is_given_up(
    s3_server: S3Server, s3: S3Client, monkeypatch, cut_after
):
    monkeypatch.setattr(s3_store, "FIRST_PAUSE", 0.001)
    s3.put_object(Bucket=s3_server.bucket, Key="broken", Body=CONTENT)
    with CuttingProxy(s3_server.endpoint_url) as network:
        source = S3Source(s3_server.client(endpoint_url=network.url), s3_server.bucket, "broken")
        network.cut_after = cut_after

        with pytest.raises(SourceBroken):
            read(source, 0, len(CONTENT) - 1)

        assert network.connections == s3_store.TRIES  # the first one has served the size, too


# From storage to source


def test_a_folder_is_read_as_files(tmp_path):
    storage = FileSystemStorage(location=tmp_path)
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "one").write_bytes(CONTENT)

    source = source_for(storage, "media/one")

    assert isinstance(source, LocalSource)
    assert read(source, 3, 7) == CONTENT[3:8]


@pytest.mark.parametrize("location", ["", "installation-1"])
def test_a_bucket_is_read_by_ranges(s3_server: S3Server, s3: S3Client, location):
    storage = s3_server.storage(location=location)
    key = f"{location}/media/one" if location else "media/one"
    s3.put_object(Bucket=s3_server.bucket, Key=key, Body=CONTENT)

    source = source_for(storage, "media/one")

    assert isinstance(source, S3Source)
    assert read(source, 3, 7) == CONTENT[3:8]


def test_a_missing_key_is_gone_in_every_storage(tmp_path, s3_server: S3Server):
    for storage in (FileSystemStorage(location=tmp_path), s3_server.storage()):
        with pytest.raises(SourceGone):
            source_for(storage, "media/never")


def test_other_storages_are_not_guessed_at():
    with pytest.raises(TypeError, match="InMemoryStorage"):
        source_for(InMemoryStorage(), "media/one")
