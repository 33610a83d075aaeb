"""Who is told what, in the transaction of what it tells of: told is then exactly what happened.

A move of a publication tells by itself (`tell_of_move`). A person is not told of their own acts.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.text import capfirst

from accounts.models import Channel, User, Workspace
from accounts.permissions import Right, people_with
from posts.models.event import PublicationEvent
from posts.models.notification import UNTIL_IT_MOVES, Notification, NotificationKind
from posts.platforms import platform_of
from posts.states import HeldReason, State

if TYPE_CHECKING:
    from posts.models.comment import Comment
    from posts.models.publication import Publication

# Each kind, where it is all that happened to several posts at once: the subject of one mail.
SEVERAL = {
    NotificationKind.FAILED: "{count} posts did not go out",
    NotificationKind.ATTENTION: "{count} posts need you",
    NotificationKind.DISCONNECTED: "{count} accounts are disconnected",
    NotificationKind.TOKEN_ENDING: "The connections of {count} accounts end soon",
    NotificationKind.APPROVAL_ASKED: "{count} posts wait for an approval",
    NotificationKind.APPROVAL_GIVEN: "{count} of your posts are approved",
    NotificationKind.SENT_BACK: "{count} of your posts were sent back",
    NotificationKind.MENTIONED: "You are mentioned {count} times",
    NotificationKind.DRAFT_WAITING: "{count} drafts wait for you to finish them",
}
# What a hold asks of people. The others are a person's or an operator's own act, or the account's,
# of which one word is enough for all its posts.
_ASKS_FOR_A_PERSON = {
    HeldReason.CHOICE: "needs a new choice",
    HeldReason.CAP: "waits: a limit is reached",
    HeldReason.LATE: "missed its time",
    HeldReason.MEDIA: "needs another file",
    HeldReason.CONFIGURATION: "waits for something to be set up",
}


def tell(
    workspace: Workspace,
    kind: NotificationKind,
    *,
    key: str,
    subject: str,
    text: str,
    publication: "Publication | None" = None,
    channel: Channel | None = None,
    comment: "Comment | None" = None,
    among: Right = Right.PUBLISH,
    to: Iterable[User] | None = None,
    by: User | None = None,
) -> int:
    """Tell everybody who can do something about it, each once for one `key`; returns how many.

    That is who has the right `among` in the workspace, and the author of the publication; or of
    these who is in `to`. Not `by`, who did it, nor who does not want to hear of the kind. Call it
    inside the transaction of what it tells of.
    """
    people = set(people_with(among, workspace))
    author = publication.post.author if publication is not None else None
    if author is not None:
        people |= {author} & set(people_with(Right.SEE, workspace))
    if to is not None:
        people &= set(to)
    people -= {by, *User.objects.filter(muted_kinds__kind=kind, pk__in=[p.pk for p in people])}
    told = Notification.objects.bulk_create(
        [
            Notification(
                person=person,
                workspace=workspace,
                kind=kind,
                key=key[:200],
                publication=publication,
                channel=channel,
                comment=comment,
                subject=_shortened(subject, 200),
                text=text,
                mail_at=timezone.now(),
            )
            for person in people
        ],
        ignore_conflicts=True,
    )
    return len(told)


def tell_disconnected(channel: Channel, *, because: str, by: User | None = None) -> int:
    """Once for each time that the account was connected, however many posts wait for it."""
    return tell(
        channel.workspace,
        NotificationKind.DISCONNECTED,
        key=f"disconnected-{channel.pk}-{channel.connected_at.timestamp():.0f}",
        subject=f"{channel} must be connected again",
        text=f"{capfirst(because).rstrip('.')}. Its posts wait. Reconnect the account, and they go "
        "on by themselves; those whose time has passed by then ask you first.",
        channel=channel,
        by=by,
    )


def tell_of_move(publication: "Publication", event: PublicationEvent) -> None:
    """Tell whoever should know of the move that `event` has written down."""
    before, after, by = State(event.before), State(event.after), event.by
    if before is State.AWAITING_APPROVAL:
        _answered(publication, event)
    match after:
        case State.FAILED:
            verb = "can not be posted" if before is State.DELIVERED else _did_not(publication)
            _of_trouble(publication, event, NotificationKind.FAILED, verb)
        case State.HELD if publication.held_reason == HeldReason.RECONNECT:
            because = (publication.failure or {}).get("message") or "It can not be used now."
            tell_disconnected(publication.channel, because=because, by=by)
        case State.HELD if publication.held_reason in _ASKS_FOR_A_PERSON:
            asks = _ASKS_FOR_A_PERSON[HeldReason(publication.held_reason)]
            _of_trouble(publication, event, NotificationKind.ATTENTION, asks)
        case State.UNCONFIRMED if by is None:
            _of_trouble(publication, event, NotificationKind.ATTENTION, "may be live, or not")
        case State.DELIVERED:
            tell_of_draft(publication, key=f"draft-{event.pk}")
        case State.AWAITING_APPROVAL:
            _tell_of(
                publication,
                NotificationKind.APPROVAL_ASKED,
                key=f"{UNTIL_IT_MOVES}asked-{event.pk}",
                subject=f"{by or 'Somebody'} asks you to approve {named(publication)}",
                text=f"{_quoted(event.note)}Look at it, then approve it or send it back.",
                by=by,
            )


def tell_of_draft(publication: "Publication", *, key: str, again: bool = False) -> None:
    """The draft is in the inbox, and now it is the person's turn; or still is."""
    still = "still " if again else ""
    label = platform_of(publication.channel).label
    _tell_of(
        publication,
        NotificationKind.DRAFT_WAITING,
        key=f"{UNTIL_IT_MOVES}{key}",
        subject=f"{named(publication)} {still}waits in {label}: finish it there",
        text=f"The draft {still}waits in the inbox of {publication.channel}. Open this page on "
        f"the phone with {label}: it has the caption to copy, and says each step. Drafts do not "
        "wait for ever.",
    )


def named(publication: "Publication") -> str:
    """The post, as a mail's subject names it."""
    return called(publication.shown_title or publication.shown_caption)


def called(words: str) -> str:
    words = " ".join(words.split())
    return f"“{_shortened(words, 50)}”" if words else "A post without a caption"


def _did_not(publication: "Publication") -> str:
    if publication.ends_as_draft:
        return f"was not sent to the {platform_of(publication.channel).label} inbox"
    return "was not published"


def _goes_where(publication: "Publication") -> str:
    if publication.ends_as_draft:
        label = platform_of(publication.channel).label
        return f"It goes to the {label} inbox at its planned time, to be finished there."
    return "It goes out at its planned time, by itself."


def _goes_when(publication: "Publication") -> str:
    asked = publication.latest_request
    if asked is None or asked.due_at == publication.due_at:
        return _goes_where(publication)
    return f"{_goes_where(publication)} That is not the time that was asked for: its page says it."


def _answered(publication: "Publication", event: PublicationEvent) -> None:
    """Tell the author what became of their request."""
    author, by, name = publication.post.author, event.by, named(publication)
    given, sent_back = NotificationKind.APPROVAL_GIVEN, NotificationKind.SENT_BACK
    mend = f"{_quoted(event.note)}Change it, then ask again."
    answers = {
        State.SCHEDULED: (given, f"{by} approved {name}", _goes_when(publication)),
        State.DRAFT: (sent_back, f"{by} sent {name} back", mend),
        State.CANCELED: (sent_back, f"{by} canceled {name}", "An editor can bring it back."),
    }
    if author is None or event.after not in answers:
        return
    kind, subject, text = answers[State(event.after)]
    _tell_of(
        publication,
        kind,
        key=f"answered-{event.pk}",
        subject=subject,
        text=text,
        to=[author],
        by=by,
    )


def _of_trouble(
    publication: "Publication", event: PublicationEvent, kind: NotificationKind, verb: str
) -> None:
    failure: dict[str, Any] = publication.failure or {}
    sentences = [str(failure.get(name) or "") for name in ("message", "what_to_do")]
    _tell_of(
        publication,
        kind,
        key=f"{UNTIL_IT_MOVES}{kind}-{event.pk}",
        subject=f"{named(publication)} {verb}",
        text=" ".join(filter(None, sentences)) or "Its page says what happened.",
        by=event.by,
    )


def _tell_of(publication: "Publication", kind: NotificationKind, **words: Any) -> None:
    tell(publication.post.workspace, kind, publication=publication, **words)


def _quoted(note: str) -> str:
    return f"“{note}” " if note else ""


def _shortened(words: str, length: int) -> str:
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"
