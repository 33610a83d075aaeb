"""Trouble by caption: `#sandbox:<word>` in the text of a post.

#sandbox:rate_limit_exceeded     the init is refused with this code, each time
#sandbox:rate_limit_exceeded:2   ... twice, then the same caption passes
#sandbox:frame_rate_check_failed processing ends as FAILED with this reason
#sandbox:internal:1              ... once
#sandbox:failed:spam_risk_too_many_posts[:1]
                                 ... for the words that are both a code and a reason
#sandbox:stuck                   processing never ends
#sandbox:slow:30                 processing takes 30 seconds
"""

import re
import sqlite3
from dataclasses import dataclass

from tiktok.sandbox.refusals import FAIL_REASONS, STATUS_OF_CODE, Refusal, invalid

TAG = re.compile(r"#sandbox:(?P<failed>failed:)?(?P<word>[a-z_]+)(?::(?P<number>\d{1,6}))?")


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a caption asks for."""

    refuse_with: str | None = None
    fail_reason: str | None = None
    times: int | None = None  # None: always
    stuck: bool = False
    slow_seconds: float | None = None


def scenario_of(caption: str) -> Scenario:
    """Return what the first tag asks for. A word that nobody knows is refused, not ignored."""
    tag = TAG.search(caption)
    if tag is None:
        return Scenario()
    word = tag["word"]
    number = int(tag["number"]) if tag["number"] else None
    if word in STATUS_OF_CODE and not tag["failed"]:
        return Scenario(refuse_with=word, times=number)
    if word in FAIL_REASONS:
        return Scenario(fail_reason=word, times=number)
    if word == "stuck" and number is None:
        return Scenario(stuck=True)
    if word == "slow" and number is not None:
        return Scenario(slow_seconds=number)
    raise invalid(f"the sandbox does not know {tag[0]}")


def play(db: sqlite3.Connection, creator_id: int, caption: str) -> Scenario:
    """Return what this init is to meet now: a scenario that has run its times is over."""
    scenario = scenario_of(caption)
    if scenario.times is None:
        return scenario
    (hits,) = db.execute(
        "SELECT coalesce(max(hits), 0) FROM caption_troubles WHERE creator_id = ? AND caption = ?",
        [creator_id, caption],
    ).fetchone()
    if hits >= scenario.times:
        return Scenario()
    db.execute(
        "INSERT INTO caption_troubles (creator_id, caption, hits) VALUES (?, ?, 1)"
        " ON CONFLICT (creator_id, caption) DO UPDATE SET hits = hits + 1",
        [creator_id, caption],
    )
    return scenario


def refuse_if_asked(scenario: Scenario) -> None:
    if scenario.refuse_with:
        raise Refusal(scenario.refuse_with, "The caption asked the sandbox for this answer.")
