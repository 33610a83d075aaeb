"""Deleting a workspace or a person: only when nothing is on its way, and never by a side door.

What waits is canceled, access at the platforms is given back, everything is exported, and only then
deleted. Each step may be repeated: what dies half-way is begun again by the same command.
"""

from dataclasses import dataclass, field
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.members import StaysOwned
from accounts.models import Membership, Role, User, Workspace
from accounts.permissions import is_operator
from accounts.workspaces import require_manage
from posts.copies import make_copy, remove_files
from posts.errors import IllegalMove
from posts.exporting import export_workspace
from posts.leaving import end_membership, publications_in
from posts.models import Publication, WorkspaceCopy
from posts.platforms import platform_of
from posts.states import State

WAITING = (State.SCHEDULED, State.HELD, State.AWAITING_APPROVAL)
ON_ITS_WAY = (State.SENDING, State.PROCESSING)


class CanNotDelete(Exception):
    """Says why, and what to do first."""


@dataclass(slots=True)
class Deleted:
    canceled: int = 0
    posts: int = 0
    not_revoked: list[str] = field(default_factory=list)  # accounts
    lost_media: list[str] = field(default_factory=list)  # what the export could not read


def delete_workspace(workspace: Workspace, *, by: User, export_to: Path | None = None) -> Deleted:
    """Without `export_to`, what is exported is kept for `by` to fetch.

    Raises PermissionDenied, CanNotDelete, and OSError when the export can not be written.
    """
    require_manage(by, workspace)
    refuse_in_flight(workspace)
    done = Deleted(posts=workspace.posts.count())
    done.canceled = _cancel_what_waits(workspace, by=by)
    for channel in workspace.channels.kept():
        if not platform_of(channel).end_access(channel):
            done.not_revoked.append(str(channel))
    if export_to:
        done.lost_media = export_workspace(workspace, export_to)
    else:
        done.lost_media = make_copy(workspace, by=by).lost_media
    for medium in workspace.media.all():
        for key in filter(None, (medium.storage_key, medium.poster_key, medium.preview_key)):
            default_storage.delete(key)
    with transaction.atomic():
        _delete_rows(workspace)
    return done


def delete_user(user: User, *, by: User, export_to: Path | None = None) -> list[Deleted]:
    """Delete a person and the workspaces that are theirs alone.

    These are exported into the folder `export_to`; without it nothing of them is left. What the
    person wrote for others stays, by a "former member"; who owns it is told of what is planned.
    Raises as above, and before anything is changed.
    """
    if not is_operator(by) and by != user:
        raise CanNotDelete("Only an operator may delete somebody else.")
    alone, _ = workspaces_of(user)
    for workspace in alone:
        refuse_in_flight(workspace)
    if export_to:
        export_to.mkdir(parents=True, exist_ok=True)
    done = [
        delete_workspace(
            each, by=by, export_to=export_to and export_to / f"workspace-{each.pk}.zip"
        )
        for each in alone
    ]
    with transaction.atomic():
        for membership in Membership.objects.filter(user=user).select_related("workspace", "user"):
            _end(membership, by=by)
        copies = list(WorkspaceCopy.objects.filter(person=user))
        user.delete()
    remove_files(copies)
    return done


def _end(membership: Membership, *, by: User) -> None:
    try:
        end_membership(membership, by=by)
    except StaysOwned as error:
        raise CanNotDelete(str(error)) from error


def workspaces_of(user: User) -> tuple[list[Workspace], list[Workspace]]:
    """Those that nobody else is a member of, and the others.

    Raises CanNotDelete when one of the others would be left without an owner.
    """
    alone, shared = [], []
    for workspace in Workspace.objects.of(user):
        others = Membership.objects.filter(workspace=workspace).exclude(user=user)
        if not others.exists():
            alone.append(workspace)
        elif others.filter(role=Role.OWNER, user__is_active=True).exists():
            shared.append(workspace)
        elif workspace.memberships.get(user=user).role == Role.OWNER:
            raise CanNotDelete(
                f"{user} is the only owner of “{workspace}”. Make another member its owner first."
            )
        else:
            shared.append(workspace)
    return alone, shared


def in_flight(workspace: Workspace) -> list[Publication]:
    """What may still appear by itself."""
    moving = publications_in(workspace).filter(state__in=[*ON_ITS_WAY, State.SCHEDULED])
    return [
        publication
        for publication in moving.with_details()
        if publication.state in ON_ITS_WAY or not publication.is_safe
    ]


def refuse_in_flight(workspace: Workspace) -> None:
    """Raise CanNotDelete while something of the workspace may still appear by itself."""
    flying = in_flight(workspace)
    if flying:
        names = ", ".join(f"“{each}”" for each in flying[:3])
        raise CanNotDelete(
            f"{len(flying)} on the way to its platform: {names}. Wait until it is there, or cancel "
            "it, then try again."
        )


def _cancel_what_waits(workspace: Workspace, *, by: User) -> int:
    canceled = 0
    for publication in publications_in(workspace).filter(state__in=WAITING):
        try:
            canceled += publication.cancel(by=by)
        except IllegalMove as error:
            raise CanNotDelete(f"“{publication}”: {error}") from error
    refuse_in_flight(workspace)  # a worker may have been faster
    return canceled


def _delete_rows(workspace: Workspace) -> None:
    """From the leaves to the root, since what is in use protects what it uses."""
    refuse_in_flight(workspace)
    publications = publications_in(workspace)
    publications.update(approval=None)
    publications.delete()
    workspace.posts.all().delete()
    workspace.channels.all().delete()
    workspace.media.all().delete()
    workspace.delete()
