"""Telling the app by itself what happened: signed, at least once, until it answers 200
(Protocol 11). Nothing is told while no address is registered.
"""

import hashlib
import hmac
import sqlite3
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from tiktok.sandbox import news
from tiktok.sandbox.news import News
from tiktok.sandbox.settings import Settings
from tiktok.sandbox.world import World

LOOK_EVERY = 0.1  # seconds
TIMEOUT = 5.0  # seconds for an answer
MOST_AT_ONCE = 100
LONGEST_PAUSE = 3_600.0  # seconds between two tries


def keep_telling(world: World) -> None:
    """Until the sandbox ends: look for news, and tell it."""
    while not world.stopping.wait(LOOK_EVERY):
        if world.settings.webhook_url:
            gather(world)
            tell_due(world)


def gather(world: World, *, silently: bool = False) -> None:
    """Write down what is news; `silently`: as known, since it happened before anybody listened."""
    settings, now = world.settings, world.now()
    with world.state.reading() as db:
        if not news.all_news(db, settings.client_key, now):
            return
    with world.state.transaction() as db:
        for each in news.all_news(db, settings.client_key, now):
            due_at = None if silently else now + settings.webhook_delay_seconds
            news.note(db, each, settings.client_key, due_at=due_at)


def add(db: sqlite3.Connection, each: News, settings: Settings, now: float) -> int | None:
    """Let `each` be told, if anybody listens; returns the webhook's id."""
    if not settings.webhook_url:
        return None
    due_at = now + settings.webhook_delay_seconds
    return news.note(db, each, settings.client_key, due_at=due_at)


def repeat(world: World, number: int) -> None:
    """Tell the very same once more. Raises KeyError when there is no such webhook."""
    with world.state.transaction() as db:
        changed = db.execute(
            "UPDATE webhooks SET next_try_at = ? WHERE id = ?", [world.now(), number]
        )
        if not changed.rowcount:
            raise KeyError(f"webhook {number}")


def tell_due(world: World) -> None:
    order = "DESC" if world.settings.webhook_newest_first else "ASC"
    with world.state.reading() as db:
        due = db.execute(
            f"SELECT * FROM webhooks WHERE next_try_at <= ? ORDER BY id {order} LIMIT ?",  # noqa: S608
            [world.now(), MOST_AT_ONCE],
        ).fetchall()
    for webhook in due:
        if world.stopping.is_set():
            return
        for _ in range(max(1, world.settings.webhook_copies)):
            with world.telling:
                if world.settings.webhook_url:
                    _tell(world, webhook)


def _tell(world: World, webhook: sqlite3.Row) -> None:
    settings, now = world.settings, world.now()
    signed_at = int(now)
    if settings.webhook_keeps_moment and webhook["signed_at"] is not None:
        signed_at = webhook["signed_at"]
    answer = _post(settings, webhook["body"].encode(), signed_at)
    tries = webhook["tries"] + 1
    told = answer == "200"
    pause = min(settings.webhook_first_pause_seconds * 2 ** min(tries - 1, 30), LONGEST_PAUSE)
    until = webhook["made_at"] + settings.webhook_give_up_seconds
    next_try_at = None if told or now + pause > until else now + pause
    with world.state.transaction() as db:
        db.execute(
            "UPDATE webhooks SET tries = ?, answer = ?, signed_at = ?, told_at = ? WHERE id = ?",
            [tries, answer, signed_at, now if told else None, webhook["id"]],
        )
        # Unless it was ordered once more while its answer was on its way.
        db.execute(
            "UPDATE webhooks SET next_try_at = ? WHERE id = ? AND next_try_at = ?",
            [next_try_at, webhook["id"], webhook["next_try_at"]],
        )


def _post(settings: Settings, body: bytes, signed_at: int) -> str:
    """The status of the answer, or why there was none. A redirect is not followed."""
    digest = hmac.new(
        settings.client_secret.encode(), str(signed_at).encode() + b"." + body, hashlib.sha256
    )
    headers = {
        "Content-Type": "application/json",
        "Tiktok-Signature": f"t={signed_at},s={digest.hexdigest()}",
    }
    parts = urlsplit(settings.webhook_url)
    connection: HTTPConnection = (
        HTTPSConnection(parts.netloc, timeout=TIMEOUT, context=ssl.create_default_context())
        if parts.scheme == "https"
        else HTTPConnection(parts.netloc, timeout=TIMEOUT)
    )
    try:
        connection.request("POST", parts.path or "/", body, headers)
        return str(connection.getresponse().status)
    except (OSError, HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
