"""Every endpoint of the API for everybody who may knock: each cell has its status. What is sent is
the example of the document, just as it stands there."""

from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts.api.examples import BYTES, FILES, FORM, IN_PATHS, JSON
from accounts.models import Role, Scope
from accounts.tests.program import Program, key_of
from posts.tests.people import member
from scheduler.api.views import document
from scheduler.tests.endpoints import OPEN, ROWS, Row

pytestmark = [pytest.mark.django_db]

MEMBERS = ("owner", "editor", "contributor", "viewer")
# Who may, by what the endpoint needs; everybody else of the workspace gets a 403.
MAY = {
    None: MEMBERS,
    Scope.READ: MEMBERS,
    Scope.WRITE: ("owner", "editor", "contributor"),
    Scope.PUBLISH: ("owner", "editor"),
    Scope.CONNECT: ("owner", "editor"),
}


def test_every_endpoint_stands_in_the_matrix():
    endpoints = {
        f"{method.upper()} {path}"
        for path, methods in document()["paths"].items()
        for method in methods
    }
    assert endpoints == set(ROWS), "A new endpoint: say in ROWS who may use it."


@contextmanager
def undone():
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def body_of(endpoint: str) -> tuple[str, Any]:
    """The type of what is sent, and the document's own example, just as it stands there."""
    method, _, path = endpoint.partition(" ")
    operation = document()["paths"][path][method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    kind = JSON if JSON in content else next(iter(content), "")
    return kind, content.get(kind, {}).get("example")


def ask(program: Program, endpoint: str) -> int:
    method, _, path = endpoint.partition(" ")
    path = path.format(**IN_PATHS)
    kind, example = body_of(endpoint)
    with undone():
        if kind == FORM:
            return program.send(path, **example).status_code
        if kind == FILES:
            file = BytesIO(b"a file")
            file.name = "sunrise.mp4"
            return program.send(path, file=file).status_code
        if kind == BYTES:
            sent = program.client.generic(
                method, path, b"0123456789", content_type=kind, headers=program.headers
            )
            return sent.status_code
        return program.ask(method, path, example).status_code


@pytest.mark.parametrize("endpoint", ROWS)
def test_each_cell_has_its_status(endpoint, exemplary, alice, bob, workspace):
    row = ROWS[endpoint]
    exemplary(row.state)
    people = {"owner": alice} | {
        str(role): member(workspace, role) for role in (Role.EDITOR, Role.CONTRIBUTOR, Role.VIEWER)
    }
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        expired = Program(alice)
    other_scope = Scope.WRITE if row.needs == Scope.READ else Scope.READ
    knocking = {role: Program(user, workspace=workspace) for role, user in people.items()}
    knocking |= {
        "stranger": Program(bob, workspace=workspace),
        "nobody": Program(),
        "key without the scope": Program(key_of(alice, workspace, other_scope)),
        "expired token": expired,
    }

    found = {who: ask(program, endpoint) for who, program in knocking.items()}

    assert found == expected(row)


def expected(row: Row) -> dict[str, int]:
    if row.needs == OPEN:
        strangers = ("stranger", "nobody", "key without the scope", "expired token")
        return dict.fromkeys((*MEMBERS, *strangers), row.status)
    needs = Scope(row.needs) if row.needs else None
    may = [role for role in MAY[needs] if role not in row.not_for]
    cells = {role: row.status if role in may else 403 for role in MEMBERS}
    by_key = 403 if row.needs else row.status
    return cells | {
        "stranger": 404,
        "nobody": 401,
        "key without the scope": by_key,
        "expired token": 401,
    }
