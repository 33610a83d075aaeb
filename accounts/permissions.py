"""Who may do what in a workspace. Pages, API, admin and commands all ask here."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.middleware import enter, named_workspace
from accounts.models import Membership, Role, Scope, User, Workspace

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class Right(StrEnum):
    SEE = "see posts, calendar and analytics"
    WRITE = "upload, write and change drafts, ask for approval"
    PUBLISH = "approve, schedule, publish, retry, pause and cancel"
    CONNECT = "connect and disconnect accounts"
    OWN_KEYS = "have API keys of one's own"
    MANAGE = "manage members and the workspace"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.EDITOR: frozenset(Right) - {Right.MANAGE},
    Role.CONTRIBUTOR: frozenset({Right.SEE, Right.WRITE, Right.OWN_KEYS}),
    Role.VIEWER: frozenset({Right.SEE, Right.OWN_KEYS}),
}
# Operators may stop, resume and repeat what is planned in any workspace, from the admin. This
# opens no workspace's pages to them: those look everything up through memberships.
OPERATOR_RIGHTS = frozenset({Right.PUBLISH})
# What an API key may be given. Members, keys and the workspace itself are for people alone.
RIGHT_OF_SCOPE = {
    Scope.READ: Right.SEE,
    Scope.WRITE: Right.WRITE,
    Scope.PUBLISH: Right.PUBLISH,
    Scope.CONNECT: Right.CONNECT,
}

# The workspace and the rights beyond which whoever acts now does not reach, whatever their role.
_limit: ContextVar[tuple[int, frozenset[Right]] | None] = ContextVar("limit", default=None)


@contextmanager
def limited_to(scopes: Iterable[str], workspace: Workspace) -> Iterator[None]:
    """Inside, everybody has the rights of `scopes` at the most, and in `workspace` alone."""
    rights = frozenset(RIGHT_OF_SCOPE[Scope(scope)] for scope in scopes)
    token = _limit.set((workspace.pk, rights))
    try:
        yield
    finally:
        _limit.reset(token)


def role_of(user: User, workspace: Workspace) -> Role | None:
    """The role, read from the database each time: a person removed loses everything at once."""
    membership = Membership.objects.filter(user=user, workspace=workspace).first()
    return Role(membership.role) if membership and user.is_active else None


def is_operator(user: User) -> bool:
    """Who answers for the whole installation."""
    return user.is_active and user.is_superuser


def may(user: User, right: Right, workspace: Workspace) -> bool:
    if not _is_within_limit(right, workspace):
        return False
    if is_operator(user) and right in OPERATOR_RIGHTS:
        return True
    role = role_of(user, workspace)
    return role is not None and right in RIGHTS[role]


def _is_within_limit(right: Right, workspace: Workspace) -> bool:
    limit = _limit.get()
    return limit is None or (workspace.pk == limit[0] and right in limit[1])


def people_with(right: Right, workspace: Workspace) -> "QuerySet[User]":
    """The members of the workspace who have `right` there."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    return User.objects.filter(
        memberships__workspace=workspace, memberships__role__in=roles, is_active=True
    )


def require(user: User, right: Right, workspace: Workspace) -> None:
    """Raise PermissionDenied (a 403) unless `user` has `right` in `workspace`."""
    if not may(user, right, workspace):
        raise PermissionDenied(f"Your role in {workspace} does not let you {right}.")


def require_in_current(request: "HttpRequest", right: Right) -> Workspace:
    """The workspace that the request is about, if the person has `right` there.

    A 404 when the page that sent it was about one that the person is not in any more.
    """
    workspace: Workspace = request.workspace  # type: ignore[attr-defined]
    if named_workspace(request) not in {None, workspace.pk}:
        raise Http404("You are not in this workspace.")
    require(request.user, right, workspace)  # type: ignore[arg-type]
    return workspace


def require_in(request: "HttpRequest", workspace_id: int, right: Right) -> Workspace:
    """The workspace that the address names: a 404 unless the person is in it, else as `require`."""
    user: User = request.user  # type: ignore[assignment]
    workspace = get_object_or_404(Workspace.objects.of(user), pk=workspace_id)
    require(user, right, workspace)
    enter(request, workspace)
    return workspace
