"""Somebody uploads a file that is meant to harm; the probe gives it up and nothing runs on."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from posts.media.probe import PROJECT
from posts.media.unreadable import (
    UNREADABLE_BY_CODE,
    EmptyFile,
    NotMedia,
    TookTooLong,
    TooMuchMemory,
    Unreadable,
)
from posts.tests.media import wrong_files
from posts.tests.media.conftest import Video
from posts.tests.media.refusals import children, refusal, video_facts


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

    assert video_facts(ordinary, memory=400_000_000).video_codec == "vp9"
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

    assert type(refusal(path)) is NotMedia


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
    modules = "posts.media.probing.video, posts.media.probing.photo"
    program = f"import sys, {modules}; print('django' in sys.modules)"

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
