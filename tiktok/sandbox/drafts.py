"""What a creator does with a draft in the inbox (Protocol 6): the app's part of the pretence."""

import sqlite3

from tiktok.sandbox import creators, publications, videos
from tiktok.sandbox.fields import is_unicode, utf16_length
from tiktok.sandbox.init_body import CAPTION_LIMIT, DESCRIPTION_LIMIT
from tiktok.sandbox.publications import Status
from tiktok.sandbox.settings import Settings


class BadDraft(ValueError):
    """The draft can not be posted so; the text is for the creator."""


def post(
    db: sqlite3.Connection,
    publish_id: str,
    *,
    caption: str,
    privacy: str,
    settings: Settings,
    now: float,
) -> int:
    """Publish a draft, perhaps not for the first time. Returns the video's id."""
    draft = waiting_draft(db, publish_id, now)
    creator = creators.by_id(db, draft["creator_id"])
    if privacy not in creators.privacy_options(creator):
        raise BadDraft("Choose who can watch this video.")
    limit = DESCRIPTION_LIMIT if draft["is_photos"] else CAPTION_LIMIT
    if not is_unicode(caption) or utf16_length(caption) > limit:
        raise BadDraft(f"A caption has at most {limit} characters.")
    disabled = creators.interactions_disabled(creator)
    return videos.put_live(
        db,
        draft,
        at=now,
        moderated_at=now + settings.moderation_seconds,
        caption=caption,
        privacy=privacy,
        disable_comment=disabled["comment"],
        disable_duet=disabled["duet"],
        disable_stitch=disabled["stitch"],
    )


def drop(db: sqlite3.Connection, publish_id: str, now: float) -> None:
    """Throw a draft away. TikTok tells nobody: its status stays what it was."""
    waiting_draft(db, publish_id, now)
    db.execute("UPDATE publications SET dropped_at = ? WHERE publish_id = ?", [now, publish_id])


def waiting_draft(db: sqlite3.Connection, publish_id: str, now: float) -> sqlite3.Row:
    """Return a draft that lies in an inbox. Raises BadDraft."""
    draft = publications.find(db, publish_id)
    in_the_inbox = (Status.SEND_TO_USER_INBOX, Status.PUBLISH_COMPLETE)
    if (
        draft is None
        or draft["mode"] != "inbox"
        or draft["dropped_at"] is not None
        or publications.status(db, draft, now) not in in_the_inbox
    ):
        raise BadDraft("There is no such draft in the inbox.")
    return draft
