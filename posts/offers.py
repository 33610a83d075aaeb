"""What a person can do with a publication now: by its state, and by their right."""

from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from accounts.models import User
from posts.models import Publication
from posts.platforms import About
from posts.states import HeldReason, State
from posts.waiting import is_due, wait_of


class Offer(StrEnum):
    """Each is a button or a small form on the post's page; its value names the view."""

    APPROVE = "approve"
    EDIT = "edit"
    RESCHEDULE = "reschedule"
    TAKE_PROPOSAL = "take_proposal"  # the next time at which it could go
    PUBLISH_NOW = "publish_now"
    RESUME = "resume"
    RETRY = "retry"
    PAUSE = "pause"
    TAKE_BACK = "take_back"
    SEND_BACK = "send_back"
    CHECK_AGAIN = "check_again"
    CONFIRM_LIVE = "confirm_live"
    TAKE_BACK_WORD = "take_back_word"
    SEND_AGAIN = "send_again"
    UNDO_CANCEL = "undo_cancel"
    CANCEL = "cancel"


_O = Offer
_BY_STATE: dict[State, tuple[Offer, ...]] = {
    State.DRAFT: (_O.EDIT,),
    State.AWAITING_APPROVAL: (_O.APPROVE, _O.SEND_BACK, _O.EDIT, _O.TAKE_BACK, _O.CANCEL),
    State.SCHEDULED: (_O.EDIT, _O.RESCHEDULE, _O.PUBLISH_NOW, _O.PAUSE, _O.CANCEL),
    State.SENDING: (_O.CANCEL,),
    State.PROCESSING: (_O.CANCEL,),
    State.DELIVERED: (_O.CONFIRM_LIVE, _O.SEND_AGAIN, _O.CANCEL),
    State.PUBLISHED: (_O.TAKE_BACK_WORD,),
    State.HELD: (
        _O.TAKE_PROPOSAL,
        _O.EDIT,
        _O.RESUME,
        _O.RESCHEDULE,
        _O.PUBLISH_NOW,
        _O.CANCEL,
    ),
    State.FAILED: (_O.EDIT, _O.RETRY, _O.RESCHEDULE, _O.CANCEL),
    State.UNCONFIRMED: (_O.CHECK_AGAIN, _O.CONFIRM_LIVE, _O.SEND_AGAIN, _O.CANCEL),
    State.CANCELED: (_O.UNDO_CANCEL,),
}

_HELPS_IN: dict[State, tuple[Offer, ...]] = {
    State.DRAFT: (_O.EDIT,),
    State.AWAITING_APPROVAL: (_O.APPROVE,),
    State.FAILED: (_O.RETRY,),
    State.UNCONFIRMED: (_O.CHECK_AGAIN,),
}
_HELPS_WHEN_HELD: dict[HeldReason, tuple[Offer, ...]] = {
    HeldReason.PERSON: (_O.RESUME, _O.RESCHEDULE),
    HeldReason.CHOICE: (_O.EDIT,),
    HeldReason.RECONNECT: (),  # mended on the accounts' page, to which the notice leads
    HeldReason.CHANNEL_PAUSED: (),
    HeldReason.CAP: (_O.TAKE_PROPOSAL, _O.RESCHEDULE),
    HeldReason.LATE: (_O.RESCHEDULE,),
    HeldReason.MEDIA: (_O.EDIT,),
    HeldReason.CONFIGURATION: (_O.RESUME, _O.RESCHEDULE),
    HeldReason.RESTORED: (_O.RESUME, _O.RESCHEDULE),
}
_MENDED_BY_EDIT = {About.POST, About.MEDIA}  # of what was found ahead of its time
# Sent again, the same is refused again; so with each code that ends in _check_failed.
_CONTENT_CODES = frozenset({"media_missing", "invalid_file_upload", "spam_risk_text"})

_ONLY_WHEN_SAFE = {
    _O.TAKE_PROPOSAL,
    _O.EDIT,
    _O.RESCHEDULE,
    _O.PUBLISH_NOW,
    _O.RETRY,
    _O.CANCEL,
}


def offers(
    publication: Publication, by: User, *, may_write: bool, may_publish: bool
) -> frozenset[Offer]:
    """What `by` can do now. The verbs check all of it again."""
    state = State(publication.state)
    possible = _of_what_is_due(publication) if is_due(publication) else _BY_STATE[state]
    own = publication.post.author_id == by.pk
    return frozenset(
        offer
        for offer in possible
        if _has_the_right(offer, state, own=own, may_write=may_write, may_publish=may_publish)
        and _is_possible(offer, publication)
    )


def _of_what_is_due(publication: Publication) -> tuple[Offer, ...]:
    """A worker takes it any moment, unless it waits for something: then there is time."""
    if wait_of(publication) is None:
        return (_O.CANCEL,)
    return tuple(each for each in _BY_STATE[State.SCHEDULED] if each is not _O.PUBLISH_NOW)


def foremost(publication: Publication, offered: frozenset[Offer]) -> Offer | None:
    """Of what is offered, the one that helps most now: the page highlights it alone."""
    return next((offer for offer in _what_helps(publication) if offer in offered), None)


def _what_helps(publication: Publication) -> tuple[Offer, ...]:
    """The best first; nothing where no button helps."""
    state = publication.state
    if state in {State.HELD, State.FAILED} and _needs_other_content(publication):
        return (_O.EDIT,)
    if state == State.HELD:
        return _HELPS_WHEN_HELD[HeldReason(publication.held_reason)]
    if any(found.blocks and found.about in _MENDED_BY_EDIT for found in publication.kept_findings):
        return (_O.EDIT,)
    return _HELPS_IN.get(State(state), ())


def _needs_other_content(publication: Publication) -> bool:
    if publication.held_reason == HeldReason.MEDIA:
        return True
    code = str((publication.failure or {}).get("code", ""))
    return code in _CONTENT_CODES or code.endswith("_check_failed")


def _has_the_right(
    offer: Offer, state: State, *, own: bool, may_write: bool, may_publish: bool
) -> bool:
    if may_publish and state is State.AWAITING_APPROVAL:
        # What somebody else asked for is approved, changed and approved, or sent back.
        return offer is not (Offer.SEND_BACK if own else Offer.TAKE_BACK)
    if may_publish:
        return True
    if not may_write:
        return False
    if offer is Offer.EDIT:
        # Without the right to publish an edit asks for approval again, of one's own post only.
        return state is State.DRAFT or (
            own and state in {State.AWAITING_APPROVAL, State.SCHEDULED, State.HELD}
        )
    return own and offer is Offer.TAKE_BACK


def _is_possible(offer: Offer, publication: Publication) -> bool:
    state = publication.state
    if offer is Offer.TAKE_BACK_WORD:
        return publication.by_word_of_id is not None
    if offer is Offer.RESUME:
        return not publication.is_late
    if offer is Offer.TAKE_PROPOSAL and not _is_ahead(publication.proposed_at):
        return False
    if state in {State.SENDING, State.PROCESSING}:
        asked = publication.cancel_asked_at is not None and (
            publication.is_in_hand or state == State.PROCESSING
        )
        safe = state == State.SENDING and publication.is_safe
        return (safe or publication.is_being_fetched) and not asked
    if offer in _ONLY_WHEN_SAFE:
        leaves_it = offer is Offer.CANCEL and state in {State.DELIVERED, State.UNCONFIRMED}
        return leaves_it or publication.is_safe
    return True


def _is_ahead(moment: datetime | None) -> bool:
    return moment is not None and moment > timezone.now()
