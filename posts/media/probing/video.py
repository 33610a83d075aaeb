"""Open a video with FFmpeg, read its facts, and keep one frame as its poster."""

from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from posts.media.facts import VideoFacts
from posts.media.probing.outline import Outline, outline_of
from posts.media.probing.poster import pick_frame, save_poster, turn_of
from posts.media.unreadable import NoPicture, NotPlayable, Truncated

# FFmpeg may open this one file, with a demuxer that we name, and nothing that the file mentions.
OPEN_OPTIONS = {"format_whitelist": "mov,matroska", "protocol_whitelist": "file"}

NO_PICTURE = Disposition.attached_pic | Disposition.timed_thumbnails  # a cover, chapter pictures


def examine_video(path: Path, poster_path: Path | None) -> VideoFacts:
    """Return the facts, and write the poster when a path for it is given.

    Raises Unreadable and MemoryError.
    """
    with path.open("rb") as file:
        outline = outline_of(file)
    try:
        with open_video(path, outline) as container:
            stream = picture_of(container)
            check_samples(container, outline)
            frame = pick_frame(container, stream)
            if poster_path is not None:
                save_poster(frame, stream.sample_aspect_ratio, poster_path)
            duration = max(0, container.duration or 0) / av.time_base
            frame_rate = float(stream.average_rate or 0)
            audio_codec = sound_codec_of(container)
            video_codec = stream.codec_context.codec.canonical_name
        if not duration or not frame_rate:  # a browser's recording has neither in its header
            with open_video(path, outline) as container:
                measured_duration, measured_rate = measure(container)
            duration = duration or measured_duration
            frame_rate = frame_rate or measured_rate
    except av.error.MemoryError:
        raise  # it is no FFmpegError to us: the limit was met
    except av.error.FFmpegError as error:
        raise NotPlayable from error
    turn = turn_of(frame)
    sides = frame.width, frame.height
    width, height = sides if turn in (0, 180) else reversed(sides)
    return VideoFacts(
        size=outline.size,
        container=outline.container,
        mime_type=outline.mime_type,
        video_codec=video_codec,
        audio_codec=audio_codec,
        width=width,
        height=height,
        rotation=turn,
        duration=duration,
        frame_rate=frame_rate,
    )


def open_video(path: Path, outline: Outline) -> InputContainer:
    return av.open(
        f"file:{path}",  # so that no part of the path is taken for a protocol
        "r",
        format=outline.demuxer,
        options=OPEN_OPTIONS,
        metadata_errors="replace",
    )


def picture_of(container: InputContainer) -> VideoStream:
    """Return the first stream of moving pictures that we can decode."""
    moving = [stream for stream in container.streams.video if not stream.disposition & NO_PICTURE]
    if not moving:
        raise NoPicture
    if moving[0].codec_context is None:
        raise NotPlayable
    moving[0].codec_context.thread_count = 1  # each thread has buffers of its own
    return moving[0]


def sound_codec_of(container: InputContainer) -> str | None:
    for stream in container.streams.audio:
        if stream.codec_context is not None:
            return stream.codec_context.codec.canonical_name
    return None


def check_samples(container: InputContainer, outline: Outline) -> None:
    """Raise Truncated when the index names data that lie past the end of the file."""
    for stream in container.streams:
        for entry in stream.index_entries:
            if entry.pos + entry.size > outline.size:
                raise Truncated


def measure(container: InputContainer) -> tuple[float, float]:
    """Return duration in seconds and frames per second, counted over all packets."""
    stream = picture_of(container)
    start, end, frames = None, 0.0, 0
    for packet in container.demux():
        if packet.pts is None:
            continue
        time = float(packet.pts * packet.time_base)
        start = time if start is None else min(start, time)
        end = max(end, time + float((packet.duration or 0) * packet.time_base))
        frames += packet.stream is stream
    if start is None or end <= start:
        raise NotPlayable
    return end - start, frames / (end - start)
