"""The steps that stories are told in: let the engine run, and look at what happened."""

import threading

from django.utils import timezone

from posts.checking_ahead import look_at_due
from posts.leases import Lease
from posts.models import Publication
from posts.platforms import platform_of


def work(*, most: int = 50) -> None:
    """Let one worker do everything that is due now."""
    for _ in range(most):
        claimed = Lease.claim(by="test", stop=threading.Event())
        if claimed is None:
            return
        publication, lease = claimed
        platform_of(publication.channel).advance(publication, lease)
    raise AssertionError(f"something is still due after {most} steps")


def work_until_rest(publication: Publication, *, rounds: int = 20) -> None:
    """Let a worker go on, waiting for nothing, until only a person can move it on."""
    for _ in range(rounds):
        work()
        publication.refresh_from_db()
        if publication.next_step_at is None:
            return
        # What waits for its next poll or try is due at once: tests do not sleep.
        Publication.objects.filter(next_step_at__isnull=False, due_at__lte=timezone.now()).update(
            next_step_at=timezone.now()
        )
    raise AssertionError(f"{publication} is still {publication.state} after {rounds} rounds")


def look_ahead(publication: Publication) -> list[str]:
    """Let its next look happen now, with all that are due; the codes of what was found."""
    Publication.objects.filter(pk=publication.pk).update(next_check_at=timezone.now())
    look_at_due(most=50)
    publication.refresh_from_db()
    return [finding.code for finding in publication.kept_findings]


def history(publication: Publication) -> list[str]:
    """The states it went through, without notes."""
    return [event.after for event in publication.events.all() if event.is_move]
