"""Every endpoint of the API for everybody who may knock: each cell has its status. What is sent is
the example of the document, just as it stands there."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from accounts.models import Role, Scope
from accounts.tests.program import Program, key_of
from posts import uploading
from posts.models import Media, MediaKind, Publication
from posts.states import State
from posts.tests.people import member
from posts.tests.walk import bring
from scheduler.api.views import document

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
OPEN = "open"  # to people whom nobody knows


@dataclass(frozen=True)
class Row:
    """What it needs, the status for who may, and in which state the publication is then."""

    needs: Scope | str | None
    status: int
    state: State = State.DRAFT
    not_for: tuple[str, ...] = ()  # whom the verb itself turns away


S = State
ROWS = {
    "POST /register": Row(OPEN, 201),
    "POST /token": Row(OPEN, 200),
    "GET /users/me": Row(None, 200),
    "GET /channels/": Row(Scope.READ, 200),
    "GET /channels/{channel_id}": Row(Scope.READ, 200),
    "GET /channels/{channel_id}/creator-info": Row(Scope.READ, 200),
    "GET /api/v1/auth/tiktok/authorize": Row(Scope.CONNECT, 200),
    "DELETE /api/v1/auth/tiktok/disconnect": Row(Scope.CONNECT, 200),
    "GET /posts/": Row(Scope.READ, 200),
    "POST /posts/": Row(Scope.WRITE, 201),
    "GET /posts/{post_id}": Row(Scope.READ, 200),
    "PATCH /posts/{post_id}": Row(Scope.WRITE, 200),
    "DELETE /posts/{post_id}": Row(Scope.WRITE, 204),
    "GET /posts/{post_id}/events": Row(Scope.READ, 200),
    "GET /posts/{post_id}/preflight": Row(Scope.READ, 200),
    "POST /api/v1/tiktok/posts/": Row(Scope.WRITE, 201),
    "POST /api/v1/tiktok/posts/{post_id}/publish": Row(Scope.PUBLISH, 202),
    "POST /publications/{publication_id}/approve": Row(Scope.PUBLISH, 200, S.AWAITING_APPROVAL),
    "POST /publications/{publication_id}/send-back": Row(Scope.PUBLISH, 200, S.AWAITING_APPROVAL),
    "POST /publications/{publication_id}/schedule": Row(Scope.WRITE, 200),
    "POST /publications/{publication_id}/unschedule": Row(
        Scope.WRITE, 200, S.SCHEDULED, not_for=("contributor",)
    ),
    "POST /publications/{publication_id}/cancel": Row(Scope.PUBLISH, 200, S.SCHEDULED),
    "POST /publications/{publication_id}/pause": Row(Scope.PUBLISH, 200, S.SCHEDULED),
    "POST /publications/{publication_id}/resume": Row(Scope.PUBLISH, 200, S.HELD),
    "POST /publications/{publication_id}/retry": Row(Scope.PUBLISH, 200, S.FAILED),
    "POST /publications/{publication_id}/check-again": Row(Scope.PUBLISH, 200, S.UNCONFIRMED),
    "POST /publications/{publication_id}/resolve": Row(Scope.PUBLISH, 200, S.UNCONFIRMED),
    "GET /media/": Row(Scope.READ, 200),
    "POST /media/": Row(Scope.WRITE, 201),
    "GET /media/{media_id}": Row(Scope.READ, 200),
    "DELETE /media/{media_id}": Row(Scope.WRITE, 204),
    "POST /uploads/": Row(Scope.WRITE, 201),
    "GET /uploads/{upload_id}": Row(Scope.WRITE, 200),
    "PUT /uploads/{upload_id}/parts/{number}": Row(Scope.WRITE, 200),
    "POST /uploads/{upload_id}/parts/{number}/address": Row(Scope.WRITE, 409),
    "POST /uploads/{upload_id}/complete": Row(Scope.WRITE, 201),
    "DELETE /uploads/{upload_id}": Row(Scope.WRITE, 204),
}


def test_every_endpoint_stands_in_the_matrix():
    endpoints = {
        f"{method.upper()} {path}"
        for path, methods in document()["paths"].items()
        for method in methods
    }
    assert endpoints == set(ROWS), "A new endpoint: say in ROWS who may use it."


@pytest.fixture
def stands(
    alice, workspace, channel, medium, draft, settings, tmp_path
) -> Callable[[State], dict[str, Any]]:
    """Something of Alice's for each name that a path can carry."""

    def make(state: State) -> dict[str, Any]:
        publication: Publication = draft()
        if state != State.DRAFT:
            bring(publication, state, by=alice)
        spare = Media.objects.create(workspace=workspace, name="spare.mp4")
        upload = uploading.begin(
            by=alice, workspace=workspace, name="a.mp4", size=10, kind=MediaKind.VIDEO
        )
        uploading.take_part(upload, 1, BytesIO(b"0123456789").read)
        return {
            "channel_id": channel.pk,
            "post_id": publication.post_id,
            "publication_id": publication.pk,
            "media_id": spare.pk,
            "upload_id": upload.pk,
            "number": 1,
        }

    return make


@contextmanager
def undone():
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


JSON, FORM, FILES, RAW = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/octet-stream",
)


def body_of(endpoint: str) -> tuple[str, Any]:
    """The type of what is sent, and the document's own example, just as it stands there."""
    method, _, path = endpoint.partition(" ")
    operation = document()["paths"][path][method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    if JSON in content or FORM in content:
        kind = JSON if JSON in content else FORM
        return kind, content[kind].get("example")
    return next(iter(content), ""), None


def test_every_body_has_an_example():
    bodies = {endpoint: body_of(endpoint) for endpoint in ROWS}
    silent = [
        each for each, (kind, shown) in bodies.items() if kind in {JSON, FORM} and shown is None
    ]
    assert silent == []


def ask(program: Program, endpoint: str, names: dict[str, Any]) -> int:
    method, _, path = endpoint.partition(" ")
    path = path.format(**names)
    kind, example = body_of(endpoint)
    with undone():
        if kind == FORM:
            return program.send(path, **example).status_code
        if kind == FILES:
            file = BytesIO(b"a file")
            file.name = "sunrise.mp4"
            return program.send(path, file=file).status_code
        if kind == RAW:
            sent = program.client.generic(
                method, path, b"0123456789", content_type=RAW, headers=program.headers
            )
            return sent.status_code
        return program.ask(method, path, example).status_code


@pytest.mark.parametrize("endpoint", ROWS)
def test_each_cell_has_its_status(endpoint, stands, alice, bob, workspace):
    row = ROWS[endpoint]
    names = stands(row.state)
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

    found = {who: ask(program, endpoint, names) for who, program in knocking.items()}

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
