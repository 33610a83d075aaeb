"""Sets the stage for a story: people, a connected creator, a stored video, a planned post.

Used by the fixtures, and inside the processes of a whole house.
"""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from accounts.models import Channel, User, Workspace
from posts.models import Media, MediaKind, MediaState, Post, Publication
from tiktok.models import TikTokOptions

SCOPES = ["user.info.basic", "user.info.profile", "video.list", "video.upload", "video.publish"]
PASSWORD = "sesame street 9"


def order(what: str, **body: Any) -> dict[str, Any]:
    """Ask the sandbox's own door for something; returns its JSON."""
    answer = requests.post(f"{settings.TIKTOK_API_URL}/sandbox/{what}", json=body, timeout=130)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def person(name: str, **fields: Any) -> User:
    user = User.objects.create_user(name, f"{name}@example.com", PASSWORD, **fields)
    Workspace.personal_for(user)
    return user


def connected_channel(
    workspace: Workspace, handle: str, *, scopes: list[str] = SCOPES, private: bool = False
) -> Channel:
    """Make a creator in the sandbox and connect it to a workspace."""
    order("creators", handle=handle, display_name=handle.title(), private=private)
    sent_at = timezone.now()
    tokens = order("connect", creator=handle, scopes=list(scopes))
    channel = Channel(
        workspace=workspace,
        platform="tiktok",
        external_id=tokens["open_id"],
        username=handle,
        display_name=handle.title(),
        scopes=sorted(tokens["scope"].split(",")),
        access_expires_at=sent_at + timedelta(seconds=tokens["expires_in"]),
        refresh_expires_at=sent_at + timedelta(seconds=tokens["refresh_expires_in"]),
    )
    channel.access_token = tokens["access_token"]
    channel.refresh_token = tokens["refresh_token"]
    channel.save()
    return channel


def stored_medium(workspace: Workspace, file: Path, *, duration: float = 1.0) -> Media:
    """A medium that passed its check, with its bytes in the store."""
    return _stored(
        workspace,
        file,
        content_type="video/mp4",
        container="mp4",
        video_codec="h264",
        width=360,
        height=640,
        duration=duration,
        frame_rate=30,
    )


def stored_photo(workspace: Workspace, file: Path) -> Media:
    """A photo that passed its check: `file` is the JPEG that TikTok is to get."""
    with Image.open(file) as picture:
        width, height = picture.size
    return _stored(
        workspace,
        file,
        kind=MediaKind.PHOTO,
        content_type="image/jpeg",
        width=width,
        height=height,
    )


def _stored(workspace: Workspace, file: Path, **figures: Any) -> Media:
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        key = default_storage.save(f"media/{file.name}", stream)
    return Media.objects.create(
        workspace=workspace,
        name=file.name,
        storage_key=key,
        size=file.stat().st_size,
        sha256=sha256,
        state=MediaState.READY,
        check_at=None,
        **figures,
    )


def composed(
    author: User,
    channel: Channel,
    media: list[Media],
    *,
    caption: str = "Sunrise",
    title: str = "",
    **options: Any,
) -> Publication:
    """A post that nobody has approved yet."""
    post = Post.objects.create(
        workspace=channel.workspace, author=author, caption=caption, title=title
    )
    post.set_media(media)
    publication = Publication.objects.create(post=post, channel=channel)
    choices = {"privacy_level": "PUBLIC_TO_EVERYONE"} | options
    TikTokOptions.objects.create(publication=publication, **choices)
    return publication


def planned(file: str, *, handle: str = "alice.films", due_at: datetime | None = None) -> int:
    """Everything at once, due now by default: the id of the publication."""
    alice = User.objects.filter(username="alice").first() or person("alice")
    workspace = Workspace.personal_for(alice)
    channel = connected_channel(workspace, handle)
    publication = composed(alice, channel, [stored_medium(workspace, Path(file))])
    publication.schedule(due_at or timezone.now(), by=alice)
    return publication.pk


def padded_video(source: Path, target: Path, size: int) -> Path:
    """The video at `source`, made `size` bytes large by a box that players pass over."""
    data = source.read_bytes()
    padding = size - len(data)
    with target.open("wb") as file:
        file.write(data + padding.to_bytes(4, "big") + b"free")
        file.truncate(size)
    return target
