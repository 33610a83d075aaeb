"""TikTok tells that a creator's access for us has ended: authorization.removed (Protocol 11)."""

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.models import Channel
from posts.notifications import tell_disconnected
from posts.parking import park

if TYPE_CHECKING:
    from tiktok.models import WebhookEvent

log = logging.getLogger(__name__)

BY_US = "5"
DISCONNECTING = timedelta(minutes=1)  # we end the access before we forget the account's tokens
TOLD_TO = timedelta(seconds=1)  # how exactly an event tells its moment: by its first instant

# TikTok's numbers, in words; 0 is "unknown".
WHY = {
    "1": "The account's owner disconnected this app inside TikTok.",
    "2": "The TikTok account was deleted.",
    "3": "TikTok ended the access, since the age given for the account has changed.",
    "4": "TikTok has banned the account.",
    BY_US: "This app itself ended the access at TikTok.",
}
UNKNOWN = "TikTok ended the access to this account and did not say why."


def access_removed(event: "WebhookEvent") -> str | None:
    """Turn the account red, forget its tokens, park its posts, tell people. In a transaction.

    Not when it was connected again since, and not when we had disconnected it ourselves.
    Returns what it led to, in words; None when that must be seen later.
    """
    known = Channel.objects.filter(platform="tiktok", external_id=event.external_id)
    channel = known.kept().select_related("workspace").first()
    if channel is None:
        return "nothing: the account is not connected here"
    reason = event.content.get("reason", "")
    if reason == BY_US and event.received_at > timezone.now() - DISCONNECTING:
        return None
    why = WHY.get(reason, UNKNOWN)
    at = event.happened_at or event.received_at
    if at < channel.connected_at < at + TOLD_TO:
        channel.doubt_access()
        return "it was connected in that very second: the next call asks TikTok whether it still is"
    if not channel.lose_access(why, at=at):
        return "nothing: it was connected again since"
    held = park(channel, because=why)
    tell_disconnected(channel, because=why)
    log.warning("access to channel %s was removed: %s", channel.pk, why)
    return f"the account is disconnected; {len(held)} posts wait for it"
