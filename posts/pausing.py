"""An account is stopped: by a person, or since its posts failed in a row. One button lets it go on.

What failed for a reason of the post itself, such as its file, says nothing about the account.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts.models import Act, Channel, Health, User, note
from accounts.permissions import Right, require
from posts.models import NotificationKind, Publication, PublicationEvent
from posts.notifications import tell
from posts.parking import park, unpark
from posts.states import HeldReason, State

IN_A_ROW = 3  # posts that failed with nothing published in between
LOOKED_AT = 20  # of the latest failures
ENOUGH = "the account was paused after this one: too many of its posts had failed in a row"
FAILED_IN_A_ROW = f"{IN_A_ROW} posts of this account failed one after another."


def pause(channel: Channel, *, by: User) -> list[Publication]:
    """Stop an account, by a person's will; returns the posts that are held by it."""
    require(by, Right.PUBLISH, channel.workspace)
    because = f"Paused by {by}."
    with transaction.atomic():
        if not _turn(channel, because):
            return []
        note(channel.workspace, Act.PAUSED, by=by, what=channel)
    return _park(channel, because=because, by=by)


def let_go_on(channel: Channel, *, by: User) -> list[Publication]:
    """The account may publish again; returns the posts that go on. Late ones ask their person."""
    require(by, Right.PUBLISH, channel.workspace)
    paused = Channel.objects.filter(pk=channel.pk, health=Health.PAUSED)
    with transaction.atomic():
        if not paused.update(health=Health.CONNECTED, health_reason="", paused_because=""):
            return []
        note(channel.workspace, Act.LET_GO_ON, by=by, what=channel)
    channel.refresh_from_db(fields=["health", "health_reason", "paused_because"])
    return unpark(channel, by=by, because="the account goes on")


def pause_for_refusal(publication: Publication, *, because: str) -> None:
    """The platform lets this account post nothing at all: spare the rest."""
    _pause_and_tell(publication, because)


def pause_after_failures(publication: Publication) -> None:
    """Call it after `publication` failed: several in a row stop the account, and ask."""
    if len(_failed_in_a_row(publication.channel)) >= IN_A_ROW:
        _pause_and_tell(publication, FAILED_IN_A_ROW)


def _pause_and_tell(publication: Publication, because: str) -> None:
    channel = publication.channel
    with transaction.atomic():
        if not _turn(channel, because):
            return  # it is stopped already
        publication.note(ENOUGH)
        tell(
            channel.workspace,
            NotificationKind.ATTENTION,
            key=f"channel {channel.pk} paused at {timezone.now():%Y-%m-%dT%H:%M:%SZ}",
            subject=f"{channel} is paused",
            text=f"{because} Its planned posts wait. Look at what went wrong, then let the account "
            "go on, on the Accounts page.",
            channel=channel,
        )
    _park(channel, because=because)


def _turn(channel: Channel, because: str) -> bool:
    running = Channel.objects.filter(pk=channel.pk, health=Health.CONNECTED)
    paused = {"health": Health.PAUSED, "health_reason": because, "paused_because": because}
    turned = bool(running.update(**paused))
    channel.refresh_from_db(fields=list(paused))
    return turned


def _park(channel: Channel, *, because: str, by: User | None = None) -> list[Publication]:
    return park(channel, because=because, by=by, reason=HeldReason.CHANNEL_PAUSED)


def _failed_in_a_row(channel: Channel) -> list[Publication]:
    """Posts that came to nothing for the account's or an unknown reason, since one went out."""
    ended = Publication.objects.filter(
        Q(state=State.FAILED) | Q(state=State.HELD, held_reason=HeldReason.CONFIGURATION),
        channel=channel,
    )
    since = _last_success_or_pause(channel)
    if since:
        ended = ended.filter(moved_at__gt=since)
    return [
        publication
        for publication in ended.order_by("-moved_at")[:LOOKED_AT]
        if not (publication.failure or {}).get("only_this_post")
    ]


def _last_success_or_pause(channel: Channel) -> datetime | None:
    moments = Publication.objects.filter(channel=channel).aggregate(
        published=Max("published_at"), delivered=Max("delivered_at")
    )
    notes = PublicationEvent.objects.filter(publication__channel=channel, because=ENOUGH)
    moments |= notes.aggregate(paused=Max("at"))
    return max((moment for moment in moments.values() if moment), default=None)
