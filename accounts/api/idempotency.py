"""The same answer to the same question: the header Idempotency-Key, on POST.

The first request with a key takes it by a row of its own, for a lease; the answer is written
there, and repeats get it for a day. Whoever asks something else under the same key, or while the
first request is still at work, gets a 409. If that one dies, the lease frees the key. If it only
takes longer than its lease, it finds out before it does anything (`hold_on`).
"""

import secrets
from collections.abc import Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.api.callers import Caller
from accounts.api.limits import address_of
from accounts.api.refusals import JSON, BadRequest, Conflict
from accounts.models import RememberedAnswer

if TYPE_CHECKING:
    from django.db.models import QuerySet

HEADER = "Idempotency-Key"
REMEMBERED = timedelta(days=1)
LEASE = timedelta(minutes=2)  # longer than nearly every answer takes
LONGEST_KEY = 255
NOT_KEPT = {401, 429}  # who repeats these has mended what they are about

_answering: ContextVar[RememberedAnswer | None] = ContextVar("answering", default=None)


def once(
    request: HttpRequest,
    caller: Caller | None,
    *,
    told: bytes,
    answer: Callable[[], HttpResponseBase],
) -> HttpResponseBase:
    """`answer()`, or what it was the first time. Raises Conflict and BadRequest."""
    key = request.headers.get(HEADER)
    if key is None:
        return answer()
    if not key.isascii() or not key.isprintable() or not 0 < len(key) <= LONGEST_KEY:
        raise BadRequest(
            f"{HEADER} must have 1 to {LONGEST_KEY} printable characters.",
            code="bad_idempotency_key",
        )
    row = _take(request, caller, key, _digest(request, caller, told))
    if row.status is not None:
        return HttpResponse(
            row.body,
            status=row.status,
            content_type=JSON,
            headers={"Idempotent-Replayed": "true"},
        )
    answering = _answering.set(row)
    try:
        response = answer()
    except BaseException:
        _free(row)
        raise
    finally:
        _answering.reset(answering)
    if response.status_code >= 500 or response.status_code in NOT_KEPT:
        _free(row)
    elif isinstance(response, HttpResponse):
        _mine(row).update(status=response.status_code, body=response.content.decode())
    return response


def hold_on() -> None:
    """To be called first in the transaction that does what a POST asks for, after whatever takes
    long. Until that ends no repeat takes over. Raises Conflict when one has."""
    row = _answering.get()
    if row is not None and not _mine(row).update(lease_until=timezone.now() + LEASE):
        raise _at_work()


def _take(request: HttpRequest, caller: Caller | None, key: str, digest: str) -> RememberedAnswer:
    """The right to answer, or the answer that was given. Raises Conflict."""
    now = timezone.now()
    mine = RememberedAnswer(
        whose=f"user:{caller.user.pk}" if caller else f"address:{address_of(request)}",
        user=caller.user if caller else None,
        key=key,
        digest=digest,
        taken_by=secrets.token_hex(16),
        lease_until=now + LEASE,
        created_at=now,
    )
    too_old = RememberedAnswer.objects.filter(created_at__lt=now - REMEMBERED)
    too_old.filter(whose=mine.whose, key=key).delete()
    try:
        with transaction.atomic():
            mine.save(force_insert=True)
    except IntegrityError:
        return _take_over(mine)
    return mine


def _take_over(mine: RememberedAnswer) -> RememberedAnswer:
    """Of a key that somebody has taken: the answer, or the turn of one who has died."""
    theirs = RememberedAnswer.objects.filter(whose=mine.whose, key=mine.key).first()
    if theirs is None:
        raise _at_work()
    if not constant_time_compare(theirs.digest, mine.digest):
        raise Conflict(
            f"This {HEADER} was sent with another request before. Use a new one.",
            code="idempotency_key_reused",
        )
    if theirs.status is not None:
        return theirs
    dead = RememberedAnswer.objects.filter(
        pk=theirs.pk, status=None, taken_by=theirs.taken_by, lease_until__lt=timezone.now()
    )
    if not dead.update(taken_by=mine.taken_by, lease_until=mine.lease_until):
        raise _at_work()
    mine.pk = theirs.pk
    return mine


def _at_work() -> Conflict:
    return Conflict(
        f"The first request with this {HEADER} is still at work. Ask again in a moment.",
        code="idempotency_key_in_use",
        headers={"Retry-After": "1"},
    )


def _mine(row: RememberedAnswer) -> "QuerySet[RememberedAnswer]":
    """Nothing, once another has taken over."""
    return RememberedAnswer.objects.filter(pk=row.pk, taken_by=row.taken_by, status=None)


def _free(row: RememberedAnswer) -> None:
    _mine(row).delete()


def _digest(request: HttpRequest, caller: Caller | None, told: bytes) -> str:
    """Keyed, since what was asked may be a secret."""
    workspace = str(caller.workspace.pk) if caller else ""
    asked = [request.method or "", request.get_full_path(), workspace]
    whole = "\n".join(asked).encode() + b"\n\n" + told
    return salted_hmac("accounts.api.idempotency", whole, algorithm="sha256").hexdigest()
