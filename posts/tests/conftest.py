"""What the stories of `posts` share: a small platform, and a draft of Alice's for it."""

import pytest

from accounts.models import User, Workspace
from posts.models import Publication
from posts.tests.plain_platform import Plain, a_channel, a_publication, register_plain


@pytest.fixture
def plain(monkeypatch) -> Plain:
    return register_plain(monkeypatch)


@pytest.fixture
def publication(alice: User, workspace: Workspace, plain: Plain) -> Publication:
    return a_publication(alice, a_channel(workspace))


@pytest.fixture(params=["folder", "s3"])
def parts_store(request, settings, tmp_path) -> str:
    """Where parts lie: in a folder, and in an S3 store. A part has 6 MB."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOAD_PART_SIZE = 6_000_000  # bytes; S3 takes no smaller ones than 5 MiB
    if request.param == "s3":
        server = request.getfixturevalue("s3_server")
        options = {
            "bucket_name": server.bucket,
            "endpoint_url": server.endpoint_url,
            "access_key": server.access_key,
            "secret_key": server.secret_key,
            "region_name": "us-east-1",
        }
        s3 = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
        settings.STORAGES = settings.STORAGES | {"default": s3}
    return request.param
