"""The inbox road: at most five drafts may wait for a creator within 24 hours (Protocol 6).

TikTok alone knows its count. Ours leaves out what other apps have sent, and what was finished
without a word to us; so it warns, and only TikTok's answer holds a post.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Channel
from posts.models import Publication
from posts.models.publication_query import PublicationQuerySet
from posts.parking import resume_all
from posts.platforms import About, Finding
from posts.states import HeldReason, State
from tiktok.models import PostMode

MOST_WAITING = 5  # drafts
WINDOW = timedelta(hours=24)
INBOX_FULL = "spam_risk_too_many_pending_share"
# On its way to the inbox, or planned for it.
COMING = (State.SCHEDULED, State.SENDING, State.PROCESSING)


@dataclass(frozen=True, slots=True)
class InboxAhead:
    """Drafts that wait, and those that are planned for the next 24 hours."""

    waiting: int
    planned: int

    def __str__(self) -> str:
        more = f", and {self.planned} more will within 24 hours" if self.planned else ""
        return f"{drafts_in_words(self.waiting)}{more}."

    @property
    def full(self) -> Finding | None:
        """Why one more may have to wait."""
        count = self.waiting + self.planned
        return full_inbox_finding(count) if count >= MOST_WAITING else None


def waiting_drafts(channels: Sequence[Channel]) -> Mapping[int, int]:
    """By the channel's primary key: how many drafts of ours wait in its inbox, of a day."""
    delivered = _delivered(timezone.now()).filter(channel__in=channels)
    counted = dict(delivered.order_by().values_list("channel").annotate(Count("pk")))
    return {channel.pk: counted.get(channel.pk, 0) for channel in channels}


def drafts_before(publication: Publication) -> int:
    """How many drafts will wait when `publication` is due, if nobody finishes one until then."""
    at = publication.due_at or timezone.now()
    coming = Publication.objects.filter(
        state__in=COMING, tiktok__mode=PostMode.INBOX, due_at__gt=at - WINDOW, due_at__lte=at
    )
    others = (_delivered(at) | coming).filter(channel=publication.channel)
    return others.exclude(pk=publication.pk).count()


def inbox_ahead(channel: Channel, *, but: Publication | None) -> "InboxAhead":
    """What a person who composes a post should know, before they plan one draft more."""
    now = timezone.now()
    coming = Publication.objects.filter(
        channel=channel, state__in=COMING, tiktok__mode=PostMode.INBOX, due_at__lt=now + WINDOW
    )
    if but is not None:
        coming = coming.exclude(pk=but.pk)
    return InboxAhead(waiting=waiting_drafts([channel])[channel.pk], planned=coming.count())


def full_inbox_findings(publication: Publication) -> list[Finding]:
    """What speaks against one more draft for this creator."""
    if publication.state in {State.SENDING, State.PROCESSING, State.DELIVERED}:
        return []
    before = drafts_before(publication)
    return [full_inbox_finding(before)] if before >= MOST_WAITING else []


def full_inbox_finding(before: int) -> Finding:
    return Finding(
        "inbox_full",
        f"{before} drafts wait in this account's TikTok inbox, or will by then; TikTok takes "
        f"{MOST_WAITING} in 24 hours.",
        "Finish or drop one before, and say so here. Else this one waits until you have.",
        blocks=False,
        about=About.ACCOUNT,
    )


def drafts_in_words(count: int) -> str:
    """
    >>> drafts_in_words(1)
    '1 of 5 drafts waits in the TikTok inbox'
    """
    verb = "waits" if count == 1 else "wait"
    return f"{count} of {MOST_WAITING} drafts {verb} in the TikTok inbox"


def let_drafts_go_on() -> list[Publication]:
    """Where somebody has finished or dropped a draft: let those that wait for its place go on."""
    held = Publication.objects.filter(
        state=State.HELD,
        held_reason=HeldReason.CAP,
        failure__code=INBOX_FULL,
        channel__platform="tiktok",
    )
    gone_on: list[Publication] = []
    for channel in Channel.objects.filter(publications__in=held).distinct():
        places = max(MOST_WAITING - waiting_drafts([channel])[channel.pk], 1)
        waiting = [
            each
            for each in held.filter(channel=channel).order_by("due_at", "pk")
            if _has_place(each)
        ]
        gone_on += resume_all(
            Publication.objects.filter(pk__in=[each.pk for each in waiting[:places]]),
            because="a draft that waited before it is finished",
        )
    return gone_on


def _has_place(held: Publication) -> bool:
    """Whether a draft of the account has left the inbox since TikTok refused this one."""
    return (
        Publication.objects.filter(
            channel=held.channel, delivered_at__isnull=False, moved_at__gt=held.moved_at
        )
        .exclude(state__in=[State.DELIVERED, *COMING])
        .exists()
    )


def _delivered(at: datetime) -> PublicationQuerySet:
    return Publication.objects.filter(Q(state=State.DELIVERED, delivered_at__gt=at - WINDOW))
