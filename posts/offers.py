"""What a person can do with a publication now: by its state, and by their right."""

from enum import StrEnum

from accounts.models import User
from posts.models import Publication
from posts.states import State


class Offer(StrEnum):
    """Each is a button or a small form on the post's page; its value names the view."""

    REVIEW = "review"  # looks at it in the composer, and approves it there
    EDIT = "edit"
    RESCHEDULE = "reschedule"
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
    State.AWAITING_APPROVAL: (_O.REVIEW, _O.EDIT, _O.SEND_BACK, _O.TAKE_BACK, _O.CANCEL),
    State.SCHEDULED: (_O.EDIT, _O.RESCHEDULE, _O.PUBLISH_NOW, _O.PAUSE, _O.CANCEL),
    State.SENDING: (_O.CANCEL,),
    State.PROCESSING: (),
    State.DELIVERED: (_O.CONFIRM_LIVE, _O.SEND_AGAIN, _O.CANCEL),
    State.PUBLISHED: (_O.TAKE_BACK_WORD,),
    State.HELD: (_O.EDIT, _O.RESUME, _O.RESCHEDULE, _O.PUBLISH_NOW, _O.CANCEL),
    State.FAILED: (_O.EDIT, _O.RETRY, _O.RESCHEDULE, _O.CANCEL),
    State.UNCONFIRMED: (_O.CHECK_AGAIN, _O.CONFIRM_LIVE, _O.SEND_AGAIN, _O.CANCEL),
    State.CANCELED: (_O.UNDO_CANCEL,),
}


def offers(
    publication: Publication, by: User, *, may_write: bool, may_publish: bool
) -> frozenset[Offer]:
    """What `by` can do now. The verbs check all of it again."""
    state = State(publication.state)
    own = publication.post.author_id == by.pk
    return frozenset(
        offer
        for offer in _BY_STATE[state]
        if _has_the_right(offer, state, own=own, may_write=may_write, may_publish=may_publish)
        and _is_possible(offer, publication)
    )


def _has_the_right(
    offer: Offer, state: State, *, own: bool, may_write: bool, may_publish: bool
) -> bool:
    if may_publish and state is State.AWAITING_APPROVAL:
        # What somebody else asked for is looked at and approved, or sent back.
        return offer in {Offer.REVIEW, Offer.CANCEL, Offer.TAKE_BACK if own else Offer.SEND_BACK}
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
    if state == State.SENDING:
        return publication.is_safe and publication.cancel_asked_at is None
    if offer in {Offer.EDIT, Offer.RESCHEDULE, Offer.PUBLISH_NOW, Offer.RETRY, Offer.CANCEL}:
        leaves_it = offer is Offer.CANCEL and state in {State.DELIVERED, State.UNCONFIRMED}
        return leaves_it or publication.is_safe
    return True
