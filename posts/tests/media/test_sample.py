"""The video of the demo is a real one."""

import hashlib

import av
import pytest

from posts.media.sample import make_sample_video
from posts.tests.media.conftest import Video
from posts.tests.media.refusals import video_facts


def test_the_demo_video_is_what_phones_make(tmp_path):
    path = tmp_path / "demo.mp4"

    make_sample_video(path)

    facts = video_facts(path)
    assert (facts.container, facts.video_codec, facts.audio_codec) == ("mp4", "h264", "aac")
    assert (facts.width, facts.height) == (1080, 1920)
    assert (facts.duration, facts.frame_rate) == (5.0, 30.0)
    assert 1_000_000 < facts.size < 6_000_000
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_it_can_be_heard(video: Video):
    with av.open(str(video())) as container:
        loudest = max(
            max(abs(level) for level in memoryview(frame.planes[0]).cast("B").cast("f"))
            for frame in container.decode(audio=0)
        )

    assert 0.1 < loudest < 0.5


def test_each_variation_is_another_video(video: Video):
    digests = {hashlib.sha256(video(variation=n).read_bytes()).hexdigest() for n in range(5)}

    assert len(digests) == 5


def test_odd_sizes_are_refused(tmp_path):
    with pytest.raises(ValueError, match="361x640: this picture format needs even numbers"):
        make_sample_video(tmp_path / "odd.mp4", width=361, height=640)
