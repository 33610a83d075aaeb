"""What was received is kept: once, whole, and without a second copy on the way."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage

from posts.media.receiving import ReceivedFile
from posts.media.s3 import PART
from posts.media.sources import source_for
from posts.media.storing import StoringFailed, keep, keep_file
from posts.tests.s3 import S3Server


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    folder = tmp_path / "incoming"
    folder.mkdir()
    return folder


@pytest.fixture
def storage(tmp_path: Path) -> FileSystemStorage:
    return FileSystemStorage(location=tmp_path / "uploads", file_permissions_mode=0o640)


def received_file(folder: Path, content: bytes = b"moving pictures") -> ReceivedFile:
    received = ReceivedFile(folder, name="Sunrise.mp4")
    received.add(content)
    received.finish()
    return received


def test_a_file_moves_without_being_copied(incoming, storage):
    received = received_file(incoming)
    number = received.path.stat().st_ino

    keep(received, storage, "media/1/video.mp4", content_type="video/mp4")
    received.close()  # the request ends

    target = Path(storage.path("media/1/video.mp4"))
    assert target.read_bytes() == b"moving pictures"
    assert (target.stat().st_ino, target.stat().st_mode & 0o777) == (number, 0o640)
    assert list(incoming.iterdir()) == []


def test_an_existing_file_is_never_replaced(incoming, storage):
    keep(received_file(incoming, b"first"), storage, "media/1", content_type="video/mp4")
    second = received_file(incoming, b"second")

    with pytest.raises(FileExistsError):
        keep(second, storage, "media/1", content_type="video/mp4")

    assert Path(storage.path("media/1")).read_bytes() == b"first"
    assert second.path.read_bytes() == b"second"


def test_a_file_system_without_links_gets_it_renamed(incoming, storage, monkeypatch):
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")  # so says FAT

    monkeypatch.setattr(os, "link", refuse)
    keep(received_file(incoming, b"first"), storage, "media/1", content_type="video/mp4")
    with pytest.raises(FileExistsError):
        keep(received_file(incoming, b"second"), storage, "media/1", content_type="video/mp4")

    assert Path(storage.path("media/1")).read_bytes() == b"first"


@pytest.fixture
def other_disk() -> Iterator[Path]:
    folder = tempfile.mkdtemp(dir="/dev/shm")
    yield Path(folder)
    shutil.rmtree(folder)


def test_from_another_disk_it_is_copied_and_still_never_half_there(incoming, other_disk):
    storage = FileSystemStorage(location=other_disk)
    assert incoming.stat().st_dev != other_disk.stat().st_dev

    keep(received_file(incoming), storage, "media/1", content_type="video/mp4")
    with pytest.raises(FileExistsError):
        keep(received_file(incoming), storage, "media/1", content_type="video/mp4")

    assert [path.name for path in other_disk.rglob("*")] == ["media", "1"]
    assert (other_disk / "media" / "1").read_bytes() == b"moving pictures"


def test_a_folder_that_can_not_be_made_is_said_and_nothing_is_lost(incoming, tmp_path):
    (tmp_path / "uploads").write_bytes(b"a file where the folder should be")
    received = received_file(incoming)

    with pytest.raises(StoringFailed):
        keep(
            received,
            FileSystemStorage(location=tmp_path / "uploads"),
            "media/1",
            content_type="video/mp4",
        )

    assert received.path.read_bytes() == b"moving pictures"


@pytest.mark.parametrize("size", [0, 20, PART, 2 * PART + 5])
def test_s3_gets_every_byte(incoming, s3_server: S3Server, size):
    storage = s3_server.storage(location="installation-1")
    content = Random(size).randbytes(size)
    received = received_file(incoming, content)
    key = f"media/{incoming.parent.name}.mp4"

    keep(received, storage, key, content_type="video/mp4")

    head = s3_server.client().head_object(Bucket=s3_server.bucket, Key=f"installation-1/{key}")
    assert (head["ContentLength"], head["ContentType"]) == (size, "video/mp4")
    if size:
        digest = hashlib.sha256()
        for block in source_for(storage, key).blocks(0, size - 1):
            digest.update(block)
        assert digest.hexdigest() == received.sha256
    assert list(incoming.iterdir()) == []


def test_an_existing_object_is_never_replaced(incoming, s3_server: S3Server):
    storage, key = s3_server.storage(), f"media/{incoming.parent.name}"
    keep(received_file(incoming, b"first"), storage, key, content_type="video/mp4")
    second = received_file(incoming, b"second")

    with pytest.raises(FileExistsError):
        keep(second, storage, key, content_type="video/mp4")

    assert b"".join(source_for(storage, key).blocks(0, 4)) == b"first"
    assert second.path.read_bytes() == b"second"


def test_a_store_that_does_not_answer_is_said_and_nothing_is_lost(incoming, s3_server: S3Server):
    storage = s3_server._replace(endpoint_url="http://127.0.0.1:9").storage()
    received = received_file(incoming)

    with pytest.raises(StoringFailed):
        keep(received, storage, "media/1", content_type="video/mp4")

    assert received.path.read_bytes() == b"moving pictures"


def test_a_poster_is_kept_in_the_same_way(incoming, storage):
    poster = incoming / "poster.jpg"
    poster.write_bytes(b"a picture")

    keep_file(poster, storage, "media/1.jpg", content_type="image/jpeg")

    assert Path(storage.path("media/1.jpg")).read_bytes() == b"a picture"
    assert list(incoming.iterdir()) == []


def test_other_storages_are_not_guessed_at(incoming):
    with pytest.raises(TypeError, match="InMemoryStorage"):
        keep(received_file(incoming), InMemoryStorage(), "media/1", content_type="video/mp4")
