"""Telling people what happened: a row for each person; mails follow from it (posts/mailing.py)."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from posts.models import MutedKind, Notification
from posts.models.telling import called, named, tell, tell_disconnected

__all__ = ["called", "mute", "muted_kinds", "named", "tell", "tell_disconnected"]


def muted_kinds(person: User) -> frozenset[str]:
    """What `person` does not want to be told."""
    return frozenset(MutedKind.objects.filter(person=person).values_list("kind", flat=True))


def mute(person: User, kinds: Iterable[str]) -> None:
    """Exactly these kinds are not told to `person`; mails of theirs that wait are not sent."""
    kinds = set(kinds)
    with transaction.atomic():
        MutedKind.objects.filter(person=person).exclude(kind__in=kinds).delete()
        MutedKind.objects.bulk_create(
            [MutedKind(person=person, kind=kind) for kind in kinds], ignore_conflicts=True
        )
        waiting = Notification.objects.filter(person=person, kind__in=kinds)
        waiting.filter(mail_at__isnull=False).update(mail_at=None)
