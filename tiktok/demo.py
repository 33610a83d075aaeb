"""The first thing that a newcomer sees: a workspace with an account of the sandbox, and a video
that goes out in a minute. Everything takes the same road as a person's own."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qs, urlsplit

import requests
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import Channel, User, Workspace
from accounts.models.user import validate_time_zone
from posts.media.checking import check
from posts.media.sample import make_sample_video
from posts.media.storing import keep_file
from posts.models import Media, Publication
from posts.planning import Content, schedule_post
from posts.platforms import platform_of
from tiktok import oauth
from tiktok.choices import PREFIX
from tiktok.sandbox import Sandbox

USERNAME = "demo"
CREATOR = {"handle": "sunrise.hills", "display_name": "Sunrise Hills"}
CAPTION = "Good morning from the hills! Planned yesterday, out on time today. #sunrise #goodmorning"
STARTS_IN = timedelta(minutes=1)
TIMEOUT = 10  # seconds for the sandbox to answer
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105  # none that look alike


class DemoFailed(Exception):
    """The demo could not be set up; the text says why."""


def log_in(path: Path) -> tuple[User, str]:
    """The demo's user and password, made at the first call. The password is kept in `path`.

    Empty when the person has chosen another one since.
    """
    user = User.objects.filter(username=USERNAME).first()
    if path.exists():
        password = path.read_text().strip()
        if user and not user.check_password(password):
            password = ""
        return user or _make_user(password), password
    password = "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(12))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(f"{password}\n")
    if user:
        user.set_password(password)
        user.save(update_fields=["password"])
    return user or _make_user(password), password


def is_set_up() -> bool:
    return Publication.objects.filter(post__author__username=USERNAME).exists()


def set_up(user: User) -> Publication:
    """Make what is missing of the demo, and return its publication. Safe to repeat."""
    workspace = Workspace.personal_for(user)
    planned = Publication.objects.filter(post__author=user).order_by("pk").first()
    if planned is not None:
        return planned
    with sandbox_running():
        channel = workspace.channels.kept().first() or _connect(user, workspace)
        return _plan(user, channel, _make_medium(user, workspace))


@contextmanager
def sandbox_running() -> Iterator[None]:
    """The sandbox, if it runs; otherwise one in this process, meanwhile, over the same state."""
    try:
        requests.get(settings.TIKTOK_API_URL, timeout=TIMEOUT)
    except requests.ConnectionError:
        port = urlsplit(settings.TIKTOK_API_URL).port or 0
        sandbox = Sandbox(settings.SANDBOX_STATE, port)
    else:
        yield
        return
    with sandbox:
        yield


def _make_user(password: str) -> User:
    user = User.objects.create_user(
        USERNAME, f"{USERNAME}@example.com", password, time_zone=_zone_of_this_machine()
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _connect(user: User, workspace: Workspace) -> Channel:
    """Through TikTok's consent, as a person would; the sandbox says yes in the creator's name."""
    asked = {
        name: values[0]
        for name, values in parse_qs(urlsplit(oauth.begin(user, workspace)).query).items()
    }
    _post("/sandbox/creators", CREATOR, fine=(requests.codes.conflict,))
    said = _post(
        "/sandbox/authorize",
        {
            "creator": CREATOR["handle"],
            "scopes": asked["scope"].split(","),
            "redirect_uri": asked["redirect_uri"],
            "state": asked["state"],
            "code_challenge": asked.get("code_challenge", ""),
        },
    )
    state = oauth.take(said["state"])
    grant = oauth.receive(state, said["code"], said_scopes=said["scopes"])
    return oauth.finish(state, grant).channel


def _post(path: str, body: Mapping[str, object], *, fine: tuple[int, ...] = ()) -> dict[str, str]:
    answer = requests.post(settings.TIKTOK_API_URL + path, json=body, timeout=TIMEOUT)
    if not answer.ok and answer.status_code not in fine:
        raise DemoFailed(f"The sandbox refused {path}: {answer.text[:300]}")
    said: dict[str, str] = answer.json()
    return said


def _make_medium(user: User, workspace: Workspace) -> Media:
    """A real video with sound, through the same check as every upload."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sunrise.mp4"
        make_sample_video(path)
        medium = Media(workspace=workspace, uploaded_by=user, name=path.name, check_at=None)
        medium.storage_key = f"media/{medium.pk}"
        with path.open("rb") as file:
            medium.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        medium.size = path.stat().st_size
        keep_file(path, default_storage, medium.storage_key, content_type="video/mp4")
    medium.save()
    check(medium)
    medium.refresh_from_db()
    if not medium.is_ready:
        default_storage.delete(medium.storage_key)
        medium.delete()
        raise DemoFailed(f"The sample video was not accepted: {medium.problems}")
    return medium


def _plan(user: User, channel: Channel, medium: Media) -> Publication:
    choices = {"mode": "direct", "privacy_level": "PUBLIC_TO_EVERYONE", "allow_comment": "on"}
    form = platform_of(channel).options_form(
        {f"{PREFIX}-{name}": value for name, value in choices.items()},
        channel=channel,
        media=[medium],
        publication=None,
    )
    if not form.is_valid():
        raise DemoFailed(f"TikTok's choices were not accepted: {form.errors.as_text()}")
    return schedule_post(
        by=user,
        workspace=channel.workspace,
        content=Content(caption=CAPTION, media=[medium], channel=channel),
        options=form.cleaned_data,
        due_at=timezone.now() + STARTS_IN,
    )


def _zone_of_this_machine() -> str:
    """So that the demo shows times as the clock on the wall does; UTC where it is unknown."""
    _, found, name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
    try:
        validate_time_zone(name)
    except ValidationError:
        return "UTC"
    return name if found and name != "Etc/UTC" else "UTC"
