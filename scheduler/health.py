"""Whether the house is alive (`/healthz`) and can do its work (`/readyz`)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.contrib.auth.decorators import login_not_required
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from posts.models.heartbeat import Heartbeat, Kind
from posts.models.installation import why_publishing_is_off

OLDEST_HEARTBEAT = timedelta(seconds=60)

Check = dict[str, Any]


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything that a publication needs is there; 503 and what is missing otherwise."""
    database = _checked(_database)
    checks = {"database": database}
    if database["ok"]:
        checks |= {
            "migrations": _checked(_migrations),
            "storage": _checked(_storage),
            "worker": _checked(lambda: _heartbeat(Kind.WORKER)),
            "dispatcher": _checked(lambda: _heartbeat(Kind.DISPATCHER)),
        }
    ready = all(check["ok"] for check in checks.values())
    answer: dict[str, Any] = {"ready": ready, "checks": checks}
    if database["ok"]:
        answer["publishing"] = why_publishing_is_off() or "on"
    return JsonResponse(answer, status=200 if ready else 503)


def _checked(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except (DatabaseError, OSError, ValueError, BotoCoreError, ClientError) as error:
        return {"ok": False, "why": type(error).__name__}


def _database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return {"ok": True}


def _migrations() -> Check:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return {"ok": not missing, "missing": len(missing)}


def _storage() -> Check:
    """Write and delete a small file: a full disk or a read-only store is found here."""
    name = default_storage.save("readyz", ContentFile(b"ready"))
    default_storage.delete(name)
    return {"ok": True}


def _heartbeat(kind: Kind) -> Check:
    latest = Heartbeat.latest(kind)
    if latest is None:
        return {"ok": False, "age_seconds": None}
    age = timezone.now() - latest
    return {"ok": age <= OLDEST_HEARTBEAT, "age_seconds": round(age.total_seconds(), 1)}
