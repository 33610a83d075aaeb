"""The people of the sandbox, and what their accounts allow (Protocol 4)."""

import json
import re
import secrets
import sqlite3
from typing import Any

from tiktok.sandbox.fields import is_unicode

HANDLE = re.compile(r"[a-z0-9._]{2,24}")
DISPLAY_NAME_LENGTH = 30
# Longest video in seconds: every creator may post 3 minutes, some 5 or 10 (Protocol 9).
DURATIONS = (180, 300, 600)

PUBLIC = "PUBLIC_TO_EVERYONE"
FRIENDS = "MUTUAL_FOLLOW_FRIENDS"
FOLLOWERS = "FOLLOWER_OF_CREATOR"
ONLY_ME = "SELF_ONLY"
PRIVACY_LABELS = {
    PUBLIC: "Everyone",
    FRIENDS: "Friends",
    FOLLOWERS: "Followers",
    ONLY_ME: "Only you",
}

# What the creator, or a test, may change; with the type that each wants.
CHANGEABLE: dict[str, type] = {
    "handle": str,
    "display_name": str,
    "bio": str,
    "private": bool,
    "comment_disabled": bool,
    "duet_disabled": bool,
    "stitch_disabled": bool,
    "max_video_post_duration_sec": int,
    "banned": bool,
    "privacy_options": list,
}


class BadCreator(ValueError):
    """A creator that can not be; the text says why, and `field` what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def create(db: sqlite3.Connection, values: dict[str, Any], *, now: float) -> sqlite3.Row:
    """Make a creator from `handle` and anything else of CHANGEABLE. Raises BadCreator."""
    row = _checked({"display_name": values.get("handle")} | values)
    if "handle" not in row:
        raise BadCreator("handle", "A creator needs a handle.")
    if find(db, row["handle"]):
        raise BadCreator("handle", f"@{row['handle']} exists already.")
    row |= {"created_at": now, "union_id": secrets.token_urlsafe(24)}
    names = ", ".join(row)
    marks = ", ".join("?" * len(row))
    db.execute(
        f"INSERT INTO creators ({names}) VALUES ({marks})",  # noqa: S608 (names of our own)
        list(row.values()),
    )
    return by_handle(db, row["handle"])


def change(db: sqlite3.Connection, handle: str, values: dict[str, Any]) -> sqlite3.Row:
    """Change some of CHANGEABLE. Raises BadCreator, also when the new handle is taken."""
    row = _checked(values)
    new_handle = row.get("handle", handle)
    if new_handle != handle and find(db, new_handle):
        raise BadCreator("handle", f"@{new_handle} exists already.")
    if row:
        assignments = ", ".join(f"{name} = ?" for name in row)
        db.execute(
            f"UPDATE creators SET {assignments} WHERE handle = ?",  # noqa: S608 (checked names)
            [*row.values(), handle],
        )
    return by_handle(db, new_handle)


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    row = {name: _typed(name, value) for name, value in values.items()}
    if "handle" in row and not HANDLE.fullmatch(row["handle"]):
        raise BadCreator(
            "handle", "A handle has 2 to 24 characters: small letters, digits, dots, underscores."
        )
    if "display_name" in row:
        row["display_name"] = row["display_name"].strip()
        if not 1 <= len(row["display_name"]) <= DISPLAY_NAME_LENGTH:
            raise BadCreator(
                "display_name", f"A display name has 1 to {DISPLAY_NAME_LENGTH} characters."
            )
    if row.get("max_video_post_duration_sec", 1) < 1:
        raise BadCreator("max_video_post_duration_sec", "The longest video lasts at least 1 s.")
    return row


def _typed(name: str, value: Any) -> Any:
    """Return the value as the table keeps it, or raise BadCreator."""
    if name not in CHANGEABLE:
        raise BadCreator(name, f"A creator has no {name!r}.")
    if name == "privacy_options" and value is None:
        return None
    texts = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    if type(value) is not CHANGEABLE[name] or not all(
        isinstance(text, str) and is_unicode(text) for text in texts
    ):
        raise BadCreator(name, f"{name} can not be {value!r}.")
    return json.dumps(value) if isinstance(value, list) else value


def find(db: sqlite3.Connection, handle: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM creators WHERE handle = ?", [handle]
    ).fetchone()
    return row


def by_handle(db: sqlite3.Connection, handle: str) -> sqlite3.Row:
    """Return the creator, or raise KeyError."""
    row = find(db, handle)
    if row is None:
        raise KeyError(handle)
    return row


def by_id(db: sqlite3.Connection, creator_id: int) -> sqlite3.Row:
    row: sqlite3.Row = db.execute("SELECT * FROM creators WHERE id = ?", [creator_id]).fetchone()
    return row


def everyone(db: sqlite3.Connection) -> list[sqlite3.Row]:
    return db.execute("SELECT * FROM creators ORDER BY display_name, handle").fetchall()


def privacy_options(creator: sqlite3.Row) -> list[str]:
    """What this account offers now, in TikTok's order (Protocol 4)."""
    if creator["privacy_options"] is not None:
        chosen: list[str] = json.loads(creator["privacy_options"])
        return chosen
    first = FOLLOWERS if creator["private"] else PUBLIC
    return [first, FRIENDS, ONLY_ME]


def interactions_disabled(creator: sqlite3.Row) -> dict[str, bool]:
    """Which of comment, duet and stitch the account forbids: a private one forbids two."""
    private = bool(creator["private"])
    return {
        "comment": bool(creator["comment_disabled"]),
        "duet": private or bool(creator["duet_disabled"]),
        "stitch": private or bool(creator["stitch_disabled"]),
    }


def as_json(creator: sqlite3.Row) -> dict[str, Any]:
    """Every CHANGEABLE field, for the control endpoint."""
    flags = {name: bool(creator[name]) for name, kind in CHANGEABLE.items() if kind is bool}
    plain = {name: creator[name] for name in CHANGEABLE if name not in flags}
    return plain | flags | {"privacy_options": privacy_options(creator)}
