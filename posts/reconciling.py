"""Asking the platforms what became of everything that is not settled for good."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from posts.errors import LeaseLost
from posts.leases import Lease
from posts.models import Publication, Verdict
from posts.models.publication_query import PublicationQuerySet
from posts.platforms import platform_of
from posts.states import MACHINE_STATES

BY = "reconcile"
UNDECIDED = (Verdict.OPEN, Verdict.WRITTEN_OFF, Verdict.DELIVERED)


@dataclass(frozen=True, slots=True)
class Found:
    publication: Publication
    said: list[str]  # in sentences
    before: str  # its state

    @property
    def has_moved(self) -> bool:
        return self.before != self.publication.state


def to_reconcile() -> PublicationQuerySet:
    """What was begun at a platform, or may have been, and has no final word."""
    begun = Publication.objects.filter(attempts__verdict__in=UNDECIDED)
    restored = Publication.objects.filter(failure__code="restored")
    return (begun | restored).select_related("post__workspace", "channel").distinct()


def reconcile(publications: PublicationQuerySet, *, dry_run: bool = False) -> Iterator[Found]:
    """Ask about one after the other. What a worker holds is left to that worker."""
    for publication in publications.order_by("pk"):
        before = publication.state
        if dry_run:
            said = platform_of(publication.channel).reconcile(publication, None)
        else:
            said = _reconcile(publication)
            publication.refresh_from_db()
        yield Found(publication, said, before)


def _reconcile(publication: Publication) -> list[str]:
    taken = Lease.take(publication.pk, by=BY)
    if taken is None:
        earlier = platform_of(publication.channel).reconcile_earlier(publication)
        return [*earlier, "a worker holds it now, and asks by itself"]
    mine, lease = taken
    try:
        said = platform_of(mine.channel).reconcile(mine, lease)
        if mine.state in MACHINE_STATES and mine.lease_until is not None:
            lease.wait_until(mine.next_step_at or timezone.now())  # as it was before
    except LeaseLost:
        return ["somebody has moved it meanwhile; ask again"]
    return said
