"""Everything of a workspace in one file that its people can keep: words, history and media."""

import json
import zipfile
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder

from accounts.models import Workspace
from posts.media.sources import SourceError, source_for
from posts.models import Media, Post, Publication
from posts.report import report_of


def export_workspace(workspace: Workspace, to: Path) -> list[str]:
    """Write a zip to `to`, whole or not at all; returns the names of media that can not be read.

    `workspace.json` holds members, accounts, posts and what became of them, and the log;
    `history/` one text for each publication, without secrets; `media/` the files. Raises
    FileExistsError and OSError.
    """
    if to.exists():
        raise FileExistsError(f"{to} is there already")
    unfinished = to.with_name(f"{to.name}.unfinished")
    lost = []
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("workspace.json", _as_json(_workspace(workspace)))
            for publication in _publications(workspace):
                archive.writestr(f"history/{publication.pk}.txt", report_of(publication))
            lost = [m.name for m in workspace.media.all() if not _add_medium(archive, m)]
        unfinished.rename(to)
    finally:
        unfinished.unlink(missing_ok=True)
    return lost


def _add_medium(archive: zipfile.ZipFile, medium: Media) -> bool:
    if not medium.storage_key:
        return True  # it never had any bytes
    name = f"media/{medium.pk}-{Path(medium.name).name}"
    try:
        source = source_for(default_storage, medium.storage_key)
        entry = zipfile.ZipInfo(name, medium.created_at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_STORED  # videos do not shrink any more
        with archive.open(entry, "w", force_zip64=True) as file:
            if source.size:
                for block in source.blocks(0, source.size - 1):
                    file.write(block)
    except SourceError:
        return False
    return True


def _workspace(workspace: Workspace) -> dict[str, Any]:
    members = workspace.memberships.select_related("user")
    return {
        "name": workspace.name,
        "log": [
            {"at": each.at, "what": str(each)}
            for each in workspace.audit_entries.select_related("by", "whom")
        ],
        "members": [{"username": each.user.username, "role": each.role} for each in members],
        "accounts": list(workspace.channels.values("platform", "username", "display_name")),
        "media": list(workspace.media.values("id", "name", "size", "sha256", "created_at")),
        "posts": [
            _post(post)
            for post in Post.objects.filter(workspace=workspace).select_related("author")
        ],
    }


def _post(post: Post) -> dict[str, Any]:
    return {
        "id": post.pk,
        "caption": post.caption,
        "title": post.title,
        "author": post.author.username if post.author else "former member",
        "created_at": post.created_at,
        "media": [str(medium.pk) for medium in post.ordered_media],
        "comments": list(post.comments.values("by__username", "at", "text")),
        "publications": list(
            post.publications.values(
                "id",
                "channel__platform",
                "channel__username",
                "state",
                "due_at",
                "published_at",
                "delivered_at",
                "platform_post_id",
                "permalink",
                "caption",
                "title",
            )
        ),
    }


def _publications(workspace: Workspace) -> Any:
    return Publication.objects.filter(post__workspace=workspace).select_related("post", "channel")


def _as_json(value: dict[str, Any]) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)
