"""Approving what waits: judged as the composer judges it, and then planned as it was looked at."""

from datetime import datetime

from accounts.models import User
from accounts.permissions import Right, require
from posts.errors import Blocked
from posts.models import Approval, Publication
from posts.platforms import Finding, platform_of
from posts.states import State


def approve_seen(
    publication: Publication, *, by: User, due_at: datetime | None, seen: str
) -> Approval:
    """Asks the platform whether it still takes these choices, which may take seconds: never in a
    transaction. Raises Blocked with what it does not take, and what `Publication.approve` raises.
    """
    require(by, Right.PUBLISH, publication.post.workspace)
    if publication.state == State.AWAITING_APPROVAL:
        _refuse_what_is_not_offered(publication)
    return publication.approve(by=by, due_at=due_at, seen=seen)


def _refuse_what_is_not_offered(publication: Publication) -> None:
    platform, media = platform_of(publication.channel), publication.shown_media
    form = platform.options_form(
        platform.flat.as_form(platform.flat.of(publication), media=media),
        channel=publication.channel,
        media=media,
        publication=publication,
    )
    if form.is_valid():
        return
    mend = "Change it in the composer, or send it back."
    raise Blocked(
        [
            Finding("choice_not_offered", " ".join(str(each) for each in errors), mend)
            for errors in form.errors.values()
        ]
    )
