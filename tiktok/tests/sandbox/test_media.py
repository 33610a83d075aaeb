"""What the sandbox sees in real files (Protocol 9)."""

from pathlib import Path

import av
import pytest
from PIL import Image

from tiktok.sandbox import media
from tiktok.sandbox.figures import Figures

H264 = {"codec": "libx264", "rate": 30}
VP9 = {"codec": "libvpx-vp9", "rate": 30}


def film(path: Path, *, codec, rate, seconds=1.0, width=360, height=640, **options) -> Path:
    """Make a small real video; the name's ending says which container."""
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        # libvpx's threads wait for each other by spinning: a minute's work on a busy machine.
        stream.codec_context.thread_count = 1
        if codec.startswith("libvpx"):
            stream.options = {"deadline": "realtime", "cpu-used": "8"}
        picture = av.VideoFrame.from_image(Image.new("RGB", (width, height), "teal"))
        for _ in range(round(rate * seconds)):
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def sound(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44_100)
        frame = av.AudioFrame(format="fltp", layout="stereo", samples=1_024)
        frame.sample_rate = 44_100
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def examined(path: Path, *, longest=600, require_readable=True):
    return media.examine(path, longest=longest, require_readable=require_readable)


@pytest.mark.parametrize(
    ("name", "options", "container", "codec"),
    [
        ("a.mp4", H264, "mp4", "avc1"),
        ("a.mp4", H264 | {"movflags": "+faststart"}, "mp4", "avc1"),
        ("a.mov", H264, "mov", "avc1"),
        ("a.webm", VP9, "webm", "V_VP9"),
        ("a.webm", VP9 | {"codec": "libvpx"}, "webm", "V_VP8"),
    ],
)
def test_the_figures_are_read(tmp_path, name, options, container, codec):
    finding = examined(film(tmp_path / name, seconds=2, **options))
    assert (finding.container, finding.failure) == (container, None)
    assert (finding.figures.codec, finding.figures.width, finding.figures.height) == (
        codec,
        360,
        640,
    )
    assert finding.figures.duration == pytest.approx(2, abs=0.05)
    assert finding.figures.frame_rate in (None, pytest.approx(30, abs=0.1))


@pytest.mark.parametrize(
    ("name", "options", "failure"),
    [
        ("a.mp4", H264 | {"rate": 10}, "frame_rate_check_failed"),
        ("a.mp4", H264 | {"rate": 22}, "frame_rate_check_failed"),
        ("a.mp4", H264 | {"rate": 23}, None),
        ("a.mp4", H264 | {"rate": 60}, None),
        ("a.mp4", H264 | {"rate": 61}, "frame_rate_check_failed"),
        ("a.mp4", H264 | {"width": 358}, "picture_size_check_failed"),
        ("a.mp4", H264 | {"height": 4_098}, "picture_size_check_failed"),
        ("a.mp4", {"codec": "mpeg4", "rate": 30}, "file_format_check_failed"),
        ("a.webm", VP9 | {"width": 200}, "picture_size_check_failed"),
        ("a.mkv", H264, "file_format_check_failed"),
    ],
)
def test_what_tiktok_refuses_is_refused(tmp_path, name, options, failure):
    assert examined(film(tmp_path / name, **options)).failure == failure


def test_a_video_exactly_at_the_limit_passes(tmp_path):
    path = film(tmp_path / "a.mp4", seconds=3, **H264)
    assert examined(path, longest=3).failure is None
    assert examined(path, longest=2).failure == "duration_check_failed"


def test_sound_alone_is_no_video(tmp_path):
    finding = examined(sound(tmp_path / "a.mp4"))
    assert finding.figures == Figures(codec="")
    assert finding.failure == "file_format_check_failed"


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_a_broken_file_is_refused_only_when_that_is_asked_for(tmp_path, name):
    path = film(tmp_path / name, **(H264 if name == "a.mp4" else VP9))
    whole = path.read_bytes()
    for length in (20, len(whole) // 2):
        path.write_bytes(whole[:length])
        assert examined(path, require_readable=False).failure is None
        assert examined(path, require_readable=True).failure == "file_format_check_failed"


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_no_damage_makes_the_reader_stumble(tmp_path, name):
    path = film(tmp_path / name, seconds=0.1, **(H264 if name == "a.mp4" else VP9))
    whole = bytearray(path.read_bytes())
    heads = [index for index in range(len(whole)) if index < 600 or index > len(whole) - 600]
    for index in heads[::2]:
        for value in (0x00, 0xFF):
            damaged = bytearray(whole)
            damaged[index] = value
            path.write_bytes(damaged)
            assert examined(path).failure in (
                None,
                "file_format_check_failed",
                "picture_size_check_failed",
                "frame_rate_check_failed",
                "duration_check_failed",
            )


def test_the_figures_reach_the_status_and_the_display_api(sandbox, alice, tmp_path):
    slow = film(tmp_path / "slow.mp4", codec="libx264", rate=10).read_bytes()
    good = film(tmp_path / "good.mp4", seconds=2, **H264).read_bytes()

    status = alice.status(alice.publish(slow))
    assert (status["status"], status["fail_reason"]) == ("FAILED", "frame_rate_check_failed")
    alice.publish(good)
    data = alice.post("/v2/video/list/?fields=duration,width,height", {}).data
    assert data["videos"] == [{"duration": 2, "width": 360, "height": 640}]


def test_a_draft_may_be_longer_than_a_direct_post(sandbox, alice, tmp_path):
    sandbox.change_creator("alice", max_video_post_duration_sec=1)
    two_seconds = film(tmp_path / "a.mp4", seconds=2, **H264).read_bytes()
    direct = alice.status(alice.publish(two_seconds))
    assert (direct["status"], direct["fail_reason"]) == ("FAILED", "duration_check_failed")
    assert alice.status(alice.publish_to_inbox(two_seconds))["status"] == "SEND_TO_USER_INBOX"
