import pytest

from accounts.models import Channel
from accounts.tests.program import Program
from posts.models import Media
from posts.tests.plain_platform import Plain, a_channel, a_medium, register_plain


@pytest.fixture
def plain(monkeypatch) -> Plain:
    return register_plain(monkeypatch)


@pytest.fixture
def channel(plain, workspace) -> Channel:
    return a_channel(workspace)


@pytest.fixture
def medium(workspace) -> Media:
    return a_medium(workspace)


@pytest.fixture
def program(alice) -> Program:
    return Program(alice)
