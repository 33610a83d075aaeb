"""A grant that waits, sealed and bound to one browser, until a person there has confirmed it."""

import hashlib
import logging
from datetime import timedelta

from django.utils import timezone

from accounts.encryption import Unreadable
from tiktok.models import ConnectState
from tiktok.oauth.grants import Grant
from tiktok.oauth.leaving import let_go

log = logging.getLogger(__name__)

TIME_TO_CONFIRM = timedelta(minutes=10)
CLOCKS_DIFFER_BY = timedelta(minutes=1)  # at most, between our machines
KEEP_TRYING_FOR = timedelta(hours=1)  # to revoke; after that erasing matters more
FORGET_AFTER = timedelta(days=1)


def keep(asked: ConnectState, grant: Grant, *, browser_key: str) -> None:
    """Seal the grant; only who holds `browser_key` can confirm it."""
    asked.grant = grant.to_text()
    asked.browser = _digest(browser_key)
    asked.expires_at = timezone.now() + TIME_TO_CONFIRM
    asked.save(update_fields=["grant_sealed", "browser", "expires_at"])


def waiting(pk: int, *, browser_key: str) -> tuple[ConnectState, Grant] | None:
    """What waits under `pk` for this very browser, in time or late."""
    if not browser_key:
        return None
    mine = ConnectState.objects.filter(pk=pk, browser=_digest(browser_key))
    asked = (
        mine.exclude(grant_sealed="").select_related("asked_by", "workspace", "reconnects").first()
    )
    return (asked, Grant.from_text(asked.grant)) if asked else None


def claim(asked: ConnectState) -> bool:
    """Erase what waits, and be the only one who has it. False when another was quicker."""
    theirs = ConnectState.objects.filter(pk=asked.pk, grant_sealed=asked.grant_sealed)
    return bool(theirs.exclude(grant_sealed="").update(grant_sealed="", browser=""))


def sweep_unconfirmed() -> int:
    """Revoke and erase what nobody confirmed in time; forget old states. Counts the erased."""
    now = timezone.now()
    # A confirmation in the last second, by the clock of another machine, is not undone.
    late = ConnectState.objects.exclude(grant_sealed="").filter(
        expires_at__lt=now - CLOCKS_DIFFER_BY
    )
    erased = 0
    for asked in late:
        hopeless = asked.expires_at < now - KEEP_TRYING_FOR
        if (_let_go(asked) or hopeless) and claim(asked):
            erased += 1
    old = ConnectState.objects.filter(grant_sealed="", expires_at__lt=now - FORGET_AFTER)
    old.delete()
    return erased


def _let_go(asked: ConnectState) -> bool:
    try:
        grant = Grant.from_text(asked.grant)
    except Unreadable as error:
        log.warning("an unconfirmed grant can only be erased: %s", error)
        return True
    return let_go(grant)


def _digest(browser_key: str) -> str:
    return hashlib.sha256(browser_key.encode()).hexdigest()
