"""Somebody leaves a workspace or is removed: what they planned stays, and who owns it is told."""

from dataclasses import dataclass

from django.db import transaction

from accounts import members
from accounts.models import Membership, User, Workspace
from accounts.permissions import Right, people_with
from posts.models import NotificationKind, Publication
from posts.models.publication_query import PublicationQuerySet
from posts.notifications import tell
from posts.states import State

ASKED_FOR = (State.AWAITING_APPROVAL,)
PLANNED = (State.SCHEDULED, State.HELD, State.SENDING, State.PROCESSING)


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Of what somebody wrote, that which is not at its end."""

    planned: int  # approved: goes out as planned
    asked_for: int  # waits for somebody's approval
    drafts: int

    @classmethod
    def by(cls, user: User, workspace: Workspace) -> "LeftBehind":
        theirs = publications_in(workspace).filter(post__author=user)
        return cls(
            planned=theirs.filter(state__in=PLANNED).count(),
            asked_for=theirs.filter(state__in=ASKED_FOR).count(),
            drafts=theirs.filter(state=State.DRAFT).count(),
        )


def end_membership(membership: Membership, *, by: User) -> LeftBehind:
    """Raises PermissionDenied, and StaysOwned and NoMember of accounts.members."""
    user, workspace = membership.user, membership.workspace
    with transaction.atomic():
        members.end(membership, by=by)
        left = LeftBehind.by(user, workspace)
        waiting = left.planned + left.asked_for
        if waiting:
            tell(
                workspace,
                NotificationKind.ATTENTION,
                key=f"former-member-{membership.pk}",
                subject=f"{user} has left; {waiting} of their posts stay planned",
                text=f"{user} is no member of “{workspace}” any more. What was approved goes out "
                "as planned; look whether you still want it.",
                to=people_with(Right.MANAGE, workspace),
                by=by,
            )
    return left


def publications_in(workspace: Workspace) -> PublicationQuerySet:
    return Publication.objects.filter(post__workspace=workspace)
