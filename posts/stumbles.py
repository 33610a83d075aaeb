"""What becomes of a publication when our own code fails with it: tried again, never lost.

Errors of a platform never come here; the platform turns them into moves. This is for mistakes of
the program, and each is reported with its traceback.
"""

import logging
from datetime import timedelta

from django.utils import timezone

from posts.errors import PublicationError
from posts.leases import Lease
from posts.models import Publication
from posts.states import HeldReason, State

log = logging.getLogger(__name__)

STUMBLED = "an error of this program; it will be tried again"
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
MOST_STUMBLES = 10  # in a day; then a person is asked
FAILURE = {
    "code": "internal_error",
    "message": "This program made the same mistake again and again, so it has stopped trying.",
    "what_to_do": "Tell the operator: the log says what went wrong. Then try again.",
    "retryable": False,
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
    if earlier + 1 >= MOST_STUMBLES and row.state in {State.SCHEDULED, State.SENDING}:
        try:
            row.hold(lease, HeldReason.CONFIGURATION, failure=FAILURE)
        except PublicationError as error:
            log.info("not held, something of it may be on its way: %s", error)
        else:
            return
    lease.wait_until(timezone.now() + min(FIRST_PAUSE * 2**earlier, LONGEST_PAUSE))


def let_go(lease: Lease) -> None:
    """Free what is still held, for whoever claims next. Raises LeaseLost as above."""
    with lease.fenced() as row:
        if row.lease_until is not None:
            lease.let_go()
