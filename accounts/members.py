"""Roles, removing and leaving: who is in a workspace, which always has an owner.

Every change locks the workspace first, so that of two owners who leave at once one stays.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import Act, Invitation, Membership, Role, User, Workspace, note
from accounts.workspaces import require_manage


class StaysOwned(Exception):
    """The change would leave the workspace without an owner. Says what to do first."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(f"“{workspace}” always has an owner. Make another member its owner first.")


class NoMember(Exception):
    """The person is a member no more: somebody else was faster."""


def add(workspace: Workspace, user: User, role: Role, *, by: User) -> Membership:
    """Put somebody in without asking them: for operators. Raises PermissionDenied."""
    require_manage(by, workspace)
    with transaction.atomic():
        membership = workspace.memberships.create(user=user, role=role)
        note(workspace, Act.ADDED, by=by, whom=user, after=in_words(role))
    return membership


def change_role(membership: Membership, role: Role, *, by: User) -> None:
    """Raises PermissionDenied, StaysOwned and NoMember."""
    with transaction.atomic():
        row = _locked(membership)
        require_manage(by, row.workspace)
        if row.role == role:
            return
        if row.role == Role.OWNER:
            _require_another_owner(row)
            _revoke_invitations_by(row)
        words = in_words(row.role), in_words(role)
        note(row.workspace, Act.ROLE_CHANGED, by=by, whom=row.user, before=words[0], after=words[1])
        row.role = role
        row.save(update_fields=["role"])


def hand_over(to: Membership, *, by: User) -> None:
    """`to` becomes an owner, and `by` an editor. Raises PermissionDenied, StaysOwned, NoMember."""
    with transaction.atomic():
        successor = _locked(to)
        require_manage(by, successor.workspace)
        mine = successor.workspace.memberships.filter(user=by).exclude(pk=successor.pk).first()
        if mine is None:
            raise NoMember
        if not successor.user.is_active:
            raise StaysOwned(successor.workspace)
        note(successor.workspace, Act.HANDED_OVER, by=by, whom=successor.user)
        successor.role, mine.role = Role.OWNER, Role.EDITOR
        successor.save(update_fields=["role"])
        mine.save(update_fields=["role"])
        _revoke_invitations_by(mine)


def end(membership: Membership, *, by: User) -> None:
    """Remove somebody, or oneself. Their keys go with the row, and every page asks for it anew.

    Raises PermissionDenied, StaysOwned and NoMember. What they planned stays: posts/leaving.py
    tells of it.
    """
    with transaction.atomic():
        row = _locked(membership)
        was = in_words(row.role)
        if row.user_id == by.pk:
            note(row.workspace, Act.LEFT, by=by, before=was)
        else:
            require_manage(by, row.workspace)
            note(row.workspace, Act.REMOVED, by=by, whom=row.user, before=was)
        if row.role == Role.OWNER:
            _require_another_owner(row)
        _revoke_invitations_by(row)
        # They get another personal workspace when they need one.
        Workspace.objects.filter(pk=row.workspace_id, personal_of=row.user).update(personal_of=None)
        row.delete()


def in_words(role: str) -> str:
    return str(Role(role).label).lower()


def _locked(membership: Membership) -> Membership:
    """The row as it is now, with its workspace locked until the transaction ends.

    Ask for the right after this: it may have gone while the lock was waited for.
    """
    workspace = Workspace.locked(membership.workspace_id)
    row = workspace.memberships.select_related("user").filter(pk=membership.pk).first()
    if row is None:
        raise NoMember
    row.workspace = workspace
    return row


def _require_another_owner(membership: Membership) -> None:
    owners = Membership.objects.filter(
        workspace=membership.workspace, role=Role.OWNER, user__is_active=True
    )
    if not owners.exclude(pk=membership.pk).exists():
        raise StaysOwned(membership.workspace)


def _revoke_invitations_by(membership: Membership) -> None:
    """Who may invite no more has invited nobody: no way back in is left open."""
    theirs = Invitation.objects.unanswered().filter(
        workspace=membership.workspace, invited_by=membership.user
    )
    theirs.update(revoked_at=timezone.now())
