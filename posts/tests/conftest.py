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
