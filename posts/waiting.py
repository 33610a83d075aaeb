"""What a post whose time has come still waits for, before a worker begins with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from posts.models import Publication
from posts.states import State

AT_ONCE = timedelta(seconds=3)
MOST_COUNTED = 30


@dataclass(frozen=True, slots=True)
class Wait:
    until: datetime  # when it is looked at again, at the latest
    is_in_line: bool  # another post of its account is being sent; else the platform's limit
    before_it: int = 0  # how many more of its account go first


def is_due(publication: Publication) -> bool:
    """Its time has come and nothing has gone wrong."""
    return (
        publication.state == State.SCHEDULED
        and publication.failure is None
        and publication.due_at is not None
        and publication.due_at <= timezone.now()
    )


def wait_of(publication: Publication) -> Wait | None:
    """None when its time has not come, or a worker takes it within seconds."""
    looked_at = publication.next_step_at
    if not is_due(publication) or publication.is_in_hand or looked_at is None:
        return None
    if looked_at < timezone.now() + AT_ONCE:
        return None
    of_account = Publication.objects.filter(channel=publication.channel_id)
    if not of_account.filter(state=State.SENDING).exists():
        return Wait(looked_at, is_in_line=False)
    before_it = publication.count_ahead(most=MOST_COUNTED) - 1
    return Wait(looked_at, is_in_line=True, before_it=before_it)
