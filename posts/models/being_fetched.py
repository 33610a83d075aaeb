"""Stopping what a platform fetches from us: by closing its addresses, or by asking it to stop."""

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.utils import timezone

from accounts.models import User
from posts.models.attempt import Source, Verdict
from posts.states import State

if TYPE_CHECKING:
    from posts.models.publication import Publication


NOBODY_CAME_AFTER = timedelta(minutes=30)  # a fetch begins within seconds, where it can


class BeingFetched:
    @property
    def is_being_fetched(self) -> bool:
        """The platform fetches it, as far as we know not yet all of it: it may still be stopped."""
        attempt = cast("Publication", self).open_attempt
        return attempt is not None and attempt.source == Source.PULL and attempt.sent_at is None

    @property
    def nobody_came(self) -> bool:
        """The platform was told of it long ago, and has fetched nothing of it yet."""
        attempt = cast("Publication", self).open_attempt
        if attempt is None or attempt.source != Source.PULL:
            return False
        long_ago = attempt.intended_at + NOBODY_CAME_AFTER < timezone.now()
        return long_ago and not attempt.pulled.exclude(first_fetched_at=None).exists()

    def _stop_fetch(self, *, by: User) -> bool:
        """True when nobody had begun to fetch, so that it is canceled now. Otherwise its worker
        is asked, and asks the platform. Call it with the row locked.
        """
        publication = cast("Publication", self)
        attempt = publication.open_attempt
        unseen = attempt is not None and attempt.close_addresses_if_unseen()
        if unseen and (publication.state == State.PROCESSING or not publication.is_in_hand):
            because = "canceled before anybody had fetched it"
            settle = (attempt, Verdict.INCOMPLETE)
            publication._as_person(State.CANCELED, by, because, settle=settle)
            return True
        if publication.lease_until is None:  # otherwise its worker is at it, and sees it next time
            publication.next_step_at = timezone.now()
        publication._ask_to_stop(by)
        return False
