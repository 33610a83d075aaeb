"""What TikTok answers, as plain values. Read leniently, since TikTok's types vary (Protocol 10)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Self

from tiktok.transport import identifier, is_on, text, whole_number

MOST_IDS = 100  # of one post; a draft that was posted several times has several
LONGEST_WORD = 60  # characters of a status, reason or audience; those that we know are shorter
_LATEST = 253_402_300_799  # the last second of the year 9999


@dataclass(frozen=True, slots=True)
class CreatorInfo:
    """What the creator may do now (Protocol 4). Ask right before showing or using it."""

    nickname: str  # the display name, which the composer must show
    username: str  # the handle, for links
    avatar_url: str  # dead after two hours
    privacy_level_options: tuple[str, ...]  # the only ones to offer, in this order
    comment_disabled: bool
    duet_disabled: bool
    stitch_disabled: bool
    max_video_post_duration_sec: int | None  # None: TikTok did not say
    log_id: str = ""

    @classmethod
    def from_data(cls, data: dict[str, Any], log_id: str) -> Self:
        return cls(
            nickname=text(data.get("creator_nickname")),
            username=text(data.get("creator_username")),
            avatar_url=text(data.get("creator_avatar_url")),
            privacy_level_options=_audiences(data["privacy_level_options"]),
            comment_disabled=is_on(data.get("comment_disabled")),
            duet_disabled=is_on(data.get("duet_disabled")),
            stitch_disabled=is_on(data.get("stitch_disabled")),
            max_video_post_duration_sec=whole_number(data.get("max_video_post_duration_sec")),
            log_id=log_id,
        )


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """Store both before any byte leaves (Protocol 5.6)."""

    publish_id: str
    upload_url: str = field(repr=False)  # a secret, valid for one hour
    log_id: str = ""


@dataclass(frozen=True, slots=True)
class PullStarted:
    """From here on the post goes on by itself (Protocol 5.6)."""

    publish_id: str
    log_id: str = ""


@dataclass(frozen=True, slots=True)
class PostStatus:
    """What has become of a post (Protocol 10)."""

    status: str  # one that we do not know means: keep asking
    fail_reason: str | None = None  # with FAILED only; see fail_reasons.py
    public_ids: tuple[str, ...] = ()  # only of public posts that passed moderation
    uploaded_bytes: int | None = None  # a count; None: TikTok did not say
    downloaded_bytes: int | None = None
    log_id: str = ""

    @classmethod
    def from_data(cls, data: dict[str, Any], log_id: str) -> Self:
        return cls(
            status=text(data.get("status"))[:LONGEST_WORD],
            fail_reason=text(data.get("fail_reason"))[:LONGEST_WORD] or None,
            public_ids=_ids(
                # TikTok's spelling today, and the one it may correct it to.
                data.get("publicaly_available_post_id"),
                data.get("publicly_available_post_id"),
            ),
            uploaded_bytes=whole_number(data.get("uploaded_bytes")),
            downloaded_bytes=whole_number(data.get("downloaded_bytes")),
            log_id=log_id,
        )


@dataclass(frozen=True, slots=True)
class UserInfo:
    """Who the creator is; None where the scope was not granted or TikTok did not say (12.1)."""

    open_id: str | None = None
    union_id: str | None = None
    display_name: str | None = None
    avatar_url: str | None = None  # signed, expires
    avatar_large_url: str | None = None
    username: str | None = None
    bio_description: str | None = None
    profile_deep_link: str | None = None
    is_verified: bool | None = None
    follower_count: int | None = None
    following_count: int | None = None
    likes_count: int | None = None
    video_count: int | None = None  # public ones
    log_id: str = ""

    @classmethod
    def from_data(cls, user: dict[str, Any], log_id: str) -> Self:
        known: dict[str, Any] = {name: text(user.get(name)) or None for name in _TEXTS}
        known |= {name: whole_number(user.get(name)) for name in _COUNTS}
        if isinstance(user.get("is_verified"), bool):
            known["is_verified"] = user["is_verified"]
        return cls(**known, log_id=log_id)


@dataclass(frozen=True, slots=True)
class ListedVideo:
    """A public post of the creator (Protocol 12.4)."""

    id: str
    created_at: datetime  # to the second
    share_url: str  # with tracking
    text: str  # of the caption, the first 150 characters

    @classmethod
    def from_data(cls, video: object) -> Self | None:
        """None when it lacks what makes it known."""
        if not isinstance(video, dict):
            return None
        post_id, created = identifier(video.get("id")), whole_number(video.get("create_time"))
        if not post_id or created is None or created > _LATEST:
            return None
        return cls(
            id=post_id,
            created_at=datetime.fromtimestamp(created, UTC),
            share_url=text(video.get("share_url")),
            text=text(video.get("video_description")) or text(video.get("title")),
        )


@dataclass(frozen=True, slots=True)
class VideoPage:
    """A page of the creator's public posts, newest first (Protocol 12.2)."""

    videos: tuple[ListedVideo, ...]
    cursor: int | None  # milliseconds: what follows is older
    has_more: bool

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        listed = data["videos"] if isinstance(data.get("videos"), list) else []
        return cls(
            videos=tuple(filter(None, map(ListedVideo.from_data, listed))),
            cursor=whole_number(data.get("cursor")),
            has_more=data.get("has_more") is True,
        )


FIELDS_BY_SCOPE = {
    "user.info.basic": ("open_id", "union_id", "display_name", "avatar_url", "avatar_large_url"),
    "user.info.profile": ("username", "bio_description", "profile_deep_link", "is_verified"),
    "user.info.stats": ("follower_count", "following_count", "likes_count", "video_count"),
}
_COUNTS = FIELDS_BY_SCOPE["user.info.stats"]
_TEXTS = (
    *FIELDS_BY_SCOPE["user.info.basic"],
    "username",
    "bio_description",
    "profile_deep_link",
)


def _audiences(offered: list[object]) -> tuple[str, ...]:
    """What could never be stored can not be chosen either."""
    return tuple(level for level in map(text, offered) if 0 < len(level) <= LONGEST_WORD)


def _ids(*fields: object) -> tuple[str, ...]:
    """Ids as exact strings, from numbers, strings, lists of both, or nothing."""
    found = (identifier(each) for field_value in fields for each in _each(field_value))
    return tuple(islice(dict.fromkeys(filter(None, found)), MOST_IDS))


def _each(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else [value]
