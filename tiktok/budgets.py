"""How often TikTok may be asked for one account, by all workers together (Protocol 1).

Inits are counted exactly, in the ledger itself. Of the other calls each channel has a row that is
counted up by one atomic UPDATE (see CallBudget). People who look leave some for what is to be sent.
What TikTok refuses all the same blocks that call for every worker.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Channel
from posts.models import Attempt
from tiktok import client
from tiktok.errors import BudgetUsedUp, RateLimited
from tiktok.limits import (
    CREATOR_INFO_PER_MINUTE,
    INITS_PER_MINUTE,
    RATE_LIMIT_PAUSE_SECONDS,
    STATUS_PER_MINUTE,
)
from tiktok.models import CallBudget

INIT, CREATOR_INFO, STATUS = "init", "creator_info", "status"
CALL_AT = {
    client.CREATOR_INFO: CREATOR_INFO,
    client.STATUS: STATUS,
    client.DIRECT_INIT: INIT,
    client.INBOX_INIT: INIT,
    client.CONTENT_INIT: INIT,
}
MOST = {CREATOR_INFO: CREATOR_INFO_PER_MINUTE, STATUS: STATUS_PER_MINUTE}
FOR_SENDINGS = INITS_PER_MINUTE + 1  # of creator_info: each sending looks before its init
MINUTE = timedelta(minutes=1)
STRETCH = (1.0, 1.2)  # jitter, so that not all come back at once
INIT_WINDOW = MINUTE + timedelta(seconds=2)  # ours begins before TikTok's, by the way to it

# In plain SQL, since it stands before every call, and putting it together would cost more than
# the call itself.
COUNT = """
    UPDATE tiktok_callbudget SET
        used = CASE WHEN window_began > %(a_minute_ago)s THEN used + 1 ELSE 1 END,
        used_before = CASE
            WHEN window_began > %(a_minute_ago)s THEN used_before
            WHEN window_began > %(two_minutes_ago)s THEN used
            ELSE 0
        END,
        window_began = CASE
            WHEN window_began > %(a_minute_ago)s THEN window_began
            ELSE %(now)s
        END
    WHERE channel_id = %(channel)s
        AND call = %(call)s
        AND (blocked_until IS NULL OR blocked_until <= %(now)s)
        AND CASE
            WHEN window_began > %(a_minute_ago)s THEN used + used_before < %(most)s
            WHEN window_began > %(two_minutes_ago)s THEN used < %(most)s
            ELSE true
        END
"""


class Turnstile:
    """Stands before every call in the name of `channel`; `leave` of each budget are for others."""

    def __init__(self, channel: Channel, *, leave: int = 0) -> None:
        self._channel = channel
        self._leave = leave

    def enter(self, path: str) -> None:
        """Count a call, or raise BudgetUsedUp with the seconds until there may be another."""
        call = CALL_AT.get(path, "")
        if call not in MOST:
            return  # the ledger counts inits, and `sending_opens_at` looks at it
        if self._count(call):
            return
        now = timezone.now()
        budget, is_new = CallBudget.objects.get_or_create(
            channel=self._channel, call=call, defaults={"window_began": now, "used": 1}
        )
        if is_new or self._count(call):
            return
        wait = (_opens_at(budget) or now) - now
        raise BudgetUsedUp(f"no {call} left", retry_after=max(wait.total_seconds(), 1.0))

    def refused(self, path: str, error: RateLimited) -> None:
        """TikTok has said that it was too often: nobody asks again before the pause is over."""
        call = CALL_AT.get(path)
        if call is None:
            return
        seconds = error.retry_after or RATE_LIMIT_PAUSE_SECONDS
        stretch = random.uniform(*STRETCH)  # noqa: S311 (no secret hangs on it)
        until = timezone.now() + timedelta(seconds=seconds * stretch)
        CallBudget.objects.update_or_create(
            channel=self._channel, call=call, defaults={"blocked_until": until}
        )

    def _count(self, call: str) -> bool:
        now = timezone.now()
        moments = {"now": now, "a_minute_ago": now - MINUTE, "two_minutes_ago": now - 2 * MINUTE}
        adapted = connection.ops.adapt_datetimefield_value
        values: dict[str, Any] = {name: adapted(moment) for name, moment in moments.items()}
        values |= {"channel": self._channel.pk, "call": call, "most": MOST[call] - self._leave}
        with connection.cursor() as cursor:
            cursor.execute(COUNT, values)
            return bool(cursor.rowcount)


def sending_opens_at(channel: Channel) -> datetime | None:
    """When the next post of `channel` may begin; None: now.

    One publication of a channel sends at a time, so nobody begins another meanwhile.
    """
    budgets = CallBudget.objects.filter(channel=channel, call__in=[INIT, CREATOR_INFO])
    moments = [_window_opens_at(channel), *map(_opens_at, budgets)]
    return max((moment for moment in moments if moment), default=None)


def _window_opens_at(channel: Channel) -> datetime | None:
    began_after = timezone.now() - INIT_WINDOW
    inits = Attempt.objects.filter(publication__channel=channel, intended_at__gt=began_after)
    times = inits.order_by("-intended_at").values_list("intended_at", flat=True)
    latest = list(times[:INITS_PER_MINUTE])
    return latest[-1] + INIT_WINDOW if len(latest) == INITS_PER_MINUTE else None


def _opens_at(budget: CallBudget) -> datetime | None:
    """When there may be another call; None: now. Its row is as it was a moment ago."""
    now = timezone.now()
    moments = [budget.blocked_until]
    most = MOST.get(budget.call)
    if most is not None and budget.used + budget.used_before >= most:
        moments.append(budget.window_began + MINUTE)
    if most is not None and budget.used >= most:
        moments.append(budget.window_began + 2 * MINUTE)
    return max((moment for moment in moments if moment and moment > now), default=None)
