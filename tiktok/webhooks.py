"""What TikTok tells by itself: is it TikTok that speaks, and what does it say (Protocol 11).

Source: https://developers.tiktok.com/doc/webhooks-verification and the pages beside it.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from tiktok.transport import identifier, text, whole_number

SIGNATURE = "TikTok-Signature"  # the header: t=<unix seconds>,s=<64 hex digits>
MOST_BYTES = 64 * 1024  # of a body; TikTok's have a few hundred

REMOVED = "authorization.removed"
FAILED = "post.publish.failed"
COMPLETE = "post.publish.complete"
DELIVERED = "post.publish.inbox_delivered"
AVAILABLE = "post.publish.publicly_available"
UNAVAILABLE = "post.publish.no_longer_publicaly_available"  # TikTok's own spelling
ABOUT_POSTS = (FAILED, COMPLETE, DELIVERED, AVAILABLE, UNAVAILABLE)

_MOMENT = re.compile("[0-9]{1,15}")
_DIGEST = re.compile("[0-9a-f]{64}")
_LONGEST = {"publish_id": 200, "post_id": 64, "reason": 200, "publish_type": 60}  # characters
_LATEST = 253_402_214_399  # a day before the calendar ends: it has a date in every time zone


class Refused(Exception):
    """We do not believe it, so nothing of it is stored. `reason` is what is counted."""

    reason = "refused"


class NotSigned(Refused):
    """No signature, or not one that TikTok makes with our secret."""

    reason = "not signed by TikTok"


class TooOld(Refused):
    """Rightly signed, but too long ago, or in the future: our clock, or somebody repeats it."""

    reason = "signed too long ago"


class ForAnotherApp(Refused):
    reason = "for another app"


class Unreadable(Refused):
    reason = "not a webhook's JSON"


class TooLarge(Refused):
    reason = "too large"


@dataclass(frozen=True, slots=True)
class Webhook:
    """One event. Its texts can be stored as they are; what is missing is empty."""

    event: str
    happened_at: datetime | None  # to the second
    open_id: str  # of the creator
    # publish_id, post_id (the public one), publish_type, and reason: a number for
    # authorization.removed, a word for post.publish.failed. What is not given is not there.
    content: dict[str, str]

    @classmethod
    def from_object(cls, envelope: dict[str, Any]) -> Self:
        happened = whole_number(envelope.get("create_time"))
        known_time = happened is not None and happened <= _LATEST
        return cls(
            event=identifier(envelope.get("event"), longest=100),
            happened_at=datetime.fromtimestamp(happened or 0, UTC) if known_time else None,
            open_id=identifier(envelope.get("user_openid")),
            content=_content(envelope.get("content")),
        )


def verify(body: bytes, signature: str, *, secret: str, window: float, now: float) -> None:
    """Raises NotSigned, or TooOld when it was signed more than `window` seconds from `now`.

    `signature` is the header's text, `body` what came, before anybody has parsed it.
    """
    moment, said = _parts(signature)
    message = moment.encode() + b"." + body
    expected = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, said):
        raise NotSigned
    if abs(now - int(moment)) > window:
        raise TooOld(f"signed {now - int(moment):.0f} seconds ago")


def read(body: bytes, *, client_key: str) -> Webhook:
    """What a verified `body` says. Raises Unreadable, and ForAnotherApp."""
    envelope = _object(body)
    if envelope is None:
        raise Unreadable
    if text(envelope.get("client_key")) != client_key:
        raise ForAnotherApp
    webhook = Webhook.from_object(envelope)
    if not webhook.event:
        raise Unreadable("it names no event")
    return webhook


def _parts(signature: str) -> tuple[str, str]:
    """The `t` as it was received, and the `s`. Exactly one of each must be there."""
    pairs = [part.strip().partition("=") for part in signature.split(",")]
    moments = [value.strip() for name, _, value in pairs if name.strip() == "t"]
    digests = [value.strip() for name, _, value in pairs if name.strip() == "s"]
    if len(moments) != 1 or len(digests) != 1:
        raise NotSigned
    if not _MOMENT.fullmatch(moments[0]) or not _DIGEST.fullmatch(digests[0]):
        raise NotSigned
    return moments[0], digests[0]


def _content(given: object) -> dict[str, str]:
    """The content is JSON inside of JSON; an object is taken as well."""
    said = _object(given.encode("utf-8", "replace")) if isinstance(given, str) else given
    if not isinstance(said, dict):
        return {}
    said = {"reason": said.get("fail_reason")} | said
    found = {name: identifier(said.get(name), longest=most) for name, most in _LONGEST.items()}
    return {name: value for name, value in found.items() if value}


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
