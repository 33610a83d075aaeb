"""Access tokens that live, and refreshes that happen once (Protocol 2.6).

TikTok kills a refresh token when it gives the next one. So a refresh is claimed in the row first,
TikTok is called outside of any transaction, and what came back is stored only if nobody stored
newer tokens meanwhile. Who finds the claim taken waits, and reads the row again.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.encryption import Unreadable
from accounts.models import Channel, Health
from posts.notifications import tell_disconnected
from posts.patience import DATABASE_AWAY
from tiktok.errors import GrantInvalid, NeedsReconnect, Temporary, TikTokError
from tiktok.tokens import TokenClient, Tokens

log = logging.getLogger(__name__)

BEFORE_PUBLISHING = timedelta(minutes=30)
BARELY_ALIVE = timedelta(seconds=2)  # enough for a call that begins now
TIMEOUT = (3.05, 15.0)  # seconds to connect, seconds for the whole answer
CLAIM_SECONDS = 60.0  # longer than two calls that both time out, and storing with patience
WAIT_SECONDS = 10.0  # for somebody else's refresh
LONGEST_PAUSE = 1.0  # seconds
STORE_PAUSES = (0.2, 1.0, 2.0, 4.0, 8.0)  # seconds, for a database that is away

ENDED = (
    "TikTok no longer accepts our key for this account: access was withdrawn there, or was not "
    "used for too long."
)
UNREADABLE = "Its keys can not be read any more, since TOKEN_ENCRYPTION_KEYS has changed."

TOKEN_FIELDS = (
    "access_token_sealed",
    "refresh_token_sealed",
    "access_expires_at",
    "refresh_expires_at",
    "token_version",
    "refreshing_until",
    "scopes",
    "health",
    "health_reason",
)


def access_token(channel: Channel, *, alive_for: timedelta = BEFORE_PUBLISHING) -> str:
    """A token that lives for `alive_for`, or just refreshed where TikTok's live shorter.

    The one in hand, when it does: if it was replaced or revoked since `channel` was read, TikTok
    says so, and `refresh` looks at the row.

    Raises NeedsReconnect when only a person can help, Configuration when the operator must, and
    Temporary. Never call it inside a transaction: it may call TikTok.
    """
    if channel.is_usable and channel.token_is_fresh_for(alive_for):
        with suppress(Unreadable):
            token: str = channel.access_token
            return token
    return _token(channel, is_good=lambda row: row.token_is_fresh_for(alive_for))


def refresh(channel: Channel, *, stale: str) -> str:
    """Another token than `stale`, of which TikTok has said that it is dead. Raises as above."""
    return _token(channel, is_good=lambda row: row.access_token != stale)


def _token(channel: Channel, *, is_good: Callable[[Channel], bool]) -> str:
    seen = None
    for pause in _pauses():
        row = Channel.objects.get(pk=channel.pk)
        _refuse_unusable(row)
        seen = row.token_version if seen is None else seen
        try:
            # Somebody else's refresh serves us too, however short TikTok's tokens live.
            just_made = row.token_version != seen and row.token_is_fresh_for(BARELY_ALIVE)
            if just_made or is_good(row):
                return _hand_over(channel, row)
            if row.claim_refresh(seconds=CLAIM_SECONDS) and _refresh_claimed(row):
                return _hand_over(channel, row)
        except Unreadable as error:
            _turn_red(row, UNREADABLE)
            raise NeedsReconnect(UNREADABLE) from error
        time.sleep(pause)
    raise _refreshed_by_another(channel)


def _refreshed_by_another(channel: Channel) -> Temporary:
    """Whoever has claimed the refresh may have died of it: then the claim must end first."""
    row = Channel.objects.get(pk=channel.pk)
    left = row.refreshing_until - timezone.now() if row.refreshing_until else timedelta(0)
    return Temporary(
        "somebody else's refresh of this account does not end",
        retry_after=max(left.total_seconds(), 1.0),
    )


def _refuse_unusable(row: Channel) -> None:
    if row.health in {Health.NEEDS_RECONNECT, Health.DISCONNECTED}:
        raise NeedsReconnect(row.health_reason)


def _refresh_claimed(row: Channel) -> bool:
    """Refresh by right of our claim. False when somebody stored newer tokens meanwhile."""
    try:
        tokens = _ask(row.refresh_token)
    except GrantInvalid as error:
        # No proof that consent is gone, unless ours were the newest tokens, and nobody is at it.
        if _turn_red(row, ENDED, by_claim=True):
            log.warning("channel %s must be reconnected: %s", row.pk, error)
            raise
        return False
    except TikTokError:
        row.release_refresh()
        raise
    return _store(row, tokens)


def _turn_red(row: Channel, because: str, *, by_claim: bool = False) -> bool:
    """False when newer tokens have arrived meanwhile, or are being asked for."""
    with transaction.atomic():
        turned = row.mark_needs_reconnect(because, by_claim=by_claim)
        if turned:
            tell_disconnected(row, because=because)
    return turned


def _store(row: Channel, tokens: Tokens) -> bool:
    """Store what TikTok gave, with patience: the old tokens are dead, and there are no others.

    A second try harms nothing: if the first was written after all, the version says so.
    """
    for pause in (*STORE_PAUSES, None):
        try:
            return row.store_tokens(
                access_token=tokens.access_token,
                refresh_token=tokens.refresh_token,
                access_expires_at=tokens.expires_at,
                refresh_expires_at=tokens.refresh_expires_at,
                scopes=sorted(tokens.scopes) or row.scopes,
            )
        except DATABASE_AWAY as error:
            if pause is None:
                raise
            log.warning("new tokens of channel %s wait for the database: %s", row.pk, error)
            connection.close()
            time.sleep(pause)
    raise AssertionError("the last try returns or raises")


def _ask(refresh_token: str) -> Tokens:
    with TokenClient(
        settings.TIKTOK_CLIENT_KEY,
        settings.TIKTOK_CLIENT_SECRET,
        base_url=settings.TIKTOK_API_URL,
        timeout=TIMEOUT,
    ) as client:
        try:
            return client.refresh(refresh_token)
        except Temporary as error:
            if error.outcome_known:
                raise
            # The answer was lost: our token may be dead already, and one more try will tell.
            log.warning("a refresh went unanswered (%s); asking once more", error)
            return client.refresh(refresh_token)


def _hand_over(channel: Channel, row: Channel) -> str:
    """Let the caller's row know what ours knows."""
    for name in TOKEN_FIELDS:
        setattr(channel, name, getattr(row, name))
    token: str = row.access_token
    return token


def _pauses() -> Iterator[float]:
    """Seconds to wait before each next look; uneven, so that no crowd forms.

    Never for so long that the lease, by whose right a worker waits, might end meanwhile.
    """
    ends = time.monotonic() + min(WAIT_SECONDS, settings.LEASE_SECONDS / 2)
    pause = 0.05
    while time.monotonic() < ends:
        yield pause * random.uniform(0.5, 1.0)  # noqa: S311 (no secret hangs on it)
        pause = min(pause * 2, LONGEST_PAUSE)
