"""What happens to a channel's posts when the channel can not be used, and when it can again."""

import logging

from accounts.models import Channel, User
from posts.errors import IllegalMove
from posts.models import Publication
from posts.states import HeldReason, State, Who

log = logging.getLogger(__name__)


def park(
    channel: Channel,
    *,
    because: str,
    by: User | None = None,
    reason: HeldReason = HeldReason.RECONNECT,
) -> list[Publication]:
    """Hold everything of `channel` that waits for its time; returns what was held.

    What may already be on its way stays where it is: its worker, or the platform, ends it.
    """
    failure = {
        "code": str(reason),
        "message": because,
        "what_to_do": "Mend the account on the Accounts page; its posts go on from there.",
        "retryable": False,
    }
    held = []
    for publication in Publication.objects.filter(channel=channel, state=State.SCHEDULED):
        try:
            publication._move(
                State.HELD,
                who=Who.DISPATCHER,
                by=by,
                because=because,
                held_reason=reason,
                failure=failure,
            )
        except IllegalMove as error:
            log.info("publication %s was not parked: %s", publication.pk, error)
        else:
            held.append(publication)
    return held


def unpark(
    channel: Channel, *, by: User | None = None, because: str = "the account is connected again"
) -> list[Publication]:
    """Let what waited for the channel go on; what has become late asks its person first."""
    resumed = []
    waiting = Publication.objects.filter(
        channel=channel,
        state=State.HELD,
        held_reason__in=[HeldReason.RECONNECT, HeldReason.CHANNEL_PAUSED],
    )
    for publication in waiting:
        try:
            if publication.is_late:
                publication._move(
                    State.HELD,
                    who=Who.DISPATCHER,
                    by=by,
                    because=f"{because}, but its time has passed",
                    held_reason=HeldReason.LATE,
                    failure=too_late_failure(publication),
                )
            else:
                publication._move(
                    State.SCHEDULED,
                    who=Who.DISPATCHER,
                    by=by,
                    because=because,
                    next_step_at=publication.due_at,
                    tries=0,
                )
                resumed.append(publication)
        except IllegalMove as error:
            log.info("publication %s stays held: %s", publication.pk, error)
    return resumed


def too_late_failure(publication: Publication) -> dict[str, object]:
    minutes = int(publication.late_limit.total_seconds() // 60)
    return {
        "code": "late",
        "message": f"Its time passed more than {minutes} minutes ago, so it was not published.",
        "what_to_do": "Choose a new time, or publish it now.",
        "retryable": False,
    }
