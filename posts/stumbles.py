"""What becomes of a publication when our own code fails with it: tried again, never lost.

Errors of a platform never come here; the platform turns them into moves. This is for mistakes of
the program, and each is reported with its traceback.
"""

import logging
from datetime import timedelta

from django.utils import timezone

from posts.errors import IllegalMove
from posts.leases import Lease
from posts.models import Publication
from posts.states import MACHINE_MAY_STATES, HeldReason, State

log = logging.getLogger(__name__)

STUMBLED = "an error of this program; it will be tried again"
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
MOST_STUMBLES = 10  # in a day; then a person is asked
AFTER_THE_DATABASE = timedelta(seconds=1)  # that went away in mid-step
FAILURE = {
    "code": "internal_error",
    "message": "This program made the same mistake again and again, so it has stopped trying.",
    "what_to_do": "Tell the operator: the log says what went wrong. Then try again.",
    "retryable": False,
}
IN_DOUBT = FAILURE | {
    "what_to_do": "Tell the operator: the log says what went wrong. Look at the account, then "
    "check again or say here whether the post is live.",
}


def give_back(publication: Publication, lease: Lease) -> None:
    """Let go of what the failed step still holds, with a pause that grows.

    Raises LeaseLost when another worker has taken over meanwhile.
    """
    earlier = publication.events.filter(
        because=STUMBLED, at__gte=timezone.now() - timedelta(days=1)
    ).count()
    with lease.fenced() as row:
        row.note(STUMBLED)
        if row.lease_until is None:
            return  # the step had let go before it failed
    if earlier + 1 >= MOST_STUMBLES and _ask_a_person(row, lease):
        return
    lease.wait_until(timezone.now() + min(FIRST_PAUSE * 2**earlier, LONGEST_PAUSE))


def let_go(lease: Lease, *, pause: timedelta = timedelta(0)) -> None:
    """Free what is still held, for whoever claims next. Raises LeaseLost as above."""
    with lease.fenced() as row:
        if row.lease_until is not None:
            lease.wait_until(timezone.now() + pause)


def _ask_a_person(publication: Publication, lease: Lease) -> bool:
    """Hold what can be held; of what is on its way say that nobody knows. False: neither."""
    try:
        if publication.state in MACHINE_MAY_STATES:
            lease.finish()  # it is out; what else was asked for stays unknown
        elif publication.state != State.PROCESSING and publication.is_safe:
            publication.hold(lease, HeldReason.CONFIGURATION, failure=FAILURE)
        else:
            publication.unconfirm(lease, failure=IN_DOUBT)
    except IllegalMove as error:
        log.info("publication %s is tried on: %s", publication.pk, error)
        return False
    return True
