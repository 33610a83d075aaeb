"""Why TikTok failed a post that it had accepted (Protocol 10.1).

The same words come as `fail_reason` from status/fetch and as `reason` by webhook.
"""

from dataclasses import dataclass
from enum import StrEnum


class FailKind(StrEnum):
    """What the engine decides by."""

    MEDIA = "media"  # the file is not acceptable
    TEXT = "text"  # the caption is not
    RISK = "risk"  # TikTok refused without saying why
    TEMPORARY = "temporary"  # TikTok's fault: a new init may help
    PULL = "pull"  # TikTok could not fetch: check the address, then a new init may help
    CAP = "cap"  # not today
    RECONNECT = "reconnect"
    BANNED = "banned"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FailReason:
    reason: str  # TikTok's word
    kind: FailKind
    for_people: str
    what_to_do: str
    retries: int = 0  # how many new inits a machine may make for this reason, at the most

    @property
    def retryable(self) -> bool:
        return self.retries > 0


_BY_OURSELVES = "Nothing: we try again by ourselves."
_REASONS = {
    known.reason: known
    for known in (
        FailReason(
            "file_format_check_failed",
            FailKind.MEDIA,
            "TikTok does not accept this file type or codec.",
            "Use MP4 with H.264 for a video, JPEG for photos.",
        ),
        FailReason(
            "duration_check_failed",
            FailKind.MEDIA,
            "TikTok says that the video is too long, or too short, for this account.",
            "Cut the video and upload it again.",
        ),
        FailReason(
            "frame_rate_check_failed",
            FailKind.MEDIA,
            "TikTok does not accept the video's frame rate.",
            "Export it with 23 to 60 frames per second and upload it again.",
        ),
        FailReason(
            "picture_size_check_failed",
            FailKind.MEDIA,
            "TikTok does not accept the picture's size.",
            "A video needs 360 to 4,096 pixels on each side, a photo at most 1080p.",
        ),
        FailReason(
            "internal",
            FailKind.TEMPORARY,
            "TikTok had a fault of its own.",
            _BY_OURSELVES,
            retries=3,
        ),
        FailReason(
            "video_pull_failed",
            FailKind.PULL,
            "TikTok could not fetch the video from here.",
            _BY_OURSELVES,
            retries=2,
        ),
        FailReason(
            "photo_pull_failed",
            FailKind.PULL,
            "TikTok could not fetch a photo from here.",
            _BY_OURSELVES,
            retries=2,
        ),
        FailReason(
            "publish_cancelled",
            FailKind.CANCELLED,
            "The post was cancelled at TikTok.",
            "Schedule it again if it is still wanted.",
        ),
        FailReason(
            "auth_removed",
            FailKind.RECONNECT,
            "The account's permission was withdrawn while TikTok worked on this post.",
            "Reconnect the account, then schedule the post again.",
        ),
        FailReason(
            "spam_risk_too_many_posts",
            FailKind.CAP,
            "This account has reached TikTok's limit for posts through apps in 24 hours.",
            "Try again tomorrow, or post this one in the TikTok app.",
        ),
        FailReason(
            "spam_risk_user_banned_from_posting",
            FailKind.BANNED,
            "TikTok does not let this account post at the moment.",
            "Open TikTok with this account and look for a notice about it.",
        ),
        FailReason(
            "spam_risk_text",
            FailKind.TEXT,
            "TikTok refused the caption.",
            "Change the caption, then schedule the post again.",
        ),
        FailReason(
            "spam_risk",
            FailKind.RISK,
            "TikTok refused the post as risky, and does not say why.",
            "Look at the video and its caption, or post it in the TikTok app.",
        ),
    )
}


def failure_from_reason(reason: str | None) -> FailReason:
    """What `reason` means. A word that we do not know is shown as it came."""
    word = (reason or "").strip()
    if word in _REASONS:
        return _REASONS[word]
    said = f"It says: {word[:200]}" if word else "It does not say why"
    return FailReason(
        word,
        FailKind.UNKNOWN,
        f"TikTok could not publish this post. {said}.",
        "Look at the account in TikTok, then decide whether to send it again.",
    )
