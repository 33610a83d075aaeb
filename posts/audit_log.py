"""The log of a workspace: what the audit entries say, and what the posts' own events say.

Neither is written twice. One page of it is found by one query over both, and read by two more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, TextChoices, Value

from accounts.models import Act, AuditEntry, User, Workspace
from posts.models import PublicationEvent
from posts.states import State

# What posts do by themselves that an owner wants to read; the steps between are on the post's page.
BY_THEMSELVES = (
    State.PUBLISHED, State.DELIVERED, State.FAILED, State.UNCONFIRMED, State.HELD,
)  # fmt: skip


class Subject(TextChoices):
    PEOPLE = "people", "People"
    WORKSPACE = "workspace", "The workspace"
    ACCOUNTS = "accounts", "Accounts"
    KEYS = "keys", "API keys"
    POSTS = "posts", "Posts"


ACTS = {
    Subject.PEOPLE: [
        Act.INVITED, Act.INVITED_AGAIN, Act.UNINVITED, Act.JOINED, Act.ADDED, Act.ROLE_CHANGED,
        Act.HANDED_OVER, Act.REMOVED, Act.LEFT,
    ],
    Subject.WORKSPACE: [Act.FOUNDED, Act.RENAMED, Act.LATE_LIMIT, Act.EXPORTED],
    Subject.ACCOUNTS: [
        Act.CONNECTED, Act.RECONNECTED, Act.DISCONNECTED, Act.PAUSED, Act.LET_GO_ON,
    ],
    Subject.KEYS: [Act.KEY_MADE, Act.KEY_REVOKED],
    Subject.POSTS: [],
}  # fmt: skip
ICONS = {
    Subject.PEOPLE: "user",
    Subject.WORKSPACE: "settings",
    Subject.ACCOUNTS: "accounts",
    Subject.KEYS: "key",
}


@dataclass(frozen=True, slots=True)
class Line:
    who: str
    what: str
    at: datetime
    icon: str = ""
    state: str = ""  # of a post; gives the icon
    post_id: int | None = None
    post: str = ""


def lines_of(
    workspace: Workspace, *, person: User | None = None, subject: str = ""
) -> "QuerySet[Any, Any]":
    """Where each line is written down, latest first; a page of it goes through `read`."""
    entries = AuditEntry.objects.filter(workspace=workspace)
    events = PublicationEvent.objects.filter(publication__post__workspace=workspace)
    if person:
        entries, events = entries.filter(by=person), events.filter(by=person)
    else:
        ended = Q(after__in=BY_THEMSELVES) & ~Q(before=F("after"))
        events = events.filter(Q(by__isnull=False) | ended)
    if subject:
        entries = entries.filter(act__in=ACTS[Subject(subject)])
    if subject and subject != Subject.POSTS:
        events = events.none()
    return (
        _places(entries, "entry")
        .union(_places(events, "event"), all=True)
        .order_by("-at", "-source", "-pk")
    )


def read(places: Iterable[tuple[datetime, str, int]]) -> list[Line]:
    """The lines that are written down in `places`, in that order."""
    places = list(places)
    entries = AuditEntry.objects.select_related("by", "whom").in_bulk(
        [pk for _, source, pk in places if source == "entry"]
    )
    events = PublicationEvent.objects.select_related("by", "publication__post").in_bulk(
        [pk for _, source, pk in places if source == "event"]
    )
    return [
        _of_entry(entries[pk]) if source == "entry" else _of_event(events[pk])
        for _, source, pk in places
    ]


def people_in(workspace: Workspace) -> "QuerySet[User]":
    """Members, and those who did something here before they left."""
    acted = AuditEntry.objects.filter(workspace=workspace).values("by")
    return User.objects.filter(Q(memberships__workspace=workspace) | Q(pk__in=acted)).distinct()


def _places(rows: "QuerySet[Any]", source: str) -> "QuerySet[Any, Any]":
    named = rows.order_by().annotate(source=Value(source, output_field=CharField()))
    return named.values_list("at", "source", "pk")


def _of_entry(entry: AuditEntry) -> Line:
    subject = next(each for each, acts in ACTS.items() if entry.act in acts)
    who = str(entry.by or "A former member")
    return Line(who=who, what=entry.sentence, at=entry.at, icon=ICONS[subject])


def _of_event(event: PublicationEvent) -> Line:
    post = event.publication.post
    return Line(
        who=str(event.by or "The scheduler"),
        what=event.because,
        at=event.at,
        state=event.after,
        post_id=post.pk,
        post=str(post),
    )
