"""Alice sends a file to a real server over a real socket, and sometimes it does not go well."""

import errno
import hashlib
import os
import resource
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.handlers.wsgi import WSGIRequest

from posts.media.probe import PROJECT
from posts.media.receiving import (
    DISK_CHECK,
    DiskFull,
    ReceivedFile,
    StreamToDisk,
    TooLarge,
    incoming_folder,
    sweep_incoming,
)
from posts.media.storing import keep
from posts.tests.media.receiving_site import CONTENT, NO_RESERVE, Outcome, Site, begin, form, send


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "incoming")
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


def test_a_file_arrives_whole_and_is_counted_on_the_way(site: Site):
    outcome = send(site, form(("Sunrise.mp4", CONTENT), csrfmiddlewaretoken="abc"))

    assert outcome.error is None
    assert outcome.fields == {"csrfmiddlewaretoken": "abc"}
    assert (outcome.names, outcome.contents) == (["Sunrise.mp4"], [CONTENT])
    assert outcome.digests == [hashlib.sha256(CONTENT).hexdigest()]
    assert outcome.lengths == [len(CONTENT)]


def test_a_file_that_nobody_keeps_goes_with_the_request(site: Site):
    outcome = send(site, form(("Sunrise.mp4", CONTENT)))

    assert outcome.paths[0].parent == site.folder
    assert outcome.files_after == []


def test_several_files_and_an_empty_one(site: Site):
    outcome = send(site, form(("one.mp4", b"1" * 9), ("two.mp4", b""), ("three.mp4", CONTENT)))

    assert outcome.names == ["one.mp4", "two.mp4", "three.mp4"]
    assert outcome.contents == [b"1" * 9, b"", CONTENT]
    assert outcome.files_after == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../tmp/evil.mp4", "evil.mp4"),
        ("/etc/cron.d/evil", "evil"),
        ("..\\\\..\\\\evil.mp4", "evil.mp4"),
        ("&#46;&#46;&#47;evil.mp4", "evil.mp4"),
        ("evil\x00.mp4", "evil.mp4"),
        ("\u202e4pm.live.mp4", "4pm.live.mp4"),
    ],
)
def test_a_name_with_tricks_is_only_a_name(site: Site, tmp_path, name, shown):
    outcome = send(site, form((name, b"content")))

    [path] = outcome.paths
    assert outcome.names == [shown]
    assert path.parent == site.folder
    assert path.suffix == ".upload"
    assert len(path.stem) == 32
    assert set(path.stem) <= set("0123456789abcdef")
    assert [entry.name for entry in tmp_path.iterdir()] == ["incoming"]


def test_too_large_is_said_before_the_first_byte(site: Site):
    site.limit = 2_000_000_000

    with begin(site, 3_000_000_000):
        outcome = site.outcome()

    assert isinstance(outcome.error, TooLarge)
    assert outcome.error.code == "too_large"
    assert outcome.error.for_people == (
        "This file is larger than 2 GB, the most that can be uploaded. Please export a smaller one."
    )
    assert outcome.files_after == []


@pytest.mark.parametrize(("size", "fits"), [(999, True), (1_000, True), (1_001, False)])
def test_the_limit_counts_the_file_and_not_the_form_around_it(site: Site, size, fits):
    site.limit = 1_000

    outcome = send(site, form(("Sunrise.mp4", b"x" * size), caption="c" * 5_000))

    assert (outcome.error is None) == fits
    assert outcome.files_after == []


def test_a_full_disk_is_said_before_the_first_byte(site: Site):
    site.folder.mkdir()
    site.reserve = shutil.disk_usage(site.folder).free + 1_000_000_000

    with begin(site, 1_000):
        outcome = site.outcome()

    assert isinstance(outcome.error, DiskFull)
    assert outcome.error.code == "disk_full"


def test_a_disk_that_fills_up_meanwhile_is_noticed(tmp_path):
    handler = StreamToDisk(folder=tmp_path, reserve=NO_RESERVE)
    handler.new_file("video", "Sunrise.mp4", "video/mp4", None)
    handler.receive_data_chunk(bytes(DISK_CHECK - 1), 0)
    handler.reserve = shutil.disk_usage(tmp_path).free + 1_000_000_000

    with pytest.raises(DiskFull):
        handler.receive_data_chunk(b"x", DISK_CHECK - 1)

    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_nothing(tmp_path):
    """The system's limit for files answers in the same way as a full disk: the write fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = StreamToDisk(folder=tmp_path, reserve=NO_RESERVE)
    handler.new_file("video", "Sunrise.mp4", "video/mp4", None)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(DiskFull) as caught:
            handler.receive_data_chunk(CONTENT, 0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.EFBIG
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["politely", "abruptly"])
def test_a_connection_that_is_cut_leaves_nothing(site: Site, how):
    connection = begin(site, 50_000_000)
    connection.sendall(form(("Sunrise.mp4", CONTENT))[:-100])
    while not (site.folder.exists() and any(path.stat().st_size for path in site.folder.iterdir())):
        assert site.outcomes.empty()
    if how == "abruptly":  # as when a train enters a tunnel: reset instead of end
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()

    outcome = site.outcome()

    assert outcome.names == []
    assert outcome.files_after == []


def test_a_kept_file_stays(site: Site, tmp_path):
    storage = FileSystemStorage(location=tmp_path / "uploads")

    def keep_it(request: WSGIRequest, outcome: Outcome) -> None:
        received = request.FILES["video"]
        assert isinstance(received, ReceivedFile)
        keep(received, storage, "media/1.mp4", content_type="video/mp4")

    site.look = keep_it  # type: ignore[method-assign]
    outcome = send(site, form(("Sunrise.mp4", CONTENT)))

    assert (tmp_path / "uploads" / "media" / "1.mp4").read_bytes() == CONTENT
    assert outcome.files_after == []


def test_a_poster_beside_it_goes_too(tmp_path):
    received = ReceivedFile(tmp_path, name="Sunrise.mp4")
    received.poster_path.write_bytes(b"a picture")

    received.close()
    received.close()  # twice does no harm

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_forgotten_goes_too(tmp_path):
    received = ReceivedFile(tmp_path, name="Sunrise.mp4")
    assert len(list(tmp_path.iterdir())) == 1

    del received

    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_beside_the_stored_media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)

    assert incoming_folder() == tmp_path / "incoming"


# Leftovers


def test_what_a_killed_process_left_is_swept_and_nothing_else(tmp_path):
    now = time.time()
    for name, age in [
        ("old.upload", 7_200),
        ("old.jpg", 7_200),
        ("young.upload", 60),
        (".keep", 7_200),
    ]:
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (now - age, now - age))

    removed = sweep_incoming(timedelta(hours=1), folder=tmp_path)

    assert removed == 2
    assert sorted(os.listdir(tmp_path)) == [".keep", "young.upload"]


def test_a_folder_that_is_not_there_yet_has_no_leftovers(tmp_path):
    assert sweep_incoming(timedelta(hours=1), folder=tmp_path / "incoming") == 0


def test_a_process_that_is_killed_while_receiving_leaves_what_the_sweep_finds(tmp_path):
    program = (
        "import signal, sys; from pathlib import Path\n"
        "from posts.media.receiving import ReceivedFile\n"
        "received = ReceivedFile(Path(sys.argv[1]), name='Sunrise.mp4')\n"
        "received.add(b'half of it')\n"
        "print('ready', flush=True)\n"
        "signal.pause()\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.kill()
    assert len(list(tmp_path.iterdir())) == 1

    assert sweep_incoming(timedelta(0), folder=tmp_path) == 1
    assert list(tmp_path.iterdir()) == []
