"""What a person is told before a workspace or an account is deleted."""

from dataclasses import dataclass

from django.db.models import Sum

from accounts.models import User, Workspace
from posts.deleting import WAITING, CanNotDelete, in_flight, workspaces_of
from posts.leaving import LeftBehind, publications_in
from posts.models import Publication
from posts.states import State


@dataclass(frozen=True, slots=True)
class WorkspaceOutlook:
    """What becomes of each thing in `workspace`."""

    workspace: Workspace
    on_their_way: list[Publication]  # while there is one, nothing is deleted
    canceled: int  # wait for their time, or for a person
    unconfirmed: list[Publication]  # may be live, or not: nobody will look any more
    in_inbox: int  # drafts that their creators may still post
    published: int
    accounts: int
    files: int
    bytes: int
    others: int  # members who lose it with you

    @classmethod
    def of(cls, workspace: Workspace, *, asker: User) -> "WorkspaceOutlook":
        publications = publications_in(workspace)
        in_state = publications.with_details().filter
        return cls(
            workspace=workspace,
            on_their_way=in_flight(workspace),
            canceled=publications.filter(state__in=WAITING).count(),
            unconfirmed=list(in_state(state=State.UNCONFIRMED)),
            in_inbox=publications.filter(state=State.DELIVERED).count(),
            published=publications.filter(state=State.PUBLISHED).count(),
            accounts=workspace.channels.kept().count(),
            files=workspace.media.count(),
            bytes=workspace.media.aggregate(all=Sum("size"))["all"] or 0,
            others=workspace.memberships.exclude(user=asker).count(),
        )


@dataclass(frozen=True, slots=True)
class AccountOutlook:
    """What goes with a person, and what stays for others."""

    alone: list[WorkspaceOutlook]
    shared: list[tuple[Workspace, LeftBehind]]
    hands_over_first: str  # why not now, or ""

    @classmethod
    def of(cls, user: User) -> "AccountOutlook":
        try:
            alone, shared = workspaces_of(user)
        except CanNotDelete as error:
            return cls([], [], str(error))
        return cls(
            [WorkspaceOutlook.of(each, asker=user) for each in alone],
            [(each, LeftBehind.by(user, each)) for each in shared],
            "",
        )

    @property
    def on_their_way(self) -> list[Publication]:
        return [each for outlook in self.alone for each in outlook.on_their_way]
