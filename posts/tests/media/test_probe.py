"""Alice uploads what she has; the probe says what it is."""

import pytest

from posts.tests.media import wrong_files
from posts.tests.media.conftest import Video
from posts.tests.media.refusals import video_facts


def test_an_ordinary_mp4_is_described(video: Video):
    path = video(seconds=2, frame_rate=25)

    facts = video_facts(path)

    assert (facts.kind, facts.container, facts.mime_type) == ("video", "mp4", "video/mp4")
    assert (facts.video_codec, facts.audio_codec) == ("h264", "aac")
    assert (facts.width, facts.height, facts.rotation) == (360, 640, 0)
    assert (facts.duration, facts.frame_rate) == (2.0, 25.0)
    assert facts.size == path.stat().st_size


@pytest.mark.parametrize(
    ("suffix", "codec", "expected"),
    [
        (".mov", "libx264", ("mov", "video/quicktime", "h264", "aac")),
        (".mp4", "libx265", ("mp4", "video/mp4", "hevc", "aac")),
        (".mp4", "mpeg4", ("mp4", "video/mp4", "mpeg4", "aac")),
        (".3gp", "libx264", ("3gp", "video/3gpp", "h264", "aac")),
        (".webm", "libvpx", ("webm", "video/webm", "vp8", "opus")),
        (".webm", "libvpx-vp9", ("webm", "video/webm", "vp9", "opus")),
        (".mkv", "libx264", ("mkv", "video/x-matroska", "h264", "aac")),
    ],
)
def test_containers_and_codecs_have_one_name_each(video: Video, suffix, codec, expected):
    facts = video_facts(video(suffix, codec=codec, seconds=0.4))

    assert (facts.container, facts.mime_type, facts.video_codec, facts.audio_codec) == expected
    assert (facts.width, facts.height) == (360, 640)


def test_the_name_of_a_file_is_not_asked(video: Video, tmp_path):
    path = tmp_path / "holiday.txt"
    path.write_bytes(video(".webm", codec="libvpx").read_bytes())

    assert video_facts(path).container == "webm"


def test_a_path_that_looks_like_an_address_is_still_a_path(video: Video, tmp_path):
    path = tmp_path / "concat:https%3A" / "-i.mp4"
    path.parent.mkdir()
    path.write_bytes(video().read_bytes())

    assert video_facts(path).container == "mp4"


def test_a_silent_video_has_no_audio_codec(video: Video):
    assert video_facts(video(audio=False)).audio_codec is None


@pytest.mark.parametrize(
    ("turned", "shown"), [(90, (640, 360)), (180, (360, 640)), (270, (640, 360))]
)
def test_a_phone_held_another_way(video: Video, tmp_path, turned, shown):
    path = tmp_path / "turned.mp4"
    wrong_files.turned(path, video(audio=False), degrees=turned)

    facts = video_facts(path)

    assert (facts.width, facts.height, facts.rotation) == (*shown, turned)


def test_a_small_picture_and_few_frames_are_facts_not_errors(video: Video):
    facts = video_facts(video(width=200, height=200, frame_rate=10))

    assert (facts.width, facts.height, facts.frame_rate) == (200, 200, 10.0)


def test_a_recording_made_by_a_browser_does_not_know_its_length(video: Video, tmp_path):
    path = tmp_path / "recording.webm"
    wrong_files.remuxed(path, video(".webm", codec="libvpx"), options={"live": "1"})

    facts = video_facts(path)

    assert facts.duration == pytest.approx(1.0, abs=0.05)
    assert facts.frame_rate == pytest.approx(30, abs=0.5)


def test_a_fragmented_mp4_is_whole(video: Video, tmp_path):
    path = tmp_path / "fragmented.mp4"
    wrong_files.remuxed(path, video(), options={"movflags": "frag_keyframe+empty_moov"})

    assert video_facts(path).duration == pytest.approx(1.0, abs=0.1)


def test_the_largest_picture_that_tiktok_takes_fits_into_the_memory(video: Video):
    facts = video_facts(video(width=4096, height=4096, seconds=0.1))

    assert (facts.width, facts.height) == (4096, 4096)
