"""Brings a publication from draft to any state, by the verbs of people and workers alone."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event

from django.utils import timezone

from accounts.models import User
from posts.leases import Lease, clock
from posts.models import Publication, Verdict
from posts.models.worker_verbs import Settlement
from posts.states import State
from posts.tests.plain_platform import begin_attempt

FAILURE = {
    "code": "refused",
    "message": "the platform refused it",
    "what_to_do": "Choose another file.",
    "retryable": False,
}

Step = Callable[[Publication, User], None]


def lease_on(publication: Publication) -> Lease:
    """The lease of a worker that holds the publication as it is now."""
    publication.refresh_from_db()
    return Lease(publication, began=clock())


def settled(publication: Publication, verdict: Verdict) -> Settlement:
    """What a worker writes about the open attempt; None when there is none."""
    attempt = publication.open_attempt
    return (attempt, verdict) if attempt else None


def _ask(publication: Publication, by: User) -> None:
    publication.ask_for_approval(by=by, due_at=timezone.now() + timedelta(days=1))


def _schedule(publication: Publication, by: User) -> None:
    publication.schedule(timezone.now(), by=by)


def _pause(publication: Publication, by: User) -> None:
    publication.pause(by=by)


def _cancel(publication: Publication, by: User) -> None:
    publication.cancel(by=by)


def _start(publication: Publication, by: User) -> None:
    claimed = Lease.claim(by="a worker", stop=Event())
    assert claimed is not None
    claimed[0].start_sending(claimed[1])
    begin_attempt(claimed[0])


def _let_the_last_block_go(publication: Publication, by: User) -> None:
    now = timezone.now()
    publication.attempts.filter(verdict=Verdict.OPEN).update(finishing_at=now, sent_at=now)


def _await(publication: Publication, by: User) -> None:
    publication.await_processing(lease_on(publication), timezone.now())


def _deliver(publication: Publication, by: User) -> None:
    settle = settled(publication, Verdict.DELIVERED)
    publication.deliver(lease_on(publication), settle=settle, next_step_at=None)


def _publish(publication: Publication, by: User) -> None:
    settle = settled(publication, Verdict.PUBLISHED)
    publication.publish(lease_on(publication), settle=settle, next_step_at=None)


def _fail(publication: Publication, by: User) -> None:
    settle = settled(publication, Verdict.FAILED)
    publication.fail(lease_on(publication), failure=FAILURE, settle=settle)


def _unconfirm(publication: Publication, by: User) -> None:
    publication.unconfirm(lease_on(publication), failure=FAILURE)


_SENDING: list[Step] = [_schedule, _start]
_PROCESSING: list[Step] = [*_SENDING, _let_the_last_block_go, _await]

ROADS: dict[State, list[Step]] = {
    State.DRAFT: [],
    State.AWAITING_APPROVAL: [_ask],
    State.SCHEDULED: [_schedule],
    State.HELD: [_schedule, _pause],
    State.CANCELED: [_schedule, _cancel],
    State.SENDING: _SENDING,
    State.PROCESSING: _PROCESSING,
    State.DELIVERED: [*_PROCESSING, _deliver],
    State.PUBLISHED: [*_PROCESSING, _publish],
    State.FAILED: [*_PROCESSING, _fail],
    State.UNCONFIRMED: [*_PROCESSING, _unconfirm],
}


def bring(publication: Publication, to: State, *, by: User) -> Publication:
    """Walk the draft `publication` to the state `to`; `by` has the right to publish."""
    for step in ROADS[to]:
        step(publication, by)
        publication.refresh_from_db()
    assert publication.state == to
    return publication
