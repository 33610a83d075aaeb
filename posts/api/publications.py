"""The verbs of a publication: those of its page, by the same rights."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path

from accounts.api.endpoints import Room, caller_in
from accounts.api.examples import Example
from accounts.api.refusals import Invalid
from accounts.api.schemas import Id, Strict
from accounts.models import Scope, User
from posts.api.access import publication_or_404
from posts.api.examples import SOON, in_state
from posts.api.judging import wish_of
from posts.api.schemas import Approve, Note, PublicationOut, Resolve, When
from posts.api.showing import shown_publication
from posts.api.writing import write
from posts.errors import IllegalMove
from posts.forms import LiveLinkForm
from posts.models import Publication
from posts.planning import Content
from posts.platforms import platform_of
from posts.states import State

publications = Room(tags=["Publications"])
MAY_MOVE = (State.SCHEDULED, State.HELD, State.FAILED)


class Nothing(Strict):
    """No field is needed."""


# Where nothing has to be said, no body has to be sent.
NOTHING = Nothing()
AS_ASKED = Approve.model_validate({})


def verb(
    action: str,
    summary: str,
    *,
    needs: Scope = Scope.PUBLISH,
    sends: Mapping[str, Any] | None = None,
    **becomes: Any,
) -> Callable[[Any], Any]:
    """Declares POST /publications/{id}/{action}. In its example it is sent `sends`, and the
    publication `becomes` what it says."""
    return publications.endpoint(
        "POST",
        f"/publications/{{publication_id}}/{action}",
        gives={200: PublicationOut},
        needs=needs,
        errors=(409, 422),
        summary=summary,
        example=Example(body=sends, answer=in_state(**becomes)),
    )


@verb("approve", "Approve", sends={"scheduled_at": SOON, "consent": True}, state="scheduled")
def approve(
    request: HttpRequest, publication_id: Path[Id], body: Approve = AS_ASKED
) -> PublicationOut:
    """What waits for approval is planned as its author asked, or for another time."""
    publication = publication_or_404(request, publication_id)
    if publication.state != State.AWAITING_APPROVAL:
        raise IllegalMove(state=publication.state)
    due_at = body.scheduled_at or publication.due_at
    return _planned(request, publication, due_at=due_at, consent=body.consent)


@verb("send-back", "Send back to the author", sends={"note": "Too loud."}, state="draft")
def send_back(request: HttpRequest, publication_id: Path[Id], body: Note) -> PublicationOut:
    """What waits for approval is a draft again, and its author reads the `note`."""
    publication = publication_or_404(request, publication_id)
    if publication.state != State.AWAITING_APPROVAL:
        raise IllegalMove(state=publication.state)
    publication.send_back(by=caller_in(request).user, note=body.note)
    return _now(request, publication)


@verb(
    "schedule",
    "Schedule, or move to another time",
    needs=Scope.WRITE,
    sends={"scheduled_at": SOON, "consent": True},
    state="scheduled",
)
def schedule(request: HttpRequest, publication_id: Path[Id], body: When) -> PublicationOut:
    """A draft is approved by this, so `consent` must be true; without the right to publish it waits
    for approval. What is planned already moves to another time, and its approval stands."""
    publication = publication_or_404(request, publication_id)
    if publication.state in {State.DRAFT, State.AWAITING_APPROVAL}:
        return _planned(request, publication, due_at=body.scheduled_at, consent=body.consent)
    if publication.state not in MAY_MOVE:
        raise IllegalMove(state=publication.state)
    wish_of(publication.channel, {}, due_at=body.scheduled_at)  # whether the time makes sense
    publication.reschedule(body.scheduled_at, by=caller_in(request).user)
    return _now(request, publication)


@verb("resolve", "Say what became of it", sends={"live": True}, state="published")
def resolve(request: HttpRequest, publication_id: Path[Id], body: Resolve) -> PublicationOut:
    """Of what is unconfirmed, or delivered as a draft: it is live, with the link if you have it; or
    it is not, and is sent again, for which `consent` must be true. To leave it: cancel it."""
    publication = publication_or_404(request, publication_id)
    if publication.state not in {State.UNCONFIRMED, State.DELIVERED}:
        raise IllegalMove(state=publication.state)
    user = caller_in(request).user
    if body.live:
        publication.confirm_live(by=user, permalink=_judged_link(body.link))
    elif body.consent:
        publication.schedule(timezone.now(), by=user, send_again=True)
    else:
        platform = platform_of(publication.channel)
        text = platform.consent(platform.options(publication)).text
        raise Invalid(code="consent_required", fields={"consent": [f"This must be true: {text}."]})
    return _now(request, publication)


@dataclass(frozen=True, slots=True)
class Plain:
    """A verb that needs nothing but the publication."""

    action: str
    summary: str
    act: Callable[[Publication, User], object]
    says: str
    becomes: State
    needs: Scope = Scope.PUBLISH
    only_in: tuple[State, ...] = ()  # where the verb itself would look at more than the state


def _unschedule(publication: Publication, by: User) -> None:
    if publication.state == State.AWAITING_APPROVAL:
        publication.take_back(by=by)
    elif publication.state in MAY_MOVE:
        publication.unschedule(by=by)
    else:
        raise IllegalMove(state=publication.state)


PLAIN = (
    Plain(
        "unschedule", "Take it out of the plan", _unschedule,
        "It is a draft again; also what waited for approval.", State.DRAFT, needs=Scope.WRITE,
    ),
    Plain(
        "cancel", "Cancel", lambda each, by: each.cancel(by=by),
        "What is being sent is stopped before its last block: then the state stays as it is until "
        "the worker has stopped. 409 `too_late` when that is not possible any more.",
        State.CANCELED,
    ),
    Plain(
        "pause", "Pause", lambda each, by: each.pause(by=by),
        "Nothing is sent until it is resumed.", State.HELD,
    ),
    Plain(
        "resume", "Resume", lambda each, by: each.resume(by=by), only_in=(State.HELD,),
        becomes=State.SCHEDULED, says=
        "It goes out at its planned time; if that has passed it needs another: schedule it.",
    ),
    Plain(
        "retry", "Try again now", lambda each, by: each.retry(by=by), only_in=(State.FAILED,),
        becomes=State.SCHEDULED, says=
        "What has failed is sent again, with the same approved content.",
    ),
    Plain(
        "check-again", "Ask again what became of it", lambda each, by: each.check_again(by=by),
        "The platform is asked once more about what is unconfirmed; its post says what came of it.",
        State.PROCESSING,
    ),
)  # fmt: skip


def _declare(plain: Plain) -> None:
    def act(
        request: HttpRequest, publication_id: Path[Id], body: Nothing = NOTHING
    ) -> PublicationOut:
        publication = publication_or_404(request, publication_id)
        if plain.only_in and publication.state not in plain.only_in:
            raise IllegalMove(state=publication.state)
        plain.act(publication, caller_in(request).user)
        return _now(request, publication)

    act.__name__, act.__doc__ = plain.action.replace("-", "_"), plain.says
    verb(plain.action, plain.summary, needs=plain.needs, state=plain.becomes.value)(act)


for each in PLAIN:
    _declare(each)


def _planned(
    request: HttpRequest, publication: Publication, *, due_at: datetime | None, consent: bool
) -> PublicationOut:
    """The post as it is, approved for this account."""
    post = publication.post
    content = Content(caption=post.caption, title=post.title, media=post.ordered_media)
    wish = wish_of(publication.channel, {}, due_at=due_at, says_when=due_at is not None)
    wish = replace(wish, consent=consent, approves=True)
    write(caller_in(request), content, [wish], post=post)
    return _now(request, publication)


def _judged_link(link: str) -> str:
    form = LiveLinkForm({"link": link})
    if not form.is_valid():
        raise Invalid(fields={"link": [str(each) for each in form.errors["link"]]})
    address: str = form.cleaned_data["link"]
    return address


def _now(request: HttpRequest, publication: Publication) -> PublicationOut:
    return shown_publication(publication_or_404(request, publication.pk))
