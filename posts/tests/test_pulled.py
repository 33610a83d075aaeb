"""What a platform fetches from us: who gets the bytes, and what is on record before they leave."""

import hashlib
import threading

import pytest
import requests
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db import connection

from posts.errors import TooLate
from posts.models import Attempt, Media, MediaKind, MediaState, Mode, PulledMedia, Source, Verdict
from posts.pulling import is_reachable, open_addresses
from posts.tests.plain_platform import a_channel, a_publication, register_plain

PHOTO = b"\xff\xd8" + bytes(range(256)) * 40

every_database = pytest.mark.sqlite_too


@pytest.fixture
def media(settings, tmp_path, workspace) -> list[Media]:
    settings.MEDIA_ROOT = tmp_path / "media"
    return [a_photo(workspace, number) for number in range(2)]


def a_photo(workspace, number) -> Media:
    data = PHOTO + bytes([number])
    return Media.objects.create(
        workspace=workspace,
        kind=MediaKind.PHOTO,
        name=f"{number}.jpg",
        storage_key=default_storage.save(f"media/{number}.jpg", ContentFile(data)),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        content_type="image/jpeg",
        state=MediaState.READY,
        check_at=None,
    )


@pytest.fixture
def attempt(alice, workspace, media, monkeypatch) -> Attempt:
    register_plain(monkeypatch)
    publication = a_publication(alice, a_channel(workspace))
    return Attempt.objects.create(
        publication=publication,
        number=1,
        mode=Mode.DIRECT,
        source=Source.PULL,
        size=sum(medium.size for medium in media),
        chunk_size=0,
        chunk_count=0,
    )


@pytest.fixture
def paths(attempt, media) -> list[str]:
    addresses = open_addresses(attempt, media)
    return [each.removeprefix(django_settings.MEDIA_PUBLIC_URL) for each in addresses]


def bytes_of(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.django_db
class TestServing:
    pytestmark = every_database

    def test_gives_the_bytes_to_whoever_knows_the_address(self, client, paths, media):
        response = client.get(paths[1])

        assert response.status_code == 200
        assert bytes_of(response) == PHOTO + b"\x01"
        assert response.headers["Content-Type"] == "image/jpeg"
        assert response.headers["Content-Length"] == str(media[1].size)
        assert response.headers["Cache-Control"] == "no-store"
        assert response.cookies == {}

    def test_answers_a_head_and_that_is_no_fetch(self, client, paths, media):
        response = client.head(paths[0])

        assert (response.status_code, response.content) == (200, b"")
        assert response.headers["Content-Length"] == str(media[0].size)
        assert PulledMedia.objects.exclude(first_fetched_at=None).count() == 0

    def test_gives_a_range_and_refuses_one_that_is_not_there(self, client, paths, media):
        part = client.get(paths[0], headers={"Range": "bytes=2-5"})
        beyond = client.get(paths[0], headers={"Range": f"bytes={media[0].size}-"})

        assert (part.status_code, bytes_of(part)) == (206, PHOTO[2:6])
        assert part.headers["Content-Range"] == f"bytes 2-5/{media[0].size}"
        assert beyond.status_code == 416

    def test_puts_the_first_fetch_on_record_and_keeps_it(self, client, paths, attempt):
        client.get(paths[0])
        first = attempt.pulled.get(position=0).first_fetched_at
        client.get(paths[0])

        assert first is not None
        assert attempt.pulled.get(position=0).first_fetched_at == first
        assert attempt.pulled.get(position=1).first_fetched_at is None

    def test_goes_on_while_publishing_is_off(self, client, paths, settings):
        settings.PUBLISHING = False
        assert client.get(paths[0]).status_code == 200

    def test_never_redirects_not_even_to_https(self, client, paths, settings):
        settings.SECURE_SSL_REDIRECT = True
        assert client.get(paths[0]).status_code == 200
        assert client.get("/pulled/no-such-secret/1.jpg").status_code == 404

    def test_answers_a_closed_address_like_one_that_never_was(self, client, paths, attempt):
        attempt.close_addresses()

        closed, unknown = client.get(paths[0]), client.get("/pulled/no-such-secret/1.jpg")

        assert (closed.status_code, closed.content) == (unknown.status_code, unknown.content)
        without_id = [dict(each.headers) for each in (closed, unknown)]
        for headers in without_id:
            headers.pop("X-Request-ID")
        assert without_id[0] == without_id[1]
        assert attempt.pulled.exclude(first_fetched_at=None).count() == 0

    @pytest.mark.parametrize(
        "secret", ["../../etc/passwd", "%00", "' OR 1=1 --", "x" * 5_000, "🌅", "..", "%2e%2e"]
    )
    def test_finds_nothing_for_who_makes_up_an_address(self, client, paths, secret):
        assert client.get(f"/pulled/{secret}/1.jpg").status_code == 404

    def test_a_digest_opens_nothing(self, client, paths, attempt):
        digest = attempt.pulled.first().key_digest
        assert client.get(f"/pulled/{digest}/1.jpg").status_code == 404

    def test_takes_nothing(self, client, paths):
        assert client.post(paths[0], {"x": 1}).status_code == 405
        assert client.put(paths[0]).status_code == 405

    def test_a_file_that_is_gone_is_no_fetch(self, client, paths, media, attempt):
        default_storage.delete(media[0].storage_key)
        assert client.get(paths[0]).status_code == 404
        assert attempt.pulled.exclude(first_fetched_at=None).count() == 0


@pytest.mark.django_db
class TestClosing:
    pytestmark = every_database

    def test_is_safe_when_nobody_had_come(self, attempt, paths):
        assert attempt.is_safe is False
        assert attempt.close_addresses() is True
        assert attempt.is_safe is True

    def test_is_not_safe_when_somebody_had_fetched_one_of_them(self, client, attempt, paths):
        client.get(paths[1])

        assert attempt.close_addresses() is False
        assert attempt.is_safe is False
        assert client.get(paths[0]).status_code == 404

    def test_can_leave_open_what_somebody_has_begun_to_fetch(self, client, attempt, paths):
        client.get(paths[1])

        assert attempt.close_addresses_if_unseen() is False
        assert client.get(paths[0]).status_code == 200

    @pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.OPEN])
    def test_comes_with_every_verdict(self, attempt, paths, verdict):
        attempt.settle(verdict)
        assert attempt.pulled.filter(closed_at=None).count() == 0

    def test_what_was_fetched_never_counts_as_having_lacked_its_bytes(self, client, attempt, paths):
        client.get(paths[0])
        with pytest.raises(TooLate):
            attempt.settle(Verdict.INCOMPLETE)

    def test_every_address_is_another_and_only_digests_are_kept(self, attempt, media, paths):
        secrets = [path.split("/")[2] for path in paths]
        assert len(set(secrets)) == 2
        assert all(len(secret) >= 43 for secret in secrets)  # 32 bytes
        kept = repr(list(PulledMedia.objects.values()))
        assert [secret for secret in secrets if secret in kept] == []


@pytest.mark.django_db(transaction=True)
def test_of_fetching_and_closing_at_once_either_is_first(client, workspace, attempt, media):
    """Fifty times: whoever got bytes is on record, and what was closed unseen was never seen."""
    ends = set()
    for number in range(50):
        attempt.pulled.all().delete()
        [address] = open_addresses(attempt, media[:1])
        got, unseen = at_once(address, attempt, closing_first=bool(number % 2))
        assert got != unseen, "bytes left and nobody knows, or nothing left and it counts as seen"
        ends.add(got)
    assert ends == {True, False}


def at_once(address: str, attempt: Attempt, *, closing_first: bool) -> tuple[bool, bool]:
    """Whether the bytes were given, and whether the closing found that nobody had come."""
    line = threading.Barrier(2)
    results: dict[str, bool] = {}

    def fetch() -> None:
        line.wait()
        one = PulledMedia.behind(address.split("/")[-2])
        results["got"] = one is not None and one.begin_fetch()
        connection.close()

    def close() -> None:
        line.wait()
        results["unseen"] = attempt.close_addresses()
        connection.close()

    acts = [close, fetch] if closing_first else [fetch, close]
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results["got"], results["unseen"]


@pytest.mark.django_db(transaction=True)
def test_our_own_address_is_asked_as_the_platform_would(live_server, settings, attempt, media):
    settings.MEDIA_PUBLIC_URL = live_server.url
    address, _ = open_addresses(attempt, media)

    assert is_reachable(address, media[0]) is True
    assert attempt.pulled.exclude(first_fetched_at=None).count() == 0
    assert is_reachable(address.replace("/pulled/", "/elsewhere/"), media[0]) is False
    assert is_reachable("http://127.0.0.1:9/1.jpg", media[0]) is False


@pytest.mark.django_db(transaction=True)
def test_what_lies_in_s3_is_served_in_ranges_too(
    live_server, settings, attempt, media, s3_server, monkeypatch
):
    options = {
        "bucket_name": s3_server.bucket,
        "endpoint_url": s3_server.endpoint_url,
        "access_key": s3_server.access_key,
        "secret_key": s3_server.secret_key,
    }
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    }
    key = storages["default"].save("pulled.jpg", ContentFile(PHOTO + b"\x00"))
    Media.objects.filter(pk=media[0].pk).update(storage_key=key)
    settings.MEDIA_PUBLIC_URL = live_server.url
    address, _ = open_addresses(attempt, media)

    part = requests.get(address, headers={"Range": "bytes=10-19"}, timeout=30)
    whole = requests.get(address, timeout=30, allow_redirects=False)

    assert (part.status_code, part.content) == (206, PHOTO[10:20])
    assert (whole.status_code, whole.content) == (200, PHOTO + b"\x00")
