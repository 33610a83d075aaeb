"""Codes, access tokens and refresh tokens (Protocol 2.4 to 2.7)."""

import secrets
import sqlite3
from dataclasses import dataclass
from typing import Any

from tiktok.sandbox.settings import Settings


@dataclass(frozen=True, slots=True)
class Consent:
    """What a creator said yes to."""

    creator_id: int
    scopes: tuple[str, ...]
    redirect_uri: str
    challenge: str | None  # 64 hex digits, or whatever else the client sent


def issue_code(db: sqlite3.Connection, consent: Consent, settings: Settings, now: float) -> str:
    """Return a code for one exchange. Real ones hold `*` and `!`, so these do."""
    code = f"{secrets.token_urlsafe(30)}*1!{secrets.randbelow(9000) + 1000}.s1"
    db.execute(
        "INSERT INTO codes VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
        [
            code,
            consent.creator_id,
            settings.client_key,
            ",".join(consent.scopes),
            consent.redirect_uri,
            consent.challenge,
            now + settings.code_seconds,
        ],
    )
    return code


def use_code(db: sqlite3.Connection, code: str, client_key: str, now: float) -> sqlite3.Row | None:
    """Return the consent behind a code of this client, and burn it. None: no such code, or dead."""
    row: sqlite3.Row | None = db.execute(
        "UPDATE codes SET used_at = ? WHERE code = ? AND client_key = ? AND used_at IS NULL"
        " AND expires_at > ? RETURNING *",
        [now, code, client_key, now],
    ).fetchone()
    return row


def grant(
    db: sqlite3.Connection, creator_id: int, scopes: str, settings: Settings, now: float
) -> dict[str, Any]:
    """Let the app in, and return its first pair of tokens (Protocol 2.5)."""
    db.execute(
        "INSERT INTO grants VALUES (?, ?, ?, ?, ?, NULL) ON CONFLICT (creator_id, client_key)"
        " DO UPDATE SET scopes = excluded.scopes, granted_at = excluded.granted_at,"
        " removed_at = NULL",
        # Real ones may start with a dash (Protocol 2.5): clients must not trim it.
        [creator_id, settings.client_key, f"-000{secrets.token_urlsafe(24)}", scopes, now],
    )
    refresh_until = now + settings.refresh_token_seconds
    return _issue(db, creator_id, settings, scopes=scopes, refresh_until=refresh_until, now=now)


def refresh(
    db: sqlite3.Connection, refresh_token: str, settings: Settings, now: float
) -> dict[str, Any] | None:
    """Rotate: return a new pair, and the old refresh token is dead. None: it was dead before."""
    row = db.execute(
        "UPDATE tokens SET refreshed_at = ? WHERE refresh_token = ? AND client_key = ?"
        " AND refreshed_at IS NULL AND revoked_at IS NULL AND refresh_expires_at > ? RETURNING *",
        [now, refresh_token, settings.client_key, now],
    ).fetchone()
    if row is None:
        return None
    refresh_until = row["refresh_expires_at"]
    if settings.rotation_restarts_refresh:
        refresh_until = now + settings.refresh_token_seconds
    return _issue(
        db,
        row["creator_id"],
        settings,
        scopes=row["scopes"],
        refresh_until=refresh_until,
        now=now,
    )


def _issue(
    db: sqlite3.Connection,
    creator_id: int,
    settings: Settings,
    *,
    scopes: str,
    refresh_until: float,
    now: float,
) -> dict[str, Any]:
    access_token = f"act.{secrets.token_urlsafe(48)}!{secrets.randbelow(9000) + 1000}.s1"
    refresh_token = f"rft.{secrets.token_urlsafe(48)}!{secrets.randbelow(9000) + 1000}.s1"
    db.execute(
        "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
        [
            access_token,
            refresh_token,
            creator_id,
            settings.client_key,
            scopes,
            now + settings.access_token_seconds,
            refresh_until,
        ],
    )
    return {
        "access_token": access_token,
        "expires_in": settings.access_token_seconds,
        "open_id": open_id(db, creator_id, settings.client_key),
        "refresh_expires_in": int(refresh_until - now),
        "refresh_token": refresh_token,
        "scope": scopes,
        "token_type": "Bearer",
    }


def knows(db: sqlite3.Connection, creator_id: int, client_key: str) -> bool:
    """Whether the creator has ever let the app in."""
    who = [creator_id, client_key]
    row = db.execute("SELECT 1 FROM grants WHERE creator_id = ? AND client_key = ?", who)
    return row.fetchone() is not None


def open_id(db: sqlite3.Connection, creator_id: int, client_key: str) -> str:
    (found,) = db.execute(
        "SELECT open_id FROM grants WHERE creator_id = ? AND client_key = ?",
        [creator_id, client_key],
    ).fetchone()
    return str(found)


def find(db: sqlite3.Connection, access_token: str) -> sqlite3.Row | None:
    """Return the token, dead or alive, with its creator's `handle`."""
    row: sqlite3.Row | None = db.execute(
        "SELECT tokens.*, creators.handle FROM tokens"
        " JOIN creators ON creators.id = tokens.creator_id WHERE access_token = ?",
        [access_token],
    ).fetchone()
    return row


def owner(db: sqlite3.Connection, secret: str) -> str | None:
    """Return the handle behind an access token, a refresh token or a code, dead or alive."""
    if not secret:
        return None
    row = db.execute(
        "SELECT handle FROM creators WHERE id = coalesce("
        " (SELECT creator_id FROM tokens WHERE access_token = :secret),"
        " (SELECT creator_id FROM tokens WHERE refresh_token = :secret),"
        " (SELECT creator_id FROM codes WHERE code = :secret))",
        {"secret": secret},
    ).fetchone()
    return row["handle"] if row else None


def is_alive(token: sqlite3.Row, now: float) -> bool:
    return token["revoked_at"] is None and token["access_expires_at"] > now


def end_access(db: sqlite3.Connection, creator_id: int, client_key: str, now: float) -> None:
    """Kill every token of one creator for one app, and every code still on its way."""
    who = [now, creator_id, client_key]
    db.execute(
        "UPDATE tokens SET revoked_at = ? WHERE creator_id = ? AND client_key = ?"
        " AND revoked_at IS NULL",
        who,
    )
    db.execute(
        "UPDATE grants SET removed_at = ? WHERE creator_id = ? AND client_key = ?"
        " AND removed_at IS NULL",
        who,
    )
    db.execute(
        "UPDATE codes SET used_at = ? WHERE creator_id = ? AND client_key = ? AND used_at IS NULL",
        who,
    )
