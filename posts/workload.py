"""How much there is to do: what dispatcher and drains look at, several times a second."""

from datetime import datetime

from posts.models import Media, Publication


def count_due(*, most: int, at: datetime | None = None) -> int:
    """Publications due by then, or by now, in nobody's hands. Counts little beyond `most`."""
    return sum(
        queryset.due(at=at).order_by()[:most].count()
        for queryset in (Publication.objects.to_send(), Publication.objects.to_poll())
    )


def count_in_hand() -> int:
    """Publications that a worker holds."""
    return sum(
        queryset.in_hand().count()
        for queryset in (Publication.objects.to_send(), Publication.objects.to_poll())
    )


def next_moment(*, publishing: bool) -> datetime | None:
    """When something wants attention next; without `publishing` only files to check count."""
    moments = [Publication.next_moment() if publishing else None, Media.next_check()]
    return min((moment for moment in moments if moment), default=None)
