"""Run inside an installation: connected channels, and approved posts that wait for their time.

    python -m bench.seed --posts 1000 --bytes 1000000

Each post goes to a channel of its own, and is planned for tomorrow: the benchmark moves them to
their moment all at once, since the time is no part of what was approved.
"""

import argparse
import hashlib
import os
import secrets
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import requests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scheduler.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Channel, User, Workspace  # noqa: E402
from posts.media.sample import make_sample_video  # noqa: E402
from posts.models import Media, MediaState, Post, Publication  # noqa: E402
from tiktok.budgets import CREATOR_INFO, STATUS  # noqa: E402
from tiktok.models import CallBudget, TikTokOptions  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--posts", type=int, required=True)
    parser.add_argument("--bytes", type=int, required=True, help="of the video that each sends")
    parser.add_argument("--made-up-tokens", action="store_true", help="ask no sandbox for them")
    wanted = parser.parse_args()
    person = User.objects.create_user("bench", "bench@example.com")
    workspace = Workspace.personal_for(person)
    medium = store_video(workspace, wanted.bytes)
    with requests.Session() as sandbox:
        for number in range(wanted.posts):
            handle = f"creator{number}"
            tokens = made_up_tokens() if wanted.made_up_tokens else connect(sandbox, handle)
            plan(person, store_channel(workspace, handle, tokens), medium)


def made_up_tokens() -> dict[str, str]:
    return {name: secrets.token_hex(16) for name in ("open_id", "access_token", "refresh_token")}


def connect(sandbox: requests.Session, handle: str) -> dict[str, str]:
    names = {"handle": handle, "display_name": handle}
    for order, body in (("creators", names), ("connect", {"creator": handle})):
        answer = sandbox.post(f"{settings.TIKTOK_API_URL}/sandbox/{order}", json=body, timeout=30)
        answer.raise_for_status()
    tokens: dict[str, str] = answer.json()
    return tokens


def store_channel(workspace: Workspace, handle: str, tokens: dict[str, str]) -> Channel:
    channel = Channel(
        workspace=workspace,
        platform="tiktok",
        external_id=tokens["open_id"],
        username=handle,
        display_name=handle,
        scopes=sorted(settings.TIKTOK_SCOPES),
        access_expires_at=timezone.now() + timedelta(hours=24),
        refresh_expires_at=timezone.now() + timedelta(days=365),
    )
    channel.access_token = tokens["access_token"]
    channel.refresh_token = tokens["refresh_token"]
    channel.save()
    # As of an account that was asked about before, when its post was looked at ahead of its time.
    for call in (CREATOR_INFO, STATUS):
        CallBudget.objects.create(channel=channel, call=call)
    return channel


def store_video(workspace: Workspace, size: int) -> Media:
    """A real video, made `size` bytes large by what players pass over."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "video.mp4"
        make_sample_video(path, seconds=1, width=360, height=640)
        with path.open("ab") as file:
            file.write((size - path.stat().st_size).to_bytes(4, "big") + b"free")
            file.truncate(size)
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            stream.seek(0)
            key = default_storage.save("media/video.mp4", stream)
    return Media.objects.create(
        workspace=workspace,
        name="video.mp4",
        storage_key=key,
        size=size,
        sha256=sha256,
        content_type="video/mp4",
        container="mp4",
        video_codec="h264",
        width=360,
        height=640,
        duration=1.0,
        frame_rate=30,
        state=MediaState.READY,
        check_at=None,
    )


def plan(person: User, channel: Channel, medium: Media) -> None:
    post = Post.objects.create(workspace=channel.workspace, author=person, caption="Sunrise")
    post.set_media([medium])
    publication = Publication.objects.create(post=post, channel=channel)
    TikTokOptions.objects.create(publication=publication, privacy_level="PUBLIC_TO_EVERYONE")
    publication.schedule(timezone.now() + timedelta(days=1), by=person)


if __name__ == "__main__":
    main()
