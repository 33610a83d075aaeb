"""Alice, with whom the stories happen, on a sandbox of their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tiktok.sandbox import Sandbox
from tiktok.tests.sandbox.caller import Caller


@pytest.fixture
def sandbox(tmp_path) -> Iterator[Sandbox]:
    """An empty sandbox without delays."""
    with Sandbox(tmp_path / "state") as sandbox:
        sandbox.change_settings(processing_seconds=0, moderation_seconds=0)
        yield sandbox


@pytest.fixture
def connect(sandbox) -> Callable[..., Caller]:
    """Make a creator and return a client that may act for it."""

    def connect(handle: str, scopes: list[str] | None = None, **values: Any) -> Caller:
        sandbox.make_creator(handle, **values)
        return Caller(sandbox, sandbox.connect(handle, scopes)["access_token"])

    return connect


@pytest.fixture
def alice(connect) -> Caller:
    return connect("alice", display_name="Alice")


@pytest.fixture
def in_thread() -> Iterator[Callable[..., Callable[[], Any]]]:
    """Begin something beside the story; what comes back gives its result, or its error."""
    with ThreadPoolExecutor() as threads:

        def begin(act: Callable[[], Any]) -> Callable[[], Any]:
            future = threads.submit(act)
            return lambda: future.result(30)

        yield begin
