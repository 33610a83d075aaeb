"""The moments of a sending against its plan: how late each step was."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from posts.models import Attempt, Publication
from posts.models.attempt import Source


@dataclass(frozen=True, slots=True)
class Moment:
    label: str
    at: datetime
    after: timedelta | None  # the planned time; None for that itself


def moments_of(publication: Publication, attempt: Attempt | None, *, label: str) -> list[Moment]:
    """From the plan to the profile, as far as it came; `attempt` is the latest, `label` the
    platform's. Nothing before a sending has begun."""
    due_at = publication.due_at
    if attempt is None or due_at is None:
        return []
    pulled = attempt.source == Source.PULL
    steps = (
        ("Taken up", attempt.claimed_at),
        (f"{label} asked", attempt.intended_at),
        (f"{label} agreed", attempt.answered_at),
        (f"Fetched by {label}" if pulled else "Last byte sent", attempt.sent_at),
        ("Delivered", publication.delivered_at),
        ("Published", publication.published_at),
    )
    begun = [Moment(step, at, at - due_at) for step, at in steps if at]
    return [Moment("Planned", due_at, None), *begun]
