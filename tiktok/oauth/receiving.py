"""The way back from TikTok's consent page (Protocol 2.4, 2.5)."""

import logging
import re

from django.conf import settings
from django.utils import timezone

from tiktok.answers import UserInfo
from tiktok.client import TikTokClient
from tiktok.errors import GrantInvalid, MissingScope, TikTokError
from tiktok.models import ConnectState
from tiktok.oauth.grants import Grant
from tiktok.oauth.leaving import revoke_quietly
from tiktok.oauth.refusals import Broken, StateUnusable
from tiktok.tokens import TokenClient, Tokens, split_scopes

log = logging.getLogger(__name__)
_STATE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def take(state: str) -> ConnectState:
    """Use up the connection in progress that `state` names. Raises StateUnusable."""
    if not _STATE.fullmatch(state):
        raise StateUnusable("This address is not complete, so nothing was connected.")
    now = timezone.now()
    # One statement, so that of two answers to one question exactly one is heard.
    fresh = ConnectState.objects.filter(state=state, used_at=None, expires_at__gt=now)
    taken = fresh.update(used_at=now)
    asked = ConnectState.objects.select_related("asked_by", "workspace", "reconnects").filter(
        state=state
    )
    found = asked.first()
    if taken and found:
        return found
    raise StateUnusable(_why_unusable(found))


def receive(asked: ConnectState, code: str, *, said_scopes: str = "") -> Grant:
    """Exchange the callback's `code` and ask TikTok whose it is.

    `said_scopes` is the callback's own list, which counts only if the tokens come without one.
    Raises Broken and TikTokError; then no token is left alive.
    """
    tokens = _exchange(asked, code)
    scopes = tuple(sorted(tokens.scopes or split_scopes(said_scopes)))
    try:
        person = _person(tokens, scopes)
    except TikTokError:
        revoke_quietly(open_id=tokens.open_id, access_token=tokens.access_token)
        raise
    if person.open_id and person.open_id != tokens.open_id:
        log.error("TikTok gave the tokens of one account and the profile of another")
        revoke_quietly(open_id=tokens.open_id, access_token=tokens.access_token)
        raise Broken
    return Grant.of(tokens, scopes=scopes, person=person)


def _exchange(asked: ConnectState, code: str) -> Tokens:
    with TokenClient(
        settings.TIKTOK_CLIENT_KEY,
        settings.TIKTOK_CLIENT_SECRET,
        base_url=settings.TIKTOK_API_URL,
    ) as client:
        try:
            tokens = client.exchange(
                code, settings.TIKTOK_REDIRECT_URI, asked.code_verifier or None
            )
        except GrantInvalid as error:
            raise Broken(
                "TikTok's answer took too long or came twice, so nothing was connected."
            ) from error
    if not tokens.refresh_token:
        raise Broken("TikTok gave only a passing permission, so nothing was connected.")
    return tokens


def _person(tokens: Tokens, scopes: tuple[str, ...]) -> UserInfo:
    with TikTokClient(tokens.access_token, base_url=settings.TIKTOK_API_URL) as client:
        try:
            return client.user_info(scopes)
        except MissingScope:
            return UserInfo()  # the creator keeps their name to themselves; the tokens still work


def _why_unusable(found: ConnectState | None) -> str:
    if found is None:
        return "Nobody here asked for this connection, or it was too long ago."
    if found.used_at is not None:
        return "This answer of TikTok's was used already; it works once."
    return "It took more than ten minutes to come back from TikTok, so nothing was connected."
