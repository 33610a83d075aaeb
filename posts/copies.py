"""Copies of workspaces that people take from the pages: made, kept for a week, cleared away."""

import uuid
from collections.abc import Iterable

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.models import Act, User, Workspace, note
from accounts.workspaces import require_manage
from posts.exporting import export_workspace
from posts.media.receiving import incoming_folder
from posts.models import WorkspaceCopy
from posts.models.copy import KEPT


def make_copy(workspace: Workspace, *, by: User) -> WorkspaceCopy:
    """Raises PermissionDenied, and OSError when there is no room for it. Takes as long as reading
    every file of the workspace does."""
    require_manage(by, workspace)
    folder = incoming_folder()  # swept in time, should this process die half-way
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{uuid.uuid4()}.zip"
    try:
        lost = export_workspace(workspace, file)
        size = file.stat().st_size
        with file.open("rb") as stream:
            key = default_storage.save(f"copies/{file.name}", File(stream))
    finally:
        file.unlink(missing_ok=True)
    with transaction.atomic():
        note(workspace, Act.EXPORTED, by=by)
        return WorkspaceCopy.objects.create(
            person=by,
            workspace=workspace,
            name=workspace.name,
            storage_key=key,
            size=size,
            lost_media=lost,
            expires_at=timezone.now() + KEPT,
        )


def remove_files(copies: Iterable[WorkspaceCopy]) -> None:
    """Of rows that are gone already."""
    for copy in copies:
        default_storage.delete(copy.storage_key)


def sweep_copies() -> int:
    """Remove those that nobody may fetch any more; returns how many."""
    expired = WorkspaceCopy.objects.expired()
    for copy in expired:
        copy.remove()
    return len(expired)
