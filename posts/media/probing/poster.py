"""Choose one frame of a video and save it as a JPEG."""

from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream
from PIL import Image

from posts.media.probing import POSTER_HEIGHT, POSTER_QUALITY, POSTER_WIDTH
from posts.media.unreadable import NotPlayable

POSTER_TIME = 1.0  # seconds: many videos fade in from black

TURN_CLOCKWISE = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
}


def pick_frame(container: InputContainer, stream: VideoStream) -> VideoFrame:
    """Return the frame at POSTER_TIME, or in the middle of a shorter video.

    Raises NotPlayable when the first frame can not be decoded as a whole.
    """
    start = float((stream.start_time or 0) * (stream.time_base or 1))
    length = (container.duration or 0) / av.time_base
    target = start + (min(POSTER_TIME, length / 2) if length > 0 else POSTER_TIME)
    picked: VideoFrame | None = None
    try:
        for frame in container.decode(stream):
            if picked is None and frame.is_corrupt:
                raise NotPlayable
            picked = frame
            if frame.pts is None or frame.time >= target:
                break
    except av.error.InvalidDataError:
        if picked is None:
            raise
    if picked is None:
        raise NotPlayable
    return picked


def turn_of(frame: VideoFrame) -> int:
    """Return by how many degrees clockwise a player turns the picture: 0, 90, 180 or 270."""
    return round(-frame.rotation / 90) * 90 % 360  # FFmpeg counts counterclockwise


def save_poster(frame: VideoFrame, pixel_shape: Fraction | None, path: Path) -> None:
    """Write the frame as a JPEG: upright, with square pixels, within POSTER_WIDTH and _HEIGHT.

    `pixel_shape` is the width of one pixel divided by its height, 1 when it is not known.
    """
    turn = turn_of(frame)
    width = frame.width * float(pixel_shape or 1)
    height = float(frame.height)
    shown = (width, height) if turn % 180 == 0 else (height, width)
    scale = min(1.0, POSTER_WIDTH / shown[0], POSTER_HEIGHT / shown[1])
    small = frame.reformat(
        width=max(1, round(width * scale)),
        height=max(1, round(height * scale)),
        format="rgb24",
        interpolation=Interpolation.AREA,
    )
    plane = small.planes[0]  # each of its lines may be longer than the picture is wide
    size = small.width, small.height
    image = Image.frombytes("RGB", size, bytes(plane), "raw", "RGB", plane.line_size, 1)
    if turn in TURN_CLOCKWISE:
        image = image.transpose(TURN_CLOCKWISE[turn])
    image.save(path, "JPEG", quality=POSTER_QUALITY, optimize=True, progressive=True)
