"""A file that TikTok would refuse is refused here, with the figure and the limit."""

from dataclasses import dataclass, replace

import pytest

from tiktok.limits import photo_problems, utf16_length, video_problems, video_warnings


@dataclass(frozen=True)
class Facts:
    container: str = "mp4"
    video_codec: str = "h264"
    audio_codec: str | None = "aac"
    width: int = 1080
    height: int = 1920
    duration: float = 15.0
    frame_rate: float = 30.0
    size: int = 5_000_000


GOOD = Facts()


def codes(facts, **options):
    return [problem.code for problem in video_problems(facts, **options)]


@pytest.mark.parametrize(
    "fitting",
    [
        {},
        {"audio_codec": None},
        {"container": "mov", "video_codec": "hevc"},
        {"container": "webm", "video_codec": "vp8"},
        {"container": "WebM", "video_codec": "VP9"},
        {"width": 360, "height": 4096},
        {"width": 4096, "height": 360},
        {"frame_rate": 23},
        {"frame_rate": 24000 / 1001},
        {"frame_rate": 60},
        {"duration": 0.04},
        {"duration": 600},
        {"size": 1},
        {"size": 4_000_000_000},
    ],
)
def test_what_tiktok_takes_passes(fitting):
    assert video_problems(replace(GOOD, **fitting)) == []


@pytest.mark.parametrize(
    ("wrong", "code", "figures"),
    [
        ({"container": "mkv"}, "container_not_accepted", ["mkv", "MP4"]),
        ({"container": ""}, "container_not_accepted", ["unknown"]),
        ({"video_codec": "av1"}, "codec_not_accepted", ["av1", "H.264"]),
        ({"width": 359}, "picture_too_small", ["359 × 1920", "360"]),
        ({"height": 200, "width": 200}, "picture_too_small", ["200 × 200", "360"]),
        ({"height": 4097}, "picture_too_large", ["1080 × 4097", "4,096"]),
        ({"frame_rate": 10}, "frame_rate_too_low", ["10 frames", "23"]),
        ({"frame_rate": 22.9999}, "frame_rate_too_low", ["22.9999 frames", "23"]),
        ({"frame_rate": float("nan")}, "frame_rate_too_low", ["nan"]),
        ({"frame_rate": 60.001}, "frame_rate_too_high", ["60.001 frames", "60"]),
        ({"duration": 600.04}, "too_long", ["10 min 0.04 s", "10 min"]),
        ({"duration": 600.0001}, "too_long", ["10 min 0.0001 s"]),
        ({"duration": 0.0}, "duration_unknown", []),
        ({"duration": float("nan")}, "duration_unknown", []),
        ({"duration": float("inf")}, "duration_unknown", []),
        ({"size": 0}, "empty_file", ["0 bytes"]),
        ({"size": 4_000_000_001}, "too_big", ["4,000,000,001", "4,000,000,000"]),
    ],
)
def test_what_tiktok_refuses_is_named_with_figure_and_limit(wrong, code, figures):
    [problem] = video_problems(replace(GOOD, **wrong))

    assert problem.code == code
    for figure in figures:
        assert figure in problem.message


def test_everything_that_is_wrong_is_said_at_once():
    awful = Facts("avi", "mpeg4", None, 100, 5000, 700.0, 5.0, 0)

    assert codes(awful) == [
        "container_not_accepted",
        "codec_not_accepted",
        "picture_too_small",
        "picture_too_large",
        "frame_rate_too_low",
        "too_long",
        "empty_file",
    ]


def test_an_account_may_have_less_than_ten_minutes():
    assert codes(replace(GOOD, duration=180.0), max_seconds=180) == []
    [problem] = video_problems(replace(GOOD, duration=180.001), max_seconds=180)
    assert problem.message == (
        "The video lasts 3 min 0.001 s; TikTok takes at most 3 min here. Cut it to that length."
    )


@pytest.mark.parametrize(("duration", "expected"), [(2.9, ["very_short"]), (3.0, []), (0.0, [])])
def test_a_very_short_video_is_only_warned_about(duration, expected):
    facts = replace(GOOD, duration=duration)

    assert [warning.code for warning in video_warnings(facts)] == expected


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Sunrise", 7),
        ("é", 1),
        ("👍", 2),
        ("👨\u200d👩\u200d👧\u200d👦", 11),
        ("\ud83d", 1),
    ],
)
def test_text_is_counted_as_tiktok_counts(text, length):
    assert utf16_length(text) == length


# Photos


@dataclass(frozen=True)
class Photo:
    mime_type: str = "image/jpeg"
    width: int = 1080
    height: int = 1920
    size: int = 20_000_000


@pytest.mark.parametrize(
    ("photo", "code"),
    [
        (Photo(), None),
        (Photo(width=1920, height=1080), None),
        (Photo(mime_type="image/webp", width=1, height=1), None),
        (Photo(mime_type="image/png"), "photo_format_not_accepted"),
        (Photo(width=1081), "photo_has_too_many_pixels"),
        (Photo(height=1921), "photo_has_too_many_pixels"),
        (Photo(width=1100, height=1100), "photo_has_too_many_pixels"),
        (Photo(size=20_000_001), "photo_too_big"),
    ],
)
def test_a_photo_fits_or_is_told_why_not(photo, code):
    assert [problem.code for problem in photo_problems(photo)] == ([code] if code else [])
