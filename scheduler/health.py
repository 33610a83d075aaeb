"""Whether the house is alive (`/healthz`) and can do its work (`/readyz`)."""

import logging
import threading
import time
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
KEPT_FOR = 1.0  # seconds that an answer is good for

Check = dict[str, Any]

log = logging.getLogger(__name__)


class Kept:
    """The latest answer of this process: who asks at once, or again at once, gets the same one.

    Anybody may ask, and an answer costs several queries and a small file.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._good_until, self._answer = 0.0, {"ready": False}

    def answer(self) -> dict[str, Any]:
        with self._lock:
            if time.monotonic() >= self._good_until:
                self._answer = _look()
                self._good_until = time.monotonic() + KEPT_FOR
            return self._answer


kept = Kept()


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
    """Everything that a publication needs is there; 503 otherwise. What is missing is for staff:
    others read only whether, and the log has it.
    """
    answer = kept.answer()
    shown = answer if _is_staff(request) else {"ready": answer["ready"]}
    return JsonResponse(shown, status=200 if answer["ready"] else 503)


def _is_staff(request: HttpRequest) -> bool:
    try:
        return bool(request.user.is_active and request.user.is_staff)
    except DatabaseError:
        return False


def _look() -> dict[str, Any]:
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
    if not ready:
        log.warning("not ready: %s", {name: why for name, why in checks.items() if not why["ok"]})
    return answer


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
