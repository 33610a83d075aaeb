"""When a planned post is looked at before its time. Imports nothing of ours."""

import random
from datetime import datetime, timedelta

from django.utils import timezone

# (at the latest so long before the due time, spread over so much before that), so that a thousand
# posts for six o'clock are not all looked at in the same second.
LOOKS = (
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(hours=1), timedelta(minutes=10)),
    (timedelta(minutes=5), timedelta(minutes=5)),
)
LAST_LOOK = timedelta(minutes=15)  # from here on a look makes ready what the due time needs
TOO_SOON = timedelta(seconds=10)  # the sending itself looks at everything


def first_look(due_at: datetime) -> datetime | None:
    """Of what was planned just now: at once, while there is time to mend something."""
    now = timezone.now()
    return now if due_at - now > TOO_SOON else None


def next_look(due_at: datetime) -> datetime | None:
    """Of what was looked at just now; None when the sending comes next."""
    now = timezone.now()
    for before, spread in LOOKS:
        earliest = due_at - before - spread
        if now < earliest:
            return earliest + spread * random.random()  # noqa: S311 (no secret hangs on it)
    return None
