"""When a publication goes out, how late it may and how late it was; and what is in its way."""

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.utils import timezone

from posts.platforms import Finding
from posts.states import State

if TYPE_CHECKING:
    from posts.models.publication import Publication

A_MILLISECOND = timedelta(milliseconds=1)


class Timing:
    """The part of a Publication that compares the plan with what happened."""

    @property
    def late_limit(self) -> timedelta:
        minutes = cast("Publication", self).post.workspace.late_limit_minutes
        limit = settings.LATE_LIMIT_MINUTES if minutes is None else minutes
        # Nobody begins in the very moment: even who wants nothing late wants it published.
        return timedelta(minutes=max(limit, 1))

    @property
    def is_late(self) -> bool:
        """Past the time up to which it may still go out by itself."""
        due_at = cast("Publication", self).due_at
        return due_at is not None and timezone.now() > due_at + self.late_limit

    @property
    def is_overdue(self) -> bool:
        """Its time has passed while it waited for an approval."""
        publication = cast("Publication", self)
        if publication.state != State.AWAITING_APPROVAL or publication.due_at is None:
            return False
        return publication.due_at <= timezone.now()

    @property
    def lateness(self) -> timedelta | None:
        """From the planned time to the moment it was out; None until then."""
        publication = cast("Publication", self)
        out_at = publication.delivered_at or publication.published_at
        return out_at - publication.due_at if out_at and publication.due_at else None

    @property
    def lateness_ms(self) -> int | None:
        """The same in milliseconds, for programs."""
        return None if self.lateness is None else round(self.lateness / A_MILLISECOND)

    @property
    def kept_findings(self) -> list[Finding]:
        """What the last look before its time has found."""
        return [Finding.stored(kept) for kept in cast("Publication", self).findings]

    @property
    def needs_mending(self) -> bool:
        """Something was found that will stop it at its time."""
        return any(finding.blocks for finding in self.kept_findings)
