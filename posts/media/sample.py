"""Make a small real video: a sunrise over hills, with a quiet chord; or photos of it.

It is the first thing that a newcomer sees published, and what tests upload.
"""

import math
from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from av.video.stream import VideoStream
from PIL import Image

from posts.media.sunrise import Sunrise

SOUND_RATE = 48_000  # samples per second
CHORD = (220, 275, 330)  # hertz: A major in just intonation, from the A below middle C
CHORD_PERIOD = SOUND_RATE // 5  # samples; every tone of the chord is a multiple of 5 hertz
LOUDNESS = 0.09  # of full scale, for each tone
FADE = SOUND_RATE // 2  # samples, in and out

# What makes each encoder quick. The others take their own defaults.
ENCODER_OPTIONS = {
    "libx264": {"preset": "superfast", "crf": "21"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=error"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8", "b": "2M"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "b": "2M"},
}


def make_sample_video(
    path: Path,
    *,
    seconds: float = 5,
    width: int = 1080,
    height: int = 1920,
    frame_rate: int = 30,
    codec: str = "libx264",
    audio: bool = True,
    variation: int = 0,
) -> None:
    """Write a video of so many seconds and pixels (even numbers) to `path`.

    The suffix of `path` chooses the container: .mp4, .mov, .webm or .mkv. An MP4 has its index in
    front, so that it plays while it loads. Each `variation` has its own colours and hills, and
    the same one always gives the same picture.
    """
    if width % 2 or height % 2:
        raise ValueError(f"{width}x{height}: this picture format needs even numbers")
    frames = max(1, round(seconds * frame_rate))
    scene = Sunrise(width=width, height=height, variation=variation)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        picture = _add_picture(container, codec, frame_rate, width=width, height=height)
        sound = _add_sound(container, path) if audio else None
        chord = _chord(frames, frame_rate)
        for number in range(frames):
            image = scene.at(number / max(1, frames - 1)).convert("RGBA")
            frame = av.VideoFrame.from_bytes(image.tobytes(), *image.size, format="rgba")
            frame = frame.reformat(
                width=width,
                height=height,
                format="yuv420p",
                interpolation=Interpolation.BICUBIC,
                dst_colorspace=Colorspace.ITU709,
                dst_color_range=ColorRange.MPEG,
            )
            frame.pts, frame.time_base = number, Fraction(1, frame_rate)
            container.mux(picture.encode(frame))
            if sound is not None:
                container.mux(sound.encode(next(chord)))
        container.mux(picture.encode())
        if sound is not None:
            container.mux(sound.encode())


def make_sample_photo(
    path: Path, *, width: int = 1080, height: int = 1440, moment: float = 0.6, variation: int = 0
) -> None:
    """Write a photo of the same sunrise at a `moment` from 0 to 1; the suffix says of what kind.

    As `make_sample_video` otherwise.
    """
    scene = Sunrise(width=width, height=height, variation=variation)
    picture = scene.at(moment).convert("RGB")
    picture.resize((width, height), Image.Resampling.BICUBIC).save(path, quality=90)


def _add_picture(
    container: OutputContainer, codec: str, frame_rate: int, *, width: int, height: int
) -> VideoStream:
    options = ENCODER_OPTIONS.get(codec)
    stream = cast(VideoStream, container.add_stream(codec, rate=frame_rate, options=options))
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.codec_context.colorspace = Colorspace.ITU709
    stream.codec_context.color_range = ColorRange.MPEG
    return stream


def _add_sound(container: OutputContainer, path: Path) -> AudioStream:
    codec = "libopus" if path.suffix == ".webm" else "aac"
    stream = cast(AudioStream, container.add_stream(codec, rate=SOUND_RATE, layout="stereo"))
    stream.bit_rate = 128_000
    return stream


def _chord(frames: int, frame_rate: int) -> Iterator[av.AudioFrame]:
    """Yield the chord, each time as much of it as one picture lasts."""
    wave = [
        LOUDNESS * sum(math.sin(2 * math.pi * pitch * at / SOUND_RATE) for pitch in CHORD)
        for at in range(CHORD_PERIOD)
    ]
    start, total = 0, frames * SOUND_RATE // frame_rate
    for number in range(1, frames + 1):
        end = number * SOUND_RATE // frame_rate
        levels = array(
            "f",
            (
                wave[at % CHORD_PERIOD] * min(1.0, at / FADE, (total - at) / FADE)
                for at in range(start, end)
            ),
        )
        sound = av.AudioFrame(format="fltp", layout="stereo", samples=end - start)
        for plane in sound.planes:  # a plane is longer than its samples: FFmpeg aligns it
            plane.update(levels.tobytes().ljust(plane.buffer_size, b"\0"))
        sound.sample_rate = SOUND_RATE
        sound.pts, sound.time_base = start, Fraction(1, SOUND_RATE)
        yield sound
        start = end
