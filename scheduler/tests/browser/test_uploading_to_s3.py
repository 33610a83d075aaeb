"""Uploading in parts from a real browser straight to an S3 store, past our own server."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request

from posts.tests.s3 import S3Server, s3_serving
from scheduler.tests.browser.test_composer import A_PERSON_WITH_AN_ACCOUNT, composer
from scheduler.tests.browser.test_uploading import PARTS, choose, is_ready, large
from scheduler.tests.house import House

__all__ = ["composer", "large"]  # fixtures: a person at the composer, and their file


class HouseWithStore(House):
    """The store is told the origin of the pages, and the pages that of the store."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, UPLOAD_PART_MB="6", MEDIA_STORAGE="s3")
        self.ends = ExitStack()
        (folder / "s3").mkdir()
        self.store: S3Server = self.ends.enter_context(
            s3_serving(folder / "s3", browsers_of=self.url)
        )
        self.environment |= {
            "AWS_STORAGE_BUCKET_NAME": self.store.bucket,
            "AWS_S3_ENDPOINT_URL": self.store.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.store.access_key,
            "AWS_SECRET_ACCESS_KEY": self.store.secret_key,
            "AWS_S3_REGION_NAME": "us-east-1",
        }


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[HouseWithStore]:
    house = HouseWithStore(tmp_path_factory.mktemp("house-with-store"))
    with house.ends, house:
        house.shell(A_PERSON_WITH_AN_ACCOUNT)
        yield house


@pytest.fixture
def places(composer: Page) -> list[str]:
    """Where each part has arrived: at the store, or at us."""
    hosts: list[str] = []

    def note(request: Request) -> None:
        if request.method == "PUT":
            hosts.append(
                request.url.partition("/media/" if "partNumber" in request.url else "/app/")[0]
            )

    composer.on("requestfinished", note)
    return hosts


def digest_in(house: HouseWithStore) -> str:
    [(key,)] = house.ask_database(
        "SELECT storage_key FROM posts_media ORDER BY created_at DESC LIMIT 1"
    )
    stored = house.store.client().get_object(Bucket=house.store.bucket, Key=key)
    return hashlib.sha256(stored["Body"].read()).hexdigest()


def test_parts_go_straight_to_the_store(
    composer: Page, house: HouseWithStore, large: Path, places, complaints: list[str]
):
    choose(composer, large)

    is_ready(composer)
    assert places == [house.store.endpoint_url] * len(PARTS)
    assert digest_in(house) == hashlib.sha256(large.read_bytes()).hexdigest()
    assert [each for each in complaints if house.store.endpoint_url not in each] == []
    complaints.clear()  # of a foreign host, which this once is the store


def test_a_store_that_lets_no_browser_in_gets_them_from_us(
    composer: Page, house: HouseWithStore, large: Path, places, complaints: list[str]
):
    composer.route(f"{house.store.endpoint_url}/**", lambda route: route.abort("failed"))
    choose(composer, large)

    is_ready(composer)
    assert places == [house.url] * len(PARTS)
    assert digest_in(house) == hashlib.sha256(large.read_bytes()).hexdigest()
    assert len([each for each in complaints if "foreign request" in each]) == 1  # and no more
    complaints.clear()
