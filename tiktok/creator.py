"""What a creator may do now, asked of TikTok for one channel."""

from accounts.models import Channel
from tiktok.answers import CreatorInfo
from tiktok.budgets import FOR_SENDINGS
from tiktok.calls import as_creator


def creator_info(channel: Channel, *, for_sending: bool = False) -> CreatorInfo:
    """Ask TikTok, never a cache (Protocol 4). Raises errors.TikTokError.

    Who only looks leaves enough calls of the minute to what is due `for_sending`.

    What the account is called may have changed: links and pages use what TikTok says now.
    """
    leave = 0 if for_sending else FOR_SENDINGS
    info = as_creator(channel, lambda client: client.creator_info(), leave=leave)
    names = {"display_name": info.nickname[:200], "username": info.username[:200]}
    changed = {
        name: value for name, value in names.items() if value and getattr(channel, name) != value
    }
    if changed:
        for name, value in changed.items():
            setattr(channel, name, value)
        channel.save(update_fields=list(changed))
    return info
