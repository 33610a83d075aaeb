"""The steps of a publication at which its worker can die, and how to stop a worker just there.

Each step has a publication and an account of its own, so that all can be stopped at once.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

SIX_CHUNKS = 64_000_001  # bytes: the smallest file that goes in several chunks
LAST = 5


@dataclass(frozen=True)
class AtTikTok:
    """Stopped by TikTok, which keeps a call waiting."""

    endpoint: str
    kind: str = "timeout"  # in the end the connection breaks; `effect`: after TikTok has acted
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AtAWrite:
    """Stopped by the database, before a row changes."""

    table: str
    condition: str
    change: str = "UPDATE"

    def condition_for(self, publication: int, channel: int) -> str:
        row = {
            "posts_publication": f"id = {publication}",
            "posts_attempt": f"publication_id = {publication}",
            "accounts_channel": f"id = {channel}",
        }[self.table]
        return f"NEW.{row} AND {self.condition}"


class Wave(Enum):
    """What takes long to come to its step begins first; what waits with least patience, last."""

    UPLOADS = 1
    CALLS = 2
    TOKENS = 3
    CLAIMS = 4  # by itself, since what is claimed together is stopped together


@dataclass(frozen=True)
class Step:
    killed: str  # when
    stop: AtTikTok | AtAWrite | None  # None: it is over
    wave: Wave = Wave.CALLS
    mode: str = "direct"  # or inbox
    file: str = "video"  # or photo

    @property
    def needs(self) -> str:
        """Which file: video, photo, or the one in six chunks."""
        return "six chunks" if self.wave is Wave.UPLOADS else self.file


def _effect(endpoint: str) -> AtTikTok:
    return AtTikTok(endpoint, details={"effect": True})


def _chunk(number: int, kind: str = "timeout", **details: Any) -> AtTikTok:
    return AtTikTok("upload", kind, {"chunk": number} | details)


def _becomes(state: str) -> AtAWrite:
    return AtAWrite("posts_publication", f"NEW.state = '{state}' AND OLD.state <> '{state}'")


def _is_set(column: str) -> AtAWrite:
    return AtAWrite("posts_attempt", f"OLD.{column} IS NULL AND NEW.{column} IS NOT NULL")


CLAIMS = AtAWrite("posts_publication", "NEW.claimed_at IS DISTINCT FROM OLD.claimed_at")
INTENDS = AtAWrite("posts_attempt", "true", "INSERT")
STORES_TOKENS = AtAWrite("accounts_channel", "NEW.token_version > OLD.token_version")
CONFIRMS_A_CHUNK = AtAWrite(
    "posts_attempt", "OLD.confirmed_bytes = 0 AND NEW.confirmed_bytes = 10000000"
)

STEPS = (
    Step("before its claim is written", CLAIMS, Wave.CLAIMS),
    Step("before “sending” is written", _becomes("sending")),
    Step("as it asks for new tokens, and TikTok never hears", AtTikTok("oauth_token"), Wave.TOKENS),
    Step("after TikTok gave new tokens, before it reads them", _effect("oauth_token"), Wave.TOKENS),
    Step("before the new tokens are written", STORES_TOKENS, Wave.TOKENS),
    Step("after TikTok told the creator's settings, before it reads them", _effect("creator_info")),
    Step("before the intent is written", INTENDS),
    Step("after the intent, and TikTok never hears of the init", AtTikTok("video_init")),
    Step("after TikTok acted on the init, before it reads the answer", _effect("video_init")),
    Step("before the answer to the init is written", _is_set("publish_id")),
    Step("before the first byte arrives", _chunk(0, "hold"), Wave.UPLOADS),
    Step("inside of the first chunk", _chunk(0, "hold", after_bytes=3_000_000), Wave.UPLOADS),
    Step("after a chunk left, which TikTok never took", _chunk(1), Wave.UPLOADS),
    Step("after TikTok took a chunk, before it reads so", _chunk(1, effect=True), Wave.UPLOADS),
    Step("before the confirmed bytes are written", CONFIRMS_A_CHUNK, Wave.UPLOADS),
    Step("between two chunks", _chunk(3, "hold"), Wave.UPLOADS),
    Step("before it is written that the last block leaves", _is_set("finishing_at"), Wave.UPLOADS),
    Step("after the last block left, which TikTok never took", _chunk(LAST), Wave.UPLOADS),
    Step(
        "after TikTok took the last byte, before it reads so",
        _chunk(LAST, effect=True),
        Wave.UPLOADS,
    ),
    Step("before it is written that everything is there", _is_set("sent_at"), Wave.UPLOADS),
    Step("before “processing” is written", _becomes("processing")),
    Step("as it asks what became of it, and TikTok never hears", AtTikTok("status")),
    Step("after TikTok said that it is out, before it reads so", _effect("status")),
    Step("before “published” is written", _becomes("published")),
    Step("after “published” was written", None),
    Step("a draft: after TikTok acted on the init", _effect("inbox_init"), mode="inbox"),
    Step("a draft: after TikTok took the last byte", _chunk(0, effect=True), mode="inbox"),
    Step("a draft: before “delivered” is written", _becomes("delivered"), mode="inbox"),
    Step(
        "a photo: after the intent, and TikTok never hears of the init",
        AtTikTok("content_init"),
        file="photo",
    ),
    Step(
        "a photo: after TikTok fetched it, before it reads the answer",
        _effect("content_init"),
        file="photo",
    ),
    Step("a photo: before the answer to the init is written", _is_set("publish_id"), file="photo"),
    Step("a photo: before “published” is written", _becomes("published"), file="photo"),
)
