"""A backup was put back, or a copy taken over: nothing in it goes out before somebody has looked.

The database is older than the world. What it calls planned may be live by now, and no row says
so; what it shows as sending or processing has gone on elsewhere. So all of that stops, and waits
for TikTok's word (`manage.py reconcile`) or a person's.
"""

from dataclasses import dataclass

from django.utils import timezone

from posts.errors import IllegalMove
from posts.models import Installation, Publication, Verdict
from posts.states import HeldReason, State, Who

STOPPED = (State.SCHEDULED, State.SENDING, State.HELD, State.PROCESSING)
REMINDED = (State.DRAFT, State.AWAITING_APPROVAL, State.FAILED, State.CANCELED)

BECAUSE = "the database was put back from a backup"
HELD_FAILURE = {
    "code": "restored",
    "message": "The database was put back from a backup, so this post may have gone out since "
    "without a trace here.",
    "what_to_do": "Look at the account. If the post is there, cancel it here; if it is not, resume "
    "it or choose a new time.",
    "retryable": False,
}
DOUBT_FAILURE = {
    "code": "restored",
    "message": "The database was put back from a backup while this post was on its way, so what "
    "became of it is not known here.",
    "what_to_do": "Check again, or look at the account and say here whether the post is live.",
    "retryable": False,
}
REMINDER = (
    f"{BECAUSE}: should this post have gone out since, nothing here says so. Look at the account "
    "before it is planned"
)


@dataclass(slots=True)
class Restored:
    held: int = 0
    in_doubt: int = 0
    reminded: int = 0


def take_over() -> Restored:
    """Stop everything that is not final, then let this installation publish from the database.

    Until the end it belongs to nobody: if this dies half-way, nothing is published.
    """
    Installation.disown()
    restored = hold_everything()
    Installation.adopt()
    return restored


def hold_everything() -> Restored:
    """Hold what waits, and call what is on its way unconfirmed. Workers that live are fenced."""
    restored = Restored()
    for publication in Publication.objects.filter(state__in=STOPPED).iterator():
        if _stop(publication) is State.HELD:
            restored.held += 1
        else:
            restored.in_doubt += 1
    for publication in Publication.objects.filter(state__in=REMINDED).iterator():
        publication.note(REMINDER)
        restored.reminded += 1
    return restored


def count_everything() -> Restored:
    """What `hold_everything` would find now; changes nothing."""
    restored = Restored(reminded=Publication.objects.filter(state__in=REMINDED).count())
    for publication in Publication.objects.filter(state__in=STOPPED).iterator():
        if publication.is_safe and not _may_have_gone_on(publication):
            restored.held += 1
        else:
            restored.in_doubt += 1
    return restored


def _may_have_gone_on(publication: Publication) -> bool:
    """It was on its way, and whoever worked on from the original may have brought it to its end."""
    attempt = publication.open_attempt
    begun = attempt is not None and attempt.publish_id is not None
    return begun or publication.state == State.PROCESSING


def _stop(publication: Publication) -> State:
    if _may_have_gone_on(publication):
        # Its last block may have left elsewhere: from here on only a figure proves a lack.
        unfinished = publication.attempts.filter(verdict=Verdict.OPEN, finishing_at=None)
        unfinished.exclude(publish_id=None).update(finishing_at=timezone.now())
    else:
        try:
            publication._move(
                State.HELD,
                who=Who.OPERATOR,
                because=BECAUSE,
                held_reason=HeldReason.RESTORED,
                failure=HELD_FAILURE,
            )
        except IllegalMove:
            pass  # its last block had left: it may be live, and its attempt can be asked about
        else:
            return State.HELD
    publication._move(State.UNCONFIRMED, who=Who.OPERATOR, because=BECAUSE, failure=DOUBT_FAILURE)
    return State.UNCONFIRMED
