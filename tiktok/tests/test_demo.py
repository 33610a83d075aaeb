"""The demo of `make run`, through the sandbox's real consent."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from posts.models import Media, Publication
from tiktok import demo


@pytest.fixture
def folders(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path


def make_demo() -> str:
    said = StringIO()
    call_command("demo", stdout=said)
    return said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_first_run_plans_a_real_video_and_the_second_changes_nothing(sandbox, folders):
    first = make_demo()

    publication = Publication.objects.get()
    assert publication.state == "scheduled"
    wait = publication.due_at - timezone.now()
    assert timedelta(seconds=30) < wait <= timedelta(minutes=1)
    assert publication.channel.username == demo.CREATOR["handle"]
    medium = Media.objects.get()
    assert (medium.state, medium.width, medium.height) == ("ready", 1080, 1920)
    assert (medium.video_codec, medium.audio_codec) == ("h264", "aac")
    assert publication.tiktok.mode == "direct"

    assert make_demo() == first
    assert Publication.objects.get() == publication


@pytest.mark.django_db
def test_the_password_is_kept_for_its_owners_eyes_only(folders):
    path = folders / "var" / "demo-password"
    user, password = demo.log_in(path)

    assert user.check_password(password)
    assert path.stat().st_mode & 0o777 == 0o600
    assert demo.log_in(path) == (user, password)


@pytest.mark.django_db
def test_a_password_that_its_owner_has_chosen_is_not_told(folders):
    path = folders / "demo-password"
    user, _ = demo.log_in(path)
    user.set_password("a better one")
    user.save()

    assert demo.log_in(path) == (user, "")


@pytest.mark.django_db
def test_a_lost_password_file_means_a_new_password(folders):
    path = folders / "demo-password"
    _, lost = demo.log_in(path)
    path.unlink()

    user, password = demo.log_in(path)

    assert password != lost
    assert User.objects.get().check_password(password)
    assert user == User.objects.get()


@pytest.mark.django_db
def test_with_the_real_tiktok_there_is_no_demo(settings, folders):
    settings.PRACTICE_MODE = False

    with pytest.raises(CommandError, match="practice mode only"):
        make_demo()
