"""Leases of workers that are gone, ended now instead of at their time."""

import os

from django.db.models import F
from django.utils import timezone

from posts.draining import FRESH
from posts.models import Heartbeat, Publication
from posts.models.heartbeat import Kind
from posts.models.publication_query import PublicationQuerySet
from posts.states import State


def in_hand() -> PublicationQuerySet:
    """What somebody holds, or held when it died."""
    return Publication.objects.filter(lease_until__gt=timezone.now()).order_by("pk")


def holder_is_gone(publication: Publication) -> bool:
    """Whether the process that claimed it gives no sign of life, and is not on this machine."""
    name = publication.claimed_by.partition("/")[0]
    if Heartbeat.objects.alive(Kind.DRAIN, within=FRESH).filter(name=name).exists():
        return False
    host, _, pid = name.rpartition(":")
    if host != Heartbeat.own_name().rpartition(":")[0] or not pid.isdecimal():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False  # frozen perhaps, but there: it would wake up


def release(publication: Publication) -> bool:
    """End the lease, and fence who held it. False when it has changed hands meanwhile.

    What was only asked about before its time does not begin by this.
    """
    now = timezone.now()
    begins_at = publication.due_at if publication.state == State.SCHEDULED else None
    next_step_at = max(now, begins_at or now)
    held = Publication.objects.filter(
        pk=publication.pk, version=publication.version, lease_until__gt=now
    )
    return bool(held.update(lease_until=now, next_step_at=next_step_at, version=F("version") + 1))
