"""Making a workspace, and what its owners may change about it."""

from django.db import transaction

from accounts.models import Act, Role, User, Workspace, note
from accounts.permissions import Right, is_operator, require


def found(name: str, *, by: User) -> Workspace:
    """A new workspace, with `by` as its owner."""
    with transaction.atomic():
        workspace = Workspace.objects.create(name=name)
        workspace.memberships.create(user=by, role=Role.OWNER)
        note(workspace, Act.FOUNDED, by=by)
    return workspace


def change(workspace: Workspace, *, name: str, late_limit_minutes: int | None, by: User) -> None:
    """Raises PermissionDenied."""
    require_manage(by, workspace)
    with transaction.atomic():
        row = Workspace.locked(workspace.pk)
        if row.name != name:
            note(row, Act.RENAMED, by=by, before=row.name, after=name)
        if row.late_limit_minutes != late_limit_minutes:
            limits = [_limit(row.late_limit_minutes), _limit(late_limit_minutes)]
            note(row, Act.LATE_LIMIT, by=by, before=limits[0], after=limits[1])
        row.name, row.late_limit_minutes = name, late_limit_minutes
        row.save(update_fields=["name", "late_limit_minutes"])
    workspace.refresh_from_db()


def require_manage(by: User, workspace: Workspace) -> None:
    """Owners manage their workspace, and operators any: they help people who can not. Raises
    PermissionDenied."""
    if not is_operator(by):
        require(by, Right.MANAGE, workspace)


def _limit(minutes: int | None) -> str:
    return "the rule of this site" if minutes is None else f"{minutes} minutes"
