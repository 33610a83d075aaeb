"""How each account of a workspace is, in a line; the Accounts page has all of it."""

from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.connectors import connector_of
from accounts.models import Channel, Health, Workspace
from posts.parking import FOR_THE_ACCOUNT
from posts.states import State


@dataclass(frozen=True)
class AccountHealth:
    channel: Channel
    usage: str  # of the platform's own limits
    reconnect_url: str
    let_go_on_url: str
    posts_waiting: int  # held until the account can go on

    @property
    def needs_reconnect(self) -> bool:
        return self.channel.health == Health.NEEDS_RECONNECT

    @property
    def is_in_need(self) -> bool:
        return self.needs_reconnect or self.channel.health == Health.PAUSED

    @property
    def told(self) -> tuple[object, ...]:
        """What a person sees of it."""
        return (self.channel.pk, self.channel.health, self.usage, self.posts_waiting)


def health_of(workspace: Workspace) -> list[AccountHealth]:
    """Those in need first. Three queries and one for each platform."""
    waiting = Q(publications__state=State.HELD, publications__held_reason__in=FOR_THE_ACCOUNT)
    waiting &= Q(publications__post__archived_at=None)
    kept = workspace.channels.kept().annotate(posts_waiting=Count("publications", filter=waiting))
    channels = list(kept)
    usage: dict[int, str] = {}
    for key in {channel.platform for channel in channels}:
        ours = [channel for channel in channels if channel.platform == key and channel.is_usable]
        connector = connector_of(ours[0]) if ours else None
        usage |= connector.usage(ours) if connector else {}
    told = [_told(channel, usage.get(channel.pk, "")) for channel in channels]
    return sorted(told, key=lambda account: not account.is_in_need)


def _told(channel: Channel, usage: str) -> AccountHealth:
    connector = connector_of(channel)
    return AccountHealth(
        channel=channel,
        usage=usage,
        reconnect_url=connector.reconnect_url(channel) if connector else "",
        let_go_on_url=connector.let_go_on_url(channel) if connector else "",
        posts_waiting=channel.posts_waiting,  # type: ignore[attr-defined]
    )
