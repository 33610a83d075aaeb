"""Calls to TikTok in the name of a channel: with a token that lives, refreshed when it does not."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.conf import settings

from accounts.models import Channel
from tiktok import oauth
from tiktok.budgets import Turnstile
from tiktok.client import TikTokClient
from tiktok.errors import TokenInvalid
from tiktok.kept_session import kept_session

Answer = TypeVar("Answer")

LAZY = timedelta(minutes=10)  # refresh when less is left (Protocol 2.6)
BEFORE_PUBLISHING = timedelta(minutes=30)


def as_creator(
    channel: Channel,
    call: Callable[[TikTokClient], Answer],
    *,
    alive_for: timedelta = LAZY,
    leave: int = 0,
) -> Answer:
    """Make one call; when TikTok says that the token is dead, refresh once and repeat it.

    Repeating is safe for any call: TikTok certainly did nothing (Protocol 3, 401). `leave`: how
    many calls of this minute must be left for others afterwards.
    """
    token = oauth.access_token(channel, alive_for=alive_for)
    try:
        return call(_client(channel, token, leave))
    except TokenInvalid:
        token = oauth.refresh(channel, stale=token)
    return call(_client(channel, token, leave))


def _client(channel: Channel, token: str, leave: int) -> TikTokClient:
    url = settings.TIKTOK_API_URL
    return TikTokClient(
        token, base_url=url, session=kept_session(url), turnstile=Turnstile(channel, leave=leave)
    )
