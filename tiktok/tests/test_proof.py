"""The file by which TikTok sees that an address is ours."""

import pytest
from django.urls import include, path

from tiktok.views.proof import proof_files

pytestmark = pytest.mark.django_db  # the page of a 404 asks it

NAME, CONTENT = "tiktokAb1.txt", "tiktok-developers-site-verification=Ab1"


@pytest.fixture
def proved(settings):
    others = path("", include("scheduler.urls"))  # before there are any such files
    settings.TIKTOK_PROOF_FILES = {NAME: CONTENT}
    settings.ROOT_URLCONF = (*proof_files("social/", "social/pulled/"), others)


@pytest.mark.parametrize("folder", ["social/", "social/pulled/"])
def test_tiktok_finds_its_file_at_the_root_of_the_prefix(proved, client, folder):
    response = client.get(f"/{folder}{NAME}")

    assert (response.status_code, response.content) == (200, CONTENT.encode())
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_no_other_file_is_there(proved, client):
    assert client.get("/social/tiktokAb2.txt").status_code == 404
    assert client.get(f"/{NAME}").status_code == 404
