"""The file by which TikTok sees that an address is ours."""

import pytest

from tiktok.views.proof import proof_files

pytestmark = pytest.mark.django_db  # the page of a 404 asks it

NAME, CONTENT = "tiktokAb1.txt", "tiktok-developers-site-verification=Ab1"


@pytest.fixture
def proved(settings):
    settings.TIKTOK_PROOF_FILES = {NAME: CONTENT}
    settings.ROOT_URLCONF = tuple(proof_files("social/", "social/pulled/"))


@pytest.mark.parametrize("folder", ["social/", "social/pulled/"])
def test_tiktok_finds_its_file_at_the_root_of_the_prefix(proved, client, folder):
    response = client.get(f"/{folder}{NAME}")

    assert (response.status_code, response.content) == (200, CONTENT.encode())
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_no_other_file_is_there(proved, client):
    assert client.get("/social/tiktokAb2.txt").status_code == 404
    assert client.get(f"/{NAME}").status_code == 404
