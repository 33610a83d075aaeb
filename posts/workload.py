"""How much there is to do: what dispatcher and drains look at, several times a second."""

from datetime import datetime

from posts import checking_ahead, mailing
from posts.models import Media, Publication


def count_due(*, most: int, at: datetime | None = None) -> int:
    """Publications due by then, or by now, in nobody's hands. Counts little beyond `most`.

    In order, or PostgreSQL takes the whole table for the quicker road to the first few.
    """
    return sum(
        queryset.due(at=at).order_by("next_step_at")[:most].count()
        for queryset in (Publication.objects.to_send(), Publication.objects.to_poll())
    )


def count_in_hand() -> int:
    """Publications that a worker holds."""
    return sum(
        queryset.in_hand().count()
        for queryset in (Publication.objects.to_send(), Publication.objects.to_poll())
    )


def next_chore(*, publishing: bool) -> datetime | None:
    """When a file is to be checked next; or, with `publishing`, a post ahead of its time, or
    somebody to be told something."""
    moments = [Media.next_check()]
    if publishing:
        moments += [checking_ahead.next_due(), mailing.next_due()]
    return min((moment for moment in moments if moment), default=None)


def next_moment(*, publishing: bool) -> datetime | None:
    """When something wants attention next; without `publishing` only files to check count."""
    moments = [
        Publication.next_moment() if publishing else None,
        next_chore(publishing=publishing),
    ]
    return min((moment for moment in moments if moment), default=None)
