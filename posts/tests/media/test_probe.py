"""Alice uploads what she has; the probe says what it is, or why it can not be used."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from posts.media.probe import MEMORY, PROJECT, SECONDS, probe
from posts.media.unreadable import (
    UNREADABLE_BY_CODE,
    EmptyFile,
    NoPicture,
    NotAVideo,
    NotPlayable,
    TookTooLong,
    TooMuchMemory,
    Truncated,
    Unreadable,
    WrongContainer,
)
from posts.tests.media import wrong_files
from posts.tests.media.conftest import Video


def children() -> set[int]:
    """The process ids of whatever this process has started and not seen end."""
    lists = Path("/proc/self/task").glob("*/children")
    return {int(number) for path in lists for number in path.read_text().split()}


def test_an_ordinary_mp4_is_described(video: Video):
    path = video(seconds=2, frame_rate=25)

    facts = probe(path)

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
    facts = probe(video(suffix, codec=codec, seconds=0.4))

    assert (facts.container, facts.mime_type, facts.video_codec, facts.audio_codec) == expected
    assert (facts.width, facts.height) == (360, 640)


def test_the_name_of_a_file_is_not_asked(video: Video, tmp_path):
    path = tmp_path / "holiday.txt"
    path.write_bytes(video(".webm", codec="libvpx").read_bytes())

    assert probe(path).container == "webm"


def test_a_path_that_looks_like_an_address_is_still_a_path(video: Video, tmp_path):
    path = tmp_path / "concat:https%3A" / "-i.mp4"
    path.parent.mkdir()
    path.write_bytes(video().read_bytes())

    assert probe(path).container == "mp4"


def test_a_silent_video_has_no_audio_codec(video: Video):
    assert probe(video(audio=False)).audio_codec is None


@pytest.mark.parametrize(
    ("turned", "shown"), [(90, (640, 360)), (180, (360, 640)), (270, (640, 360))]
)
def test_a_phone_held_another_way(video: Video, tmp_path, turned, shown):
    path = tmp_path / "turned.mp4"
    wrong_files.turned(path, video(audio=False), degrees=turned)

    facts = probe(path)

    assert (facts.width, facts.height, facts.rotation) == (*shown, turned)


def test_a_small_picture_and_few_frames_are_facts_not_errors(video: Video):
    facts = probe(video(width=200, height=200, frame_rate=10))

    assert (facts.width, facts.height, facts.frame_rate) == (200, 200, 10.0)


def test_a_recording_made_by_a_browser_does_not_know_its_length(video: Video, tmp_path):
    path = tmp_path / "recording.webm"
    wrong_files.remuxed(path, video(".webm", codec="libvpx"), options={"live": "1"})

    facts = probe(path)

    assert facts.duration == pytest.approx(1.0, abs=0.05)
    assert facts.frame_rate == pytest.approx(30, abs=0.5)


def test_a_fragmented_mp4_is_whole(video: Video, tmp_path):
    path = tmp_path / "fragmented.mp4"
    wrong_files.remuxed(path, video(), options={"movflags": "frag_keyframe+empty_moov"})

    assert probe(path).duration == pytest.approx(1.0, abs=0.1)


def test_the_largest_picture_that_tiktok_takes_fits_into_the_memory(video: Video):
    facts = probe(video(width=4096, height=4096, seconds=0.1))

    assert (facts.width, facts.height) == (4096, 4096)


# Wrong files


def refusal(path: Path, *, seconds: float = SECONDS, memory: int = MEMORY) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        probe(path, seconds=seconds, memory=memory)
    return caught.value


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"This is not a video.\n", "a text file"),
        ("Grüße aus Köln \U0001f305".encode() * 40, "a text file"),
        (b"\xef\xbb\xbf<!DOCTYPE html><title>Log in</title>", "a web page"),
        (b"I'm free to say what I want. " * 100, "a text file"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n", "a playlist"),
        (wrong_files.text_in_a_zip(), "a ZIP archive"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a PDF document"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a JPEG picture"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG picture"),
        (b"GIF89a\x01\0\x01\0", "a GIF picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC photo"),
        (b"ID3\x04\0\0\0\0\0\0", "a sound file"),
    ],
)
def test_something_else_named_mp4(tmp_path, content, found):
    path = tmp_path / "video.mp4"
    path.write_bytes(content)

    error = refusal(path)

    assert (type(error), error.code, error.found) == (NotAVideo, "not_a_video", found)
    assert error.for_people == (
        f"This file is not a video but {found}. Please choose an MP4, MOV or WebM file."
    )


@pytest.mark.parametrize("content", [os.urandom(2_000), bytes(2_000)], ids=["noise", "zeros"])
def test_noise_named_mp4(tmp_path, content):
    path = tmp_path / "video.mp4"
    path.write_bytes(b"\x01" + content)

    assert (type(refusal(path)), refusal(path).found) == (NotAVideo, "")


@pytest.mark.parametrize(
    ("suffix", "found"), [(".avi", "an AVI video"), (".ts", "an MPEG transport stream")]
)
def test_a_video_in_another_container_is_told_how_to_get_into_mp4(
    video: Video, tmp_path, suffix, found
):
    other = video(suffix, codec="mpeg4")
    path = tmp_path / "video.mp4"
    path.write_bytes(other.read_bytes())

    error = refusal(path)

    assert type(error) is WrongContainer
    assert error.for_people == (
        f"This is {found}, which is not supported. Please export it again as MP4 with H.264."
    )


def test_an_empty_file(tmp_path):
    path = tmp_path / "video.mp4"
    path.touch()

    assert type(refusal(path)) is EmptyFile


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ((".mp4", "libx264"), {"movflags": "+faststart"}),
        ((".mp4", "libx264"), {}),  # its index is at the end
        ((".mp4", "libx264"), {"movflags": "empty_moov", "frag_duration": "100000"}),
        ((".webm", "libvpx"), {}),
        ((".webm", "libvpx"), {"live": "1"}),
    ],
    ids=["index in front", "index at the end", "fragments", "webm", "browser's webm"],
)
def test_a_video_whose_end_is_missing(video: Video, tmp_path, kind, options, share):
    suffix, codec = kind
    whole, path = tmp_path / f"whole{suffix}", tmp_path / f"cut{suffix}"
    wrong_files.remuxed(whole, video(suffix, codec=codec), options=options)
    content = whole.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    assert probe(whole).duration == pytest.approx(1.0, abs=0.1)
    assert type(refusal(path)) is Truncated


def test_an_index_that_names_bytes_behind_the_end(video: Video, tmp_path):
    """Here no box is cut: the last one says that it goes on to the end, wherever that is."""
    content = video().read_bytes()
    start = content.index(b"mdat") - 4
    path = tmp_path / "cut.mp4"
    path.write_bytes(content[:start] + bytes(4) + content[start + 4 : -20])

    assert type(refusal(path)) is Truncated


def test_a_fragment_whose_own_index_is_cut(video: Video, tmp_path):
    whole, path = tmp_path / "whole.mp4", tmp_path / "cut.mp4"
    wrong_files.remuxed(
        whole, video(), options={"movflags": "empty_moov", "frag_duration": "100000"}
    )
    content = whole.read_bytes()
    path.write_bytes(content[: content.rindex(b"moof") + 20])

    assert type(refusal(path)) is Truncated


def test_the_last_byte_counts(video: Video, tmp_path):
    path = tmp_path / "cut.mp4"
    path.write_bytes(video().read_bytes()[:-1])

    assert type(refusal(path)) is Truncated


def test_only_sound(video: Video, tmp_path):
    path = tmp_path / "song.mp4"
    wrong_files.remuxed(path, video(), only="audio")

    assert type(refusal(path)) is NoPicture


def test_sound_with_a_cover(video: Video, tmp_path):
    path = tmp_path / "song.mp4"
    wrong_files.with_a_cover(path, video())

    assert type(refusal(path)) is NoPicture


@pytest.mark.parametrize("spoil", [wrong_files.damaged, wrong_files.unknown_codec])
def test_a_picture_that_can_not_be_decoded(video: Video, tmp_path, spoil):
    path = tmp_path / "video.mp4"
    spoil(path, video())

    assert type(refusal(path)) is NotPlayable


def test_a_missing_file_is_nobodys_wrong_video(tmp_path):
    with pytest.raises(FileNotFoundError):
        probe(tmp_path / "gone.mp4")


# Hostile files


def test_a_file_that_never_begins_is_given_up_and_nothing_runs_on(tmp_path):
    path = tmp_path / "video.mp4"
    os.mkfifo(path)  # whoever opens it waits until somebody writes
    before = children()
    started = time.monotonic()

    error = refusal(path, seconds=0.7)

    assert type(error) is TookTooLong
    assert 0.7 <= time.monotonic() - started < 5
    assert children() == before


def test_a_file_that_keeps_the_probe_busy_is_given_up(video: Video, tmp_path):
    path = tmp_path / "video.mp4"
    wrong_files.millions_of_samples(path, video(audio=False))

    assert type(refusal(path, seconds=1)) is TookTooLong


def test_a_file_that_wants_too_much_memory_is_given_up(video: Video, tmp_path):
    ordinary = video(".webm", codec="libvpx-vp9", seconds=0.4)
    path = tmp_path / "video.webm"
    wrong_files.giant_picture(path, ordinary)

    assert probe(ordinary, memory=400_000_000).video_codec == "vp9"
    assert type(refusal(path, memory=400_000_000)) is TooMuchMemory


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile '{}'\n",
        "<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>{}</BaseURL></MPD>",
    ],
    ids=["HLS", "concat", "DASH"],
)
def test_a_playlist_can_not_make_the_probe_open_another_file(tmp_path, playlist):
    other = tmp_path / "secret.mp4"
    os.mkfifo(other)  # opening it would hang
    path = tmp_path / "video.mp4"
    path.write_text(playlist.format(other))

    assert type(refusal(path)) is NotAVideo


def test_the_child_knows_none_of_our_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("TIKTOK_CLIENT_SECRET", "do not tell")
    path = tmp_path / "video.mp4"
    os.mkfifo(path)
    before = children()
    refused: list[Unreadable] = []
    asking = threading.Thread(target=lambda: refused.append(refusal(path)))
    asking.start()

    writer = None
    while writer is None and asking.is_alive():
        try:
            writer = os.open(path, os.O_WRONLY | os.O_NONBLOCK)  # works once the child reads
        except OSError:
            asking.join(0.02)
    [child] = children() - before
    environment = Path(f"/proc/{child}/environ").read_bytes()
    open_files = {os.readlink(link) for link in Path(f"/proc/{child}/fd").iterdir()}
    group = os.getpgid(child)
    assert writer is not None
    os.close(writer)  # the child reads an empty file
    asking.join()

    assert b"SECRET" not in environment
    assert b"LC_ALL=C.UTF-8" in environment
    assert {name.split(":")[0] for name in open_files} <= {"/dev/null", "pipe", str(path)}
    assert group == child
    assert type(refused[0]) is EmptyFile


def test_the_child_does_not_load_django():
    program = "import sys, posts.media.probing.reading; print('django' in sys.modules)"

    said = subprocess.run(
        [sys.executable, "-E", "-s", "-c", program],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout == "False\n"


def test_every_refusal_has_its_own_code_and_says_what_to_do():
    kinds = set(Unreadable.__subclasses__())

    assert set(UNREADABLE_BY_CODE.values()) == kinds
    assert len(UNREADABLE_BY_CODE) == len(kinds)
    for kind in kinds:
        assert "Please " in kind().for_people
