"""TikTok's figures, each with its unit and source, and what a file must be to meet them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

# Text, in UTF-16 code units (Protocol 5.1 and 7).
VIDEO_CAPTION_UNITS = 2_200
PHOTO_TITLE_UNITS = 90
PHOTO_DESCRIPTION_UNITS = 4_000

# Video files (Protocol 9, from TikTok's Media Transfer Guide).
VIDEO_CONTENT_TYPES = {"mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm"}
VIDEO_CODECS = ("h264", "hevc", "vp8", "vp9")  # FFmpeg's names; hevc is H.265
VIDEO_MIN_PIXELS, VIDEO_MAX_PIXELS = 360, 4_096  # width and height each
VIDEO_MIN_FRAME_RATE, VIDEO_MAX_FRAME_RATE = 23, 60  # frames per second
VIDEO_MAX_SECONDS = 600  # the longest that a client can send; an account may have less
VIDEO_SHORT_SECONDS = 3  # third parties call it the minimum, TikTok names none: warn, never block
VIDEO_MAX_BYTES = 4_000_000_000  # "4 GB", in the reading that is safe in both (Protocol 8.2)

# Photos (Protocol 9). "Maximum 1080p" names no side: this reading has been seen to pass.
PHOTO_CONTENT_TYPES = ("image/jpeg", "image/webp")
PHOTO_SHORT_SIDE, PHOTO_LONG_SIDE = 1_080, 1_920  # pixels at most
PHOTO_MAX_BYTES = 20_000_000  # "20MB", in the reading that is safe in both
PHOTOS_MAX_COUNT = 35  # in a post

# Uploading (Protocol 8.1, 8.2, 5.3). MB is 10^6 or 2^20, nobody knows: these fit both.
WHOLE_MAX_BYTES = 64_000_000  # a file up to this goes in one piece
CHUNK_BYTES = 10_000_000  # a larger one in pieces of this; the last takes the remainder
CHUNK_MAX_COUNT = 1_000
UPLOAD_URL_SECONDS = 3_600  # from init; the whole upload must end inside

# Calls per minute, in a sliding window (Protocol 1).
INITS_PER_MINUTE = 6  # per user token; the init endpoints are counted together, to be safe
STATUS_PER_MINUTE = 20  # per user token: of TikTok's 30, over all posts (Protocol 10)
CREATOR_INFO_PER_MINUTE = 20  # per user token
DISPLAY_PER_MINUTE = 600  # user info and videos
RATE_LIMIT_PAUSE_SECONDS = 60  # plus jitter, when a 429 names no time

# Posts in 24 hours (Protocol 5.5).
CREATOR_POSTS_PER_DAY = 15  # about, and all apps together
PENDING_DRAFTS = 5  # per creator
UNAUDITED_CREATORS_PER_DAY = 5  # per app


def utf16_length(text: str) -> int:
    """How long TikTok thinks `text` is: UTF-16 code units, so most emoji count two.

    >>> utf16_length("café")
    4
    >>> utf16_length("👍")
    2
    >>> utf16_length("👨\u200d👩\u200d👧")
    8
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class VideoFacts(Protocol):
    """What a probe found out about a file."""

    @property
    def container(self) -> str: ...  # mp4, mov, webm, or what else it is
    @property
    def video_codec(self) -> str: ...  # FFmpeg's name
    @property
    def audio_codec(self) -> str | None: ...  # None without sound, which TikTok accepts
    @property
    def width(self) -> int: ...  # pixels, as displayed
    @property
    def height(self) -> int: ...
    @property
    def duration(self) -> float: ...  # seconds
    @property
    def frame_rate(self) -> float: ...  # frames per second
    @property
    def size(self) -> int: ...  # bytes


class PhotoFacts(Protocol):
    """What is known about a photo."""

    @property
    def mime_type(self) -> str: ...
    @property
    def width(self) -> int: ...  # pixels, upright
    @property
    def height(self) -> int: ...
    @property
    def size(self) -> int: ...  # bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is for programs and stays; `message` names figure, limit and the way out."""

    code: str
    message: str


def video_problems(facts: VideoFacts, *, max_seconds: float = VIDEO_MAX_SECONDS) -> list[Problem]:
    """Why TikTok would refuse this file; an empty list when it would not.

    `max_seconds` is `max_video_post_duration_sec` of the account for a direct post. Exactly at a
    limit passes, and nothing is rounded before it is compared (Protocol 9).

    Codes: container_not_accepted, codec_not_accepted, picture_too_small, picture_too_large,
    frame_rate_too_low, frame_rate_too_high, duration_unknown, too_long, empty_file, too_big.
    """
    return [
        *_format_problems(facts),
        *_picture_problems(facts),
        *_length_problems(facts, max_seconds),
    ]


def video_warnings(facts: VideoFacts) -> list[Problem]:
    """What may go wrong but is no reason to refuse (Protocol 16, doubt 21). Code: very_short."""
    if 0 < facts.duration < VIDEO_SHORT_SECONDS:
        return [
            Problem(
                "very_short",
                f"The video lasts {_figure(facts.duration)} s. TikTok may refuse videos under "
                f"{VIDEO_SHORT_SECONDS} s.",
            )
        ]
    return []


def photo_problems(facts: PhotoFacts) -> list[Problem]:
    """Why TikTok would refuse this photo; an empty list when it would not.

    Codes: photo_format_not_accepted, photo_has_too_many_pixels, photo_too_big.
    """
    problems = []
    if facts.mime_type not in PHOTO_CONTENT_TYPES:
        problems.append(
            Problem(
                "photo_format_not_accepted",
                f"The photo is of type {facts.mime_type or 'unknown'}; TikTok accepts JPEG and "
                "WebP. Save it as JPEG.",
            )
        )
    short, long = sorted((facts.width, facts.height))
    if short > PHOTO_SHORT_SIDE or long > PHOTO_LONG_SIDE:
        problems.append(
            Problem(
                "photo_has_too_many_pixels",
                f"The photo is {facts.width} × {facts.height} pixels; TikTok takes at most "
                f"{PHOTO_SHORT_SIDE} × {PHOTO_LONG_SIDE}. Save it smaller.",
            )
        )
    if facts.size > PHOTO_MAX_BYTES:
        problems.append(
            Problem(
                "photo_too_big",
                f"The photo has {facts.size:,} bytes; TikTok takes at most {PHOTO_MAX_BYTES:,} "
                "(20 MB). Save it with a lower quality.",
            )
        )
    return problems


def _format_problems(facts: VideoFacts) -> Iterator[Problem]:
    if facts.container.lower() not in VIDEO_CONTENT_TYPES:
        yield Problem(
            "container_not_accepted",
            f"The file is of type {facts.container or 'unknown'}; TikTok accepts MP4, MOV and "
            "WebM. Export it as MP4.",
        )
    if facts.video_codec.lower() not in VIDEO_CODECS:
        yield Problem(
            "codec_not_accepted",
            f"The picture is encoded as {facts.video_codec or 'something unknown'}; TikTok accepts "
            "H.264, H.265, VP8 and VP9. Export it with H.264.",
        )


def _picture_problems(facts: VideoFacts) -> Iterator[Problem]:
    found = f"The picture is {facts.width} × {facts.height} pixels"
    if min(facts.width, facts.height) < VIDEO_MIN_PIXELS:
        yield Problem(
            "picture_too_small",
            f"{found}; TikTok wants at least {VIDEO_MIN_PIXELS} on each side. Export it larger, "
            "best at 1080 × 1920.",
        )
    if max(facts.width, facts.height) > VIDEO_MAX_PIXELS:
        yield Problem(
            "picture_too_large",
            f"{found}; TikTok takes at most {VIDEO_MAX_PIXELS:,} on each side. Export it smaller, "
            "best at 1080 × 1920.",
        )
    # Written so that a rate which is not a number is refused too.
    if not facts.frame_rate >= VIDEO_MIN_FRAME_RATE:
        yield Problem(
            "frame_rate_too_low",
            f"The video has {_figure(facts.frame_rate)} frames per second; TikTok wants at least "
            f"{VIDEO_MIN_FRAME_RATE}. Export it with 30.",
        )
    elif not facts.frame_rate <= VIDEO_MAX_FRAME_RATE:
        yield Problem(
            "frame_rate_too_high",
            f"The video has {_figure(facts.frame_rate)} frames per second; TikTok takes at most "
            f"{VIDEO_MAX_FRAME_RATE}. Export it with 30 or 60.",
        )


def _length_problems(facts: VideoFacts, max_seconds: float) -> Iterator[Problem]:
    if not 0 < facts.duration < math.inf:
        yield Problem(
            "duration_unknown",
            "The file does not say how long the video is. Export it again as MP4.",
        )
    elif facts.duration > max_seconds:
        yield Problem(
            "too_long",
            f"The video lasts {_duration(facts.duration)}; TikTok takes at most "
            f"{_duration(max_seconds)} here. Cut it to that length.",
        )
    if facts.size < 1:
        yield Problem("empty_file", "The file is empty (0 bytes). Upload it again.")
    elif facts.size > VIDEO_MAX_BYTES:
        yield Problem(
            "too_big",
            f"The file has {facts.size:,} bytes; TikTok takes at most {VIDEO_MAX_BYTES:,} (4 GB). "
            "Export it with a lower bit rate.",
        )


def _figure(value: float) -> str:
    """Three decimals at the most, unless rounding would hide what is wrong.

    >>> _figure(29.97), _figure(10.0), _figure(60.0001)
    ('29.97', '10', '60.0001')
    """
    short = f"{value:.3f}".rstrip("0").rstrip(".")
    hidden = float(short).is_integer() and float(short) != value
    return f"{value:.10g}" if hidden else short


def _duration(seconds: float) -> str:
    """In minutes and seconds.

    >>> _duration(59.5), _duration(600), _duration(600.04)
    ('59.5 s', '10 min', '10 min 0.04 s')
    """
    minutes, rest = divmod(round(seconds, 6), 60)
    rest = round(rest, 6)  # what is less is noise of the division
    parts = [f"{minutes:.0f} min"] if minutes else []
    if rest or not minutes:
        parts.append(f"{_figure(rest)} s")
    return " ".join(parts)
