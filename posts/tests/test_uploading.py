"""Parts that come at the same time, or when it is over: what is stored is always one whole file."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connections
from django.utils import timezone

from posts import uploading
from posts.media import s3_parts
from posts.media.receiving import incoming_folder
from posts.models import Media, MediaKind, OtherBytes, Upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]

PART = 6_000_000  # bytes
BYTES = bytes(range(256)) * 50_000
OTHERS = b"!" * PART


@pytest.fixture
def begin(alice, workspace, parts_store) -> Callable[[], Upload]:
    def begun() -> Upload:
        return uploading.begin(
            by=alice,
            workspace=workspace,
            name="sunrise.mp4",
            size=len(BYTES),
            kind=MediaKind.VIDEO,
        )

    return begun


def part(number: int) -> bytes:
    return BYTES[(number - 1) * PART : number * PART]


def reading(content: bytes, *, then: Callable[[], object] = lambda: None) -> Callable[[int], bytes]:
    """As a request is read; `then` happens when all but the last block have come."""

    def blocks() -> Iterator[bytes]:
        yield content[:-1]
        then()
        yield content[-1:]

    arriving = blocks()
    return lambda _: next(arriving, b"")


def take_all(upload: Upload) -> None:
    for number in (1, 2, 3):
        uploading.take_part(upload, number, reading(part(number)))


def stored(medium: Media) -> bytes:
    with default_storage.open(medium.storage_key) as file:
        content: bytes = file.read()
        return content


def files_left() -> list[str]:
    return [path.name for path in incoming_folder().glob("*")]


def test_the_same_part_at_once_is_one_of_them_and_whole(begin):
    upload = begin()
    for number in (2, 3):
        uploading.take_part(upload, number, reading(part(number)))

    def send(content: bytes) -> bytes | None:
        try:
            uploading.take_part(upload, 1, reading(content))
        except OtherBytes:
            return None
        finally:
            connections.close_all()
        return content

    with ThreadPoolExecutor(8) as pool:
        taken = set(pool.map(send, [part(1), OTHERS] * 4)) - {None}

    assert len(taken) == 1
    assert stored(uploading.complete(upload)) == taken.pop() + BYTES[PART:]


@pytest.mark.parametrize("content", [part(1), OTHERS])
def test_a_part_on_its_way_while_the_file_is_completed_changes_nothing(begin, content):
    upload = begin()
    take_all(upload)

    with pytest.raises(Upload.DoesNotExist):
        uploading.take_part(upload, 1, reading(content, then=lambda: uploading.complete(upload)))

    assert stored(Media.objects.get()) == BYTES
    assert files_left() == []


def test_a_part_on_its_way_while_the_upload_is_given_up_leaves_nothing(begin):
    upload = begin()

    with pytest.raises(Upload.DoesNotExist):
        uploading.take_part(upload, 1, reading(part(1), then=lambda: uploading.abort(upload)))

    assert (Upload.objects.count(), Media.objects.count(), files_left()) == (0, 0, [])


def test_completing_twice_at_once_makes_one_medium(begin):
    upload = begin()
    take_all(upload)

    def complete(_: int) -> bool:
        try:
            uploading.complete(upload)
        except Upload.DoesNotExist:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(complete, range(4))) == [False, False, False, True]
    assert stored(Media.objects.get()) == BYTES


def test_a_connection_that_breaks_leaves_the_part_missing(begin):
    upload = begin()

    def breaks() -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        uploading.take_part(upload, 1, reading(part(1), then=breaks))

    upload.refresh_from_db()
    assert uploading.received(upload) == {}


def test_each_part_gives_it_another_day(begin):
    upload = begin()
    almost_over = timezone.now() + timedelta(minutes=1)
    Upload.objects.update(expires_at=almost_over)

    uploading.take_part(upload, 1, reading(part(1)))

    assert Upload.objects.get().expires_at > almost_over + timedelta(hours=23)


def test_what_the_store_has_and_no_row_names_is_swept(begin, monkeypatch):
    """The process died between the store's answer and the writing down of it; or the workspace was
    deleted, and the rows with it."""
    known = begin()
    uploading.take_part(known, 1, reading(part(1)))
    monkeypatch.setattr(s3_parts, "NOBODYS", timedelta(0))
    uploading.sweep_expired()  # what other stories have left in this store
    forgotten = begin()
    Media.objects.filter(pk=forgotten.media_id).delete()

    assert uploading.sweep_expired() == 1
    assert uploading.sweep_expired() == 0
    known.refresh_from_db()
    assert uploading.received(known) == {1: hashlib.sha256(part(1)).hexdigest()}


def test_whoever_died_while_beginning_leaves_nothing_for_ever(begin):
    upload = begin()
    Upload.objects.update(store_upload_id="", expires_at=timezone.now() + timedelta(minutes=1))
    upload.refresh_from_db()
    assert uploading.received(upload) == {}
    Upload.objects.update(created_at=timezone.now() - timedelta(2), expires_at=timezone.now())

    uploading.sweep_expired()

    assert (Upload.objects.count(), Media.objects.count()) == (0, 0)
