"""What needs a person: each with why, in a sentence, and the one thing that mends it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, Q, When

from accounts.models import User
from posts.models import Publication
from posts.models.publication_query import PublicationQuerySet
from posts.offers import Offer
from posts.parking import FOR_THE_ACCOUNT
from posts.states import State
from posts.views.access import Rights
from posts.views.health import AccountHealth
from posts.views.story import Story

MOST = 10  # the rest is in the list of posts
STUCK = (State.FAILED, State.HELD, State.UNCONFIRMED)


@dataclass(frozen=True)
class Need:
    story: Story
    why: str
    offer: Offer | None  # the button; None: what helps stands on the post's page

    @property
    def told(self) -> tuple[object, ...]:
        """What a person sees of it."""
        publication = self.story.publication
        return (publication.pk, publication.state, publication.due_at, self.why, self.offer)


def needs_of(
    here: PublicationQuerySet, *, by: User, rights: Rights, accounts: Sequence[AccountHealth]
) -> list[Need]:
    """What is stuck, then what will be, by their time. Posts that wait for an account stand with
    that account, not here."""
    wanted = Q(state__in=STUCK)
    if rights.may_write:
        wanted |= Q(state=State.DELIVERED)
    if rights.may_publish:
        wanted |= Q(state=State.AWAITING_APPROVAL)
    wanted |= Q(state=State.SCHEDULED) & ~Q(findings=[])
    by_account = [account.channel.pk for account in accounts if account.is_in_need]
    told_there = Q(state=State.HELD, held_reason__in=FOR_THE_ACCOUNT, channel__in=by_account)
    # What is stuck first: however much is planned with a remark, it is not pushed off the page.
    planned_last = Case(When(state=State.SCHEDULED, then=1), default=0)
    found = here.filter(wanted).exclude(told_there)
    found = found.order_by(planned_last, F("due_at").asc(nulls_last=True), "pk")
    stories = [Story(each, by, rights) for each in found[: MOST * 2] if _is_in_need(each)]
    return [Need(story, _why(story), story.foremost) for story in stories[:MOST]]


def _is_in_need(publication: Publication) -> bool:
    return publication.state != State.SCHEDULED or publication.needs_mending


def _why(story: Story) -> str:
    publication = story.publication
    if publication.state == State.AWAITING_APPROVAL:
        asks = f"{publication.post.author or 'A former member'} asks for approval."
        return f"{asks} Its time has passed." if publication.is_overdue else asks
    if publication.state == State.DELIVERED:
        return f"The draft waits in the inbox of {story.platform.label}. Finish it in the app."
    if publication.state == State.UNCONFIRMED:
        return "Nobody can say yet whether this is live. Look before you send it again."
    if publication.state == State.SCHEDULED:
        return next(found.message for found in publication.kept_findings if found.blocks)
    failure = publication.failure or {}
    return str(failure.get("message") or publication.get_held_reason_display())
