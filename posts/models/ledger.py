"""What a publication knows of its attempts at the platform."""

from typing import TYPE_CHECKING, cast

from django.utils.functional import cached_property

from posts.models.attempt import Attempt, Verdict

if TYPE_CHECKING:
    from posts.models.publication import Publication

LEDGER: str = "ledger"  # where a claim puts the attempts that it has read


class Ledger:
    """The part of a Publication that says what was begun, and what of it can still appear."""

    @cached_property
    def ledger(self) -> list[Attempt]:
        """Its attempts as they were when its worker took it, who adds to it what it begins."""
        return list(cast("Publication", self).attempts.all())

    @property
    def open_attempt(self) -> Attempt | None:
        return cast("Publication", self).attempts.filter(verdict=Verdict.OPEN).last()

    @property
    def is_safe(self) -> bool:
        """Nothing of this publication can still appear by itself."""
        return all(attempt.is_safe for attempt in cast("Publication", self).attempts.all())
