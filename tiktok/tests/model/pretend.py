"""A TikTok in memory, quick enough for hundreds of lives, that the model tells what to answer.

It knows nothing of our code; the sandbox is the one that knows all the rules. serving.py puts it
on a socket.
"""

import hashlib
import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

PUBLIC = "PUBLIC_TO_EVERYONE"
ADDRESS_LIVES = timedelta(hours=1)
TOKEN_LIVES = timedelta(hours=2)
STATUS_LAG = timedelta(seconds=90)  # at most, between the upload and the status
FIRST_ID = 7_300_000_000_000_000_000  # public ids have 19 digits


class Gone(Exception):
    """Who asked is dead: nobody is there to hear the answer."""


@dataclass
class Upload:
    """One init, and what came of it."""

    publish_id: str
    mode: str  # direct or inbox
    info: dict[str, Any]  # post_info, as it came
    size: int
    began_at: datetime
    verdict: str  # complete, or a fail_reason: what it will be once everything is there
    takes: timedelta
    data: bytearray = field(default_factory=bytearray)
    arrived: list[tuple[datetime, int]] = field(default_factory=list)
    posted_at: datetime | None = None  # the creator has posted the draft
    forgotten: bool = False

    @property
    def is_complete(self) -> bool:
        return len(self.data) == self.size

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def done_by(self, moment: datetime) -> bool:
        return self.is_complete and moment >= self.arrived[-1][0] + self.takes


class PretendTikTok:
    """`boundary` is called before and after each effect; it may wait, and raises Gone."""

    def __init__(self, boundary: Callable[[], None]) -> None:
        self.boundary = boundary
        self.lock = threading.Lock()
        self.troubles: dict[str, deque[str]] = defaultdict(deque)
        self.uploads: dict[str, Upload] = {}
        self.forget_everything()
        self.url = ""

    def forget_everything(self) -> None:
        self.uploads.clear()
        self.be_kind()
        self.verdict, self.takes = "complete", timedelta(0)
        self.tokens: dict[str, datetime] = {}  # access token: its end
        self.refresh_token = ""
        self.numbers = 0

    def be_kind(self) -> None:
        """No more trouble; the creator offers everything."""
        self.troubles.clear()
        self.lags = False
        self.disabled: set[str] = set()
        self.allow_everything()

    # What the model looks at

    def live(self) -> list[Upload]:
        """Everything that somebody can see: on the profile, or in the creator's inbox."""
        with self.lock:
            return [
                each
                for each in self.uploads.values()
                if each.verdict == "complete" and each.done_by(now())
            ]

    def grant_tokens(self) -> dict[str, Any]:
        """A new pair; the old refresh token is dead."""
        self.numbers += 1
        access, self.refresh_token = f"act.{self.numbers}", f"rft.{self.numbers}"
        self.tokens[access] = now() + TOKEN_LIVES
        return {
            "access_token": access,
            "expires_in": int(TOKEN_LIVES.total_seconds()),
            "refresh_token": self.refresh_token,
            "refresh_expires_in": 15_552_000,
            "open_id": "open-alice",
            "scope": "user.info.basic,video.upload,video.publish",
            "token_type": "Bearer",
        }

    def remove_access(self) -> None:
        self.tokens.clear()
        self.refresh_token = ""

    # What the app may ask

    def creator_info(self, body: dict[str, Any]) -> dict[str, Any]:
        return {
            "creator_avatar_url": "",
            "creator_username": "alice.films",
            "creator_nickname": "Alice Films",
            "privacy_level_options": self.options,
            "comment_disabled": "comment" in self.disabled,
            "duet_disabled": "duet" in self.disabled,
            "stitch_disabled": "stitch" in self.disabled,
            "max_video_post_duration_sec": 600,
        }

    def init(self, body: dict[str, Any]) -> dict[str, Any]:
        info = body.get("post_info")
        if info and info["privacy_level"] not in self.options:
            raise Refusal(403, "privacy_level_option_mismatch")
        self.numbers += 1
        publish_id = f"v_pub~{self.numbers}"
        self.uploads[publish_id] = Upload(
            publish_id=publish_id,
            mode="direct" if info else "inbox",
            info=info or {},
            size=body["source_info"]["video_size"],
            began_at=now(),
            verdict=self.verdict,
            takes=self.takes,
        )
        return {"publish_id": publish_id, "upload_url": f"{self.url}/upload/{publish_id}"}

    def status(self, body: dict[str, Any]) -> dict[str, Any]:
        upload = self.uploads.get(body["publish_id"])
        if upload is None or upload.forgotten:
            raise Refusal(400, "invalid_publish_id")
        if not upload.done_by(now()):
            return {"status": "PROCESSING_UPLOAD", "uploaded_bytes": self._counted(upload)}
        if upload.verdict != "complete":
            return {"status": "FAILED", "fail_reason": upload.verdict}
        if upload.mode == "inbox" and upload.posted_at is None:
            return {"status": "SEND_TO_USER_INBOX"}
        is_public = upload.info.get("privacy_level") == PUBLIC
        number = FIRST_ID + int(upload.publish_id.rpartition("~")[2])
        return {
            "status": "PUBLISH_COMPLETE",
            "publicaly_available_post_id": [number] if is_public else [],
        }

    def token(self, form: dict[str, Any]) -> dict[str, Any]:
        if form["refresh_token"] != [self.refresh_token] or not self.refresh_token:
            return {"error": "invalid_grant", "error_description": "dead", "log_id": "log"}
        return self.grant_tokens()

    def revoke(self, form: dict[str, Any]) -> dict[str, Any]:
        self.remove_access()
        return {}

    def put(self, publish_id: str, content_range: str, data: bytes) -> tuple[int, str]:
        """Take a chunk, or refuse it: the status and the Content-Range of the answer."""
        upload = self.uploads.get(publish_id)
        if upload is None:
            return 404, ""
        if now() >= upload.began_at + ADDRESS_LIVES:
            return 403, ""
        first, size = map(int, re.findall(r"bytes (\d+)-\d+/(\d+)", content_range)[0])
        if size != upload.size or first != len(upload.data):
            return 416, f"bytes 0-{max(len(upload.data) - 1, 0)}/{upload.size}"
        upload.data += data
        upload.arrived.append((now(), len(upload.data)))
        status = 201 if upload.is_complete else 206
        return status, f"bytes 0-{len(upload.data) - 1}/{upload.size}"

    def _counted(self, upload: Upload) -> int:
        """What the status says to have arrived: it may not have caught up with the upload."""
        by = now() - STATUS_LAG if self.lags else now()
        return max((count for at, count in upload.arrived if at <= by), default=0)

    # What else may happen over there

    def forget_uploads(self) -> None:
        for upload in self.uploads.values():
            upload.forgotten = True

    def become_private(self) -> None:
        self.disabled = {"duet", "stitch"}
        self.options = ["FOLLOWER_OF_CREATOR", "SELF_ONLY"]

    def allow_everything(self) -> None:
        self.disabled = set()
        self.options = [PUBLIC, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]

    def switch_comments_off(self) -> None:
        self.disabled = {"comment"}

    def post_the_drafts(self) -> None:
        for upload in self.live():
            upload.posted_at = now()


CREATOR: list[Callable[[PretendTikTok], None]] = [
    PretendTikTok.allow_everything,
    PretendTikTok.allow_everything,
    PretendTikTok.post_the_drafts,
    PretendTikTok.switch_comments_off,
    PretendTikTok.become_private,
    PretendTikTok.forget_uploads,
]


class Refusal(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def now() -> datetime:
    return datetime.now(UTC)
