"""Ending what TikTok allows us: for an account, or for a grant that nobody wants (Protocol 2.7)."""

import logging
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.encryption import Unreadable
from accounts.models import Act, Channel, User, note
from accounts.permissions import Right, require
from posts.models import Publication
from posts.models.publication_query import PublicationQuerySet
from posts.parking import park, stop_unfetched
from posts.states import State
from tiktok.errors import Temporary, TikTokError
from tiktok.oauth.grants import Grant
from tiktok.oauth.refusals import StillBusy
from tiktok.oauth.tokens_alive import BARELY_ALIVE, access_token
from tiktok.tokens import TokenClient

log = logging.getLogger(__name__)


BECAUSE = "the account was disconnected"


@dataclass(frozen=True, slots=True)
class Disconnected:
    held: list[Publication]  # what waited for its time and now waits for a reconnect
    revoked: bool  # False: the creator should look into the TikTok app


def in_flight(channel: Channel) -> PublicationQuerySet:
    """What is on its way, or may be."""
    return Publication.objects.filter(channel=channel, state__in=[State.SENDING, State.PROCESSING])


def disconnect(channel: Channel, *, by: User, now: bool = False) -> Disconnected:
    """Hold the account's posts, end our access at TikTok, forget the tokens, in this order.

    Raises PermissionDenied, and StillBusy while a post is on its way, unless `now`.
    """
    require(by, Right.CONNECT, channel.workspace)
    if not now and in_flight(channel).exists():
        raise StillBusy
    held = park(channel, because=BECAUSE, by=by)
    held += stop_unfetched(channel, because=BECAUSE, by=by)
    revoked = end_access(channel, because=f"Disconnected by {by}.", by=by)
    # What was begun meanwhile. Whoever comes later sees that the account is disconnected.
    held += stop_unfetched(channel, because=BECAUSE, by=by)
    return Disconnected(held, revoked)


def end_access(
    channel: Channel, *, because: str = "Its access was given back.", by: User | None = None
) -> bool:
    """Revoke at TikTok, then forget the tokens. False: TikTok has not confirmed it."""
    revoked = channel.refresh_token_sealed != "" and _revoke_access_of(channel)
    with transaction.atomic():
        channel.forget_tokens(because)
        if by:
            note(channel.workspace, Act.DISCONNECTED, by=by, what=channel)
    return revoked


def let_go(grant: Grant) -> bool:
    """End a grant that was refused, or never confirmed. False: TikTok should be asked once more.

    TikTok ends the app's whole access to that creator, not one token. So when the account is
    connected here, in whatever workspace, its grant is forgotten and not revoked: a stranger's
    attempt must not stop somebody's posts.
    """
    if _is_connected_here(grant.open_id):
        return True
    try:
        with _client() as client:
            token = grant.access_token
            if grant.access_expires_at - timezone.now() < BARELY_ALIVE:
                token = client.refresh(grant.refresh_token).access_token
            client.revoke(token)
    except Temporary as error:
        log.warning("a grant could not be revoked yet: %s", error)
        return False
    except TikTokError as error:
        log.warning("a grant could not be revoked: %s", error)
    return True


def revoke_quietly(*, open_id: str, access_token: str) -> None:
    """End fresh tokens before they became a Grant, as `let_go` would."""
    if _is_connected_here(open_id):
        return
    try:
        with _client() as client:
            client.revoke(access_token)
    except TikTokError as error:
        log.warning("fresh tokens could not be revoked: %s", error)


def _is_connected_here(open_id: str) -> bool:
    return Channel.objects.kept().filter(platform="tiktok", external_id=open_id).exists()


def _revoke_access_of(channel: Channel) -> bool:
    """Whether TikTok has confirmed it."""
    channel.refresh_from_db()
    try:
        if channel.token_is_fresh_for(BARELY_ALIVE):
            token = channel.access_token
        else:
            token = access_token(channel, alive_for=BARELY_ALIVE)
        with _client() as client:
            client.revoke(token)
    except (TikTokError, Unreadable) as error:
        log.warning("access to channel %s was not revoked: %s", channel.pk, error)
        return False
    return True


def _client() -> TokenClient:
    return TokenClient(
        settings.TIKTOK_CLIENT_KEY,
        settings.TIKTOK_CLIENT_SECRET,
        base_url=settings.TIKTOK_API_URL,
    )
