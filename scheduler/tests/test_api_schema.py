"""Random and hostile input over the whole API: nothing breaks, and every answer is as the document
says. Half of the ids that are tried are Alice's own, so that what is behind them is reached."""

from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.api import limits
from accounts.tests.program import Program
from posts import uploading
from posts.models import Media, MediaKind
from scheduler.api.views import document
from scheduler.wsgi import application

pytestmark = [pytest.mark.django_db]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 12  # for each endpoint, and each of who asks
SCHEMA = schemathesis.openapi.from_dict(document())
SCHEMA.app = lambda environ, start: application({"REMOTE_ADDR": "127.0.0.1"} | environ, start)
FOUND = [each.ok() for each in SCHEMA.get_all_operations() if isinstance(each, Ok)]
OPERATIONS = {operation.label: operation for operation in FOUND}


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch):
    monkeypatch.setattr(limits, "count", lambda *_, **__: None)
    cache.clear()


@pytest.fixture(autouse=True)
def _the_connection_stays():
    """A test lives in one transaction, so that no request may end its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def names(alice, workspace, channel, draft, settings, tmp_path) -> dict[str, Any]:
    """Something of Alice's for each name that a path can carry."""
    publication = draft()
    upload = uploading.begin(
        by=alice, workspace=workspace, name="a.mp4", size=10, kind=MediaKind.VIDEO
    )
    return {
        "channel_id": channel.pk,
        "post_id": publication.post_id,
        "publication_id": publication.pk,
        "media_id": Media.objects.create(workspace=workspace, name="spare.mp4").pk,
        "upload_id": upload.pk,
        "number": 1,
    }


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("who", ["alice", "nobody"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_nothing_breaks_and_every_answer_is_as_described(label, who, alice, names):
    operation = OPERATIONS[label]
    headers = Program(alice if who == "alice" else None).headers

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), is_known=st.booleans())
    def tried(case, is_known) -> None:
        if is_known:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = quote(str(names[name]))
            case.headers.pop("X-Workspace", None)
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=CHECKS)
            transaction.set_rollback(True)

    tried()
