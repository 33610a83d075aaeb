"""What a new person does first: connect, upload, pick a time (templates/_steps.html)."""

from accounts.models import Workspace
from posts.models import Post, Publication
from posts.states import State


def next_step(workspace: Workspace) -> str:
    """The first of them that nobody has done in this workspace yet; "" when all are."""
    if not workspace.channels.kept().exists():
        return "connect"
    if not Post.objects.in_workspace(workspace).exists():
        return "upload"
    planned = Publication.objects.in_workspace(workspace).exclude(state=State.DRAFT)
    return "" if planned.exists() else "schedule"
