"""Every example of the API's document as it stands there: a shell runs its call of curl, and what
comes back has the shape of the answer that is shown."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction

from accounts.api.tokens import make_token
from posts.media.sample import make_sample_photo
from posts.states import State
from scheduler.api.views import document
from scheduler.tests.endpoints import ROWS
from scheduler.wsgi import application

pytestmark = [pytest.mark.django_db]

OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in document()["paths"].items()
    for method, operation in methods.items()
}
NO_ANSWER = 204
SENDS = {"-d", "-F", "--data-urlencode", "--data-binary"}


def calls(endpoint: str) -> list[str]:
    code = re.findall(r"```sh\n(.*?)\n```", OPERATIONS[endpoint]["description"], re.DOTALL)
    return [call for block in code for call in block.split("\n\n")]


def shown(endpoint: str) -> tuple[int, Any]:
    """The status of success, and the answer that stands beside it."""
    [status] = [each for each in OPERATIONS[endpoint]["responses"] if each < "400"]
    content = OPERATIONS[endpoint]["responses"][status].get("content", {})
    return int(status), content.get("application/json", {}).get("example")


def fits(shown: Any, given: Any) -> bool:
    """Whether both have the same names and kinds of values, and the same state."""
    if shown is None or given is None:
        return True
    if isinstance(shown, dict):
        names = set(shown) if shown else set(given)
        return names == set(given) and all(fits(shown.get(name), given[name]) for name in names)
    if isinstance(shown, list):
        return isinstance(given, list) and all(fits(shown[0], each) for each in given if shown)
    return isinstance(given, type(shown)) and (shown == given or shown not in set(State))


@pytest.mark.parametrize("endpoint", OPERATIONS)
def test_every_endpoint_has_an_example(endpoint):
    operation = OPERATIONS[endpoint]
    said, _, _ = operation["description"].partition("```")
    status, answer = shown(endpoint)

    assert said.strip(), "Say in its docstring what it does."
    assert calls(endpoint)
    assert (answer is None) == (status == NO_ANSWER), "Show what it answers."
    if operation.get("requestBody", {}).get("required"):
        assert all(SENDS & set(call.split()) for call in calls(endpoint)), "Show what to send."


class Desk:
    """A shell beside the files that the examples speak of, and a server that answers one call."""

    def __init__(self, folder: Path, token: str) -> None:
        self.folder = folder
        self.server = make_server("127.0.0.1", 0, application, handler_class=Silent)
        self.server.timeout = 60  # seconds, for a shell that never calls
        (folder / ".curlrc").write_text('silent\nshow-error\nwrite-out = "\\n%{http_code}"\n')
        self.environment = {
            "PATH": os.environ["PATH"],
            "CURL_HOME": str(folder),
            "API": f"http://127.0.0.1:{self.server.server_port}",
            "TOKEN": token,
        }

    def run(self, call: str) -> tuple[int, Any]:
        """The status, and what came back."""
        shell = subprocess.Popen(
            ["bash", "-e"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env=self.environment,
            text=True,
        )
        assert shell.stdin is not None
        shell.stdin.write(call)
        shell.stdin.close()
        shell.stdin = None
        self.server.handle_request()  # in this thread, so that it sees what the test has made
        said, trouble = shell.communicate(timeout=60)
        assert shell.returncode == 0, trouble
        body, _, status = said.rpartition("\n")
        return int(status), json.loads(body) if body else None


class Silent(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def desk(alice, tmp_path, video_file) -> Iterator[Desk]:
    folder = tmp_path / "desk"
    folder.mkdir()
    shutil.copy(video_file, folder / "sunrise.mp4")
    make_sample_photo(folder / "pier.jpg", width=270, height=360)
    (folder / "part-1").write_bytes(b"0123456789")
    for signal in (request_started, request_finished):  # a test lives in one transaction
        signal.disconnect(close_old_connections)
    desk = Desk(folder, make_token(alice))
    yield desk
    desk.server.server_close()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("endpoint", OPERATIONS)
def test_a_shell_runs_the_example_as_it_stands(endpoint, exemplary, desk):
    row = ROWS[endpoint]
    exemplary(row.state)
    _, answer = shown(endpoint)

    told = []
    for call in calls(endpoint):
        with transaction.atomic():
            told.append(desk.run(call))
            transaction.set_rollback(True)

    assert [status for status, _ in told] == [row.status] * len(told), told
    if row.status < HTTPStatus.BAD_REQUEST:
        assert fits(answer, told[0][1]), told[0][1]
