"""How much a creator and an app may post within a day (Protocol 5.5, 6, 14)."""

import sqlite3

from tiktok.sandbox.refusals import Refusal
from tiktok.sandbox.settings import Settings

UNAUDITED_CREATORS = 5

# A publication that has failed, or whose upload ran out of time, takes up no room.
_COUNT = """
SELECT count(*) FROM publications JOIN uploads USING (publish_id)
WHERE creator_id = :creator
    AND failed_at IS NULL
    AND NOT (planned_failure IS NOT NULL AND ready_at IS NOT NULL AND ready_at <= :now)
    AND (completed_at IS NOT NULL OR expires_at > :now)
    AND publications.created_at > :since
"""


def direct_posts(db: sqlite3.Connection, creator_id: int, settings: Settings, now: float) -> int:
    """Posts of this creator through any app in the last day."""
    return _count(db, "mode = 'direct'", creator_id, settings, now)


def pending_drafts(db: sqlite3.Connection, creator_id: int, settings: Settings, now: float) -> int:
    """Drafts of the last day that the creator has neither posted nor dropped."""
    waiting = (
        "mode = 'inbox' AND dropped_at IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM videos WHERE videos.publish_id = publications.publish_id)"
    )
    return _count(db, waiting, creator_id, settings, now)


def _count(
    db: sqlite3.Connection, condition: str, creator_id: int, settings: Settings, now: float
) -> int:
    (number,) = db.execute(
        f"{_COUNT} AND {condition}",
        {"creator": creator_id, "now": now, "since": now - settings.cap_window_seconds},
    ).fetchone()
    return int(number)


def _app_is_full(db: sqlite3.Connection, creator_id: int, settings: Settings, now: float) -> bool:
    cap = settings.active_creator_cap
    if not settings.audited:
        cap = min(UNAUDITED_CREATORS, UNAUDITED_CREATORS if cap is None else cap)
    if cap is None:
        return False
    rows = db.execute(
        "SELECT DISTINCT creator_id FROM publications WHERE client_key = ? AND created_at > ?",
        [settings.client_key, now - settings.cap_window_seconds],
    ).fetchall()
    active = {row["creator_id"] for row in rows}
    return creator_id not in active and len(active) >= cap


def refuse_if_banned(creator: sqlite3.Row) -> None:
    if creator["banned"]:
        raise Refusal(
            "spam_risk_user_banned_from_posting", "The creator is banned from making new posts."
        )


def refuse_if_direct_posts_are_used_up(
    db: sqlite3.Connection, creator: sqlite3.Row, settings: Settings, now: float
) -> None:
    """Raise what creator_info and the init of a direct post have in common."""
    refuse_if_banned(creator)
    if direct_posts(db, creator["id"], settings, now) >= settings.direct_post_cap:
        raise Refusal(
            "spam_risk_too_many_posts", "The creator's posts through apps are used up for today."
        )
    if _app_is_full(db, creator["id"], settings, now):
        raise Refusal("reached_active_user_cap", "The app has used up its creators for today.")


def refuse_if_inbox_is_full(
    db: sqlite3.Connection, creator: sqlite3.Row, settings: Settings, now: float
) -> None:
    if pending_drafts(db, creator["id"], settings, now) >= settings.draft_cap:
        raise Refusal(
            "spam_risk_too_many_pending_share", "Too many drafts wait in the creator's inbox."
        )
