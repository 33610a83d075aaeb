"""Alice uploads the wrong file; the probe says why it can not be used."""

from random import Random

import pytest

from posts.media.probe import probe
from posts.media.unreadable import (
    EmptyFile,
    NoPicture,
    NotMedia,
    NotPlayable,
    Truncated,
    WrongContainer,
)
from posts.tests.media import wrong_files
from posts.tests.media.conftest import Video
from posts.tests.media.refusals import refusal, video_facts


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
        (b"ID3\x04\0\0\0\0\0\0", "a sound file"),
    ],
)
def test_something_else_named_mp4(tmp_path, content, found):
    path = tmp_path / "video.mp4"
    path.write_bytes(content)

    error = refusal(path)

    assert (type(error), error.code, error.found) == (NotMedia, "not_media", found)
    assert error.for_people == (
        f"This file is neither a video nor a photo but {found}. Please choose an MP4, MOV or WebM "
        "video, or JPEG, PNG, WebP or HEIC photos."
    )


@pytest.mark.parametrize(
    "content", [Random(2).randbytes(2_000), bytes(2_000)], ids=["noise", "zeros"]
)
def test_noise_named_mp4(tmp_path, content):
    path = tmp_path / "video.mp4"
    path.write_bytes(b"\x01" + content)

    assert (type(refusal(path)), refusal(path).found) == (NotMedia, "")


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

    assert video_facts(whole).duration == pytest.approx(1.0, abs=0.1)
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
