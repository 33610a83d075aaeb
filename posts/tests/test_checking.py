"""The check of an uploaded file: its verdict, and what is left on disk afterwards."""

import hashlib
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from posts.media import checking
from posts.media.checking import MOST_TRIES, check
from posts.media.probe import examine
from posts.media.sample import make_sample_video
from posts.models import Media
from posts.tests.media import wrong_files
from posts.tests.media.photos import exif, saved, two_halves

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "store"
    return settings.MEDIA_ROOT


@pytest.fixture
def uploaded(workspace, store):
    """A file as the upload leaves it, waiting for its check."""

    def upload(content: bytes, name: str = "sunrise.mp4") -> Media:
        medium = Media(workspace=workspace, name=name, size=len(content))
        medium.storage_key = f"media/{medium.pk}"
        medium.sha256 = hashlib.sha256(content).hexdigest()
        path = Path(default_storage.path(medium.storage_key))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        medium.save()
        return medium

    return upload


def verdict_on(medium):
    claimed = Media.claim_check(seconds=60)
    assert claimed == medium
    check(claimed)
    medium.refresh_from_db()
    return medium


def codes(medium):
    return [problem["code"] for problem in medium.problems]


def files_in(store):
    return sorted(str(path.relative_to(store)) for path in store.rglob("*") if path.is_file())


def test_a_good_video_is_ready_with_its_figures_and_a_poster(uploaded, store, video_file):
    medium = verdict_on(uploaded(video_file.read_bytes()))

    assert (medium.state, medium.problems, medium.check_at) == ("ready", [], None)
    assert (medium.container, medium.video_codec, medium.audio_codec) == ("mp4", "h264", "aac")
    assert (medium.width, medium.height, medium.frame_rate) == (360, 640, 30)
    assert medium.duration == pytest.approx(1, abs=0.1)
    assert medium.content_type == "video/mp4"
    assert files_in(store) == [f"media/{medium.pk}", f"media/{medium.pk}.jpg"]


@pytest.mark.parametrize(
    ("wishes", "code", "said"),
    [
        ({"width": 200, "height": 200}, "picture_too_small", "200 × 200"),
        ({"frame_rate": 10}, "frame_rate_too_low", "10 frames per second"),
    ],
)
def test_what_the_platform_refuses_is_rejected_with_figure_and_limit(
    uploaded, tmp_path, wishes, code, said
):
    make_sample_video(tmp_path / "a.mp4", **{"seconds": 1, "width": 360, "height": 640} | wishes)
    store = tmp_path / "store"

    medium = verdict_on(uploaded((tmp_path / "a.mp4").read_bytes()))

    assert (medium.state, codes(medium)) == ("rejected", [code])
    assert said in medium.problems[0]["message"]
    assert (medium.storage_key, medium.poster_key, files_in(store)) == ("", "", [])


# Photos


def test_of_a_photo_only_the_jpeg_is_kept_that_is_posted(uploaded, store):
    came = saved(two_halves(3000, 4000), "HEIF", exif=exif())

    medium = verdict_on(uploaded(came, "IMG_0001.HEIC"))

    kept = Path(default_storage.path(medium.storage_key)).read_bytes()
    assert (medium.state, medium.kind, medium.is_photo) == ("ready", "photo", True)
    assert (medium.content_type, medium.width, medium.height) == ("image/jpeg", 1080, 1440)
    assert (medium.size, medium.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
    assert (medium.duration, medium.frame_rate, medium.container) == (None, None, "")
    assert b"Alice" not in kept
    assert files_in(store) == [f"media/{medium.pk}-photo.jpg", f"media/{medium.pk}.jpg"]


def test_a_photo_that_can_not_be_posted_leaves_nothing(uploaded, store):
    medium = verdict_on(uploaded(saved(two_halves(30, 30), "GIF"), "wave.gif"))

    assert (medium.state, codes(medium)) == ("rejected", ["photo_not_supported"])
    assert files_in(store) == []


def test_a_photo_whose_checker_died_at_the_end_is_asked_for_again(uploaded, store):
    """Its original was gone already, and nothing says that the new one was whole."""
    medium = uploaded(saved(two_halves(300, 400)))
    default_storage.delete(medium.storage_key)
    default_storage.save(checking.photo_key(medium), ContentFile(b"half a photo"))

    assert codes(verdict_on(medium)) == ["file_gone"]
    assert files_in(store) == []


def test_a_photo_that_was_deleted_meanwhile_leaves_nothing(uploaded, store):
    uploaded(saved(two_halves(300, 400)))
    claimed = Media.claim_check(seconds=60)
    Media.objects.all().delete()

    check(claimed)

    assert files_in(store) == []


@pytest.fixture
def wrong(video_file, tmp_path):
    """The bytes of a file that nobody can post."""

    def make(kind: str) -> bytes:
        made = tmp_path / f"{kind}.mp4"
        if kind == "empty":
            return b""
        if kind == "text":
            return b"This is a letter to the editor.\n" * 100
        if kind == "truncated":
            return video_file.read_bytes()[: video_file.stat().st_size // 2]
        if kind == "audio only":
            wrong_files.remuxed(made, video_file, only="audio")
        else:
            wrong_files.damaged(made, video_file)
        return made.read_bytes()

    return make


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("empty", "empty"),
        ("text", "not_media"),
        ("truncated", "truncated"),
        ("audio only", "no_picture"),
        ("damaged", "not_playable"),
    ],
)
def test_a_wrong_file_is_rejected_and_leaves_nothing(uploaded, store, wrong, kind, code):
    medium = verdict_on(uploaded(wrong(kind)))

    assert (medium.state, codes(medium)) == ("rejected", [code])
    assert medium.problems[0]["message"].endswith(".")
    assert files_in(store) == []


def test_a_file_that_keeps_its_checker_busy_is_rejected(uploaded, store, tmp_path, monkeypatch):
    make_sample_video(tmp_path / "silent.mp4", seconds=1, width=360, height=640, audio=False)
    wrong_files.millions_of_samples(tmp_path / "busy.mp4", tmp_path / "silent.mp4")
    # Nobody wants to wait for the 20 seconds that it is given.
    monkeypatch.setattr(checking, "examine", partial(examine, seconds=1))

    medium = verdict_on(uploaded((tmp_path / "busy.mp4").read_bytes()))

    assert (medium.state, codes(medium)) == ("rejected", ["took_too_long"])
    assert files_in(store) == []


def test_a_file_that_is_gone_is_rejected(uploaded, store, video_file):
    medium = uploaded(video_file.read_bytes())
    default_storage.delete(medium.storage_key)

    assert codes(verdict_on(medium)) == ["file_gone"]
    assert files_in(store) == []


def test_a_file_that_kills_its_checker_is_not_looked_at_for_ever(uploaded, store, video_file):
    medium = uploaded(video_file.read_bytes())
    for _ in range(MOST_TRIES):
        assert Media.claim_check(seconds=60) == medium  # and the process dies here
        Media.objects.update(check_at=timezone.now())

    assert codes(verdict_on(medium)) == ["could_not_be_checked"]
    assert files_in(store) == []


def test_trouble_of_our_own_is_no_verdict(uploaded, store, video_file):
    medium = uploaded(video_file.read_bytes())
    incoming = store / "incoming"
    incoming.write_text("a file where a folder should be")

    check(Media.claim_check(seconds=60))

    medium.refresh_from_db()
    assert (medium.state, medium.check_tries) == ("checking", 1)
    assert medium.check_at > timezone.now() + timedelta(seconds=50)
    incoming.unlink()
    Media.objects.update(check_at=timezone.now())
    assert verdict_on(medium).state == "ready"


def test_what_was_deleted_meanwhile_leaves_no_poster(uploaded, store, video_file):
    medium = uploaded(video_file.read_bytes())
    claimed = Media.claim_check(seconds=60)
    Media.objects.all().delete()

    check(claimed)

    assert files_in(store) == [f"media/{medium.pk}"]
