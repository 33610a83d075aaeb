"""What a probe finds out about a file. Plain data; judges nothing."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoFacts:
    """The facts of one file, all read from the file itself, none from its name.

    Which of them a platform accepts is for the platform to say.
    """

    kind: Literal["video"] = "video"
    size: int  # bytes
    container: str  # mp4, mov, 3gp, webm or mkv
    mime_type: str
    video_codec: str  # FFmpeg's name: h264, hevc, vp8, vp9, av1, prores, ...
    audio_codec: str | None  # the same; None without sound
    width: int  # pixels, as displayed: a rotation is already applied
    height: int
    rotation: int  # degrees clockwise that a player turns the picture: 0, 90, 180 or 270
    duration: float  # seconds, the longest stream's
    frame_rate: float  # frames per second, on average


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFacts:
    """The facts of the JPEG that was made of a photo: what is kept, and what a platform gets."""

    kind: Literal["photo"] = "photo"
    size: int  # bytes
    mime_type: str
    width: int  # pixels, upright
    height: int
    original: str  # what was uploaded: JPEG, PNG, WEBP, HEIF or AVIF
    original_width: int  # pixels, upright
    original_height: int


Facts = VideoFacts | PhotoFacts
