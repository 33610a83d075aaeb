"""Where a published post can be seen by others, as far as events tell: by which ids, and still?"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from posts.models import Attempt, Publication
from tiktok import webhooks
from tiktok.models import WebhookEvent

TOLD = (webhooks.AVAILABLE, webhooks.UNAVAILABLE)


def told_ids(attempt: Attempt) -> list[str]:
    """The public ids that TikTok has told by itself, the first one first."""
    events = _told_of(attempt).filter(event=webhooks.AVAILABLE)
    ids = [event.content.get("post_id", "") for event in events.order_by("happened_at", "pk")]
    return list(dict.fromkeys(filter(None, ids)))


def hidden_since(attempt: Attempt, post_id: str) -> datetime | None:
    """When others could not see it any more; None while they can, as far as we know.

    The newest word counts, in whatever order the words came.
    """
    told = _told_of(attempt)
    about_it = [each for each in told if each.content.get("post_id", "") in {"", post_id}]
    newest = max(about_it, key=_when, default=None)
    if newest is None or newest.event == webhooks.AVAILABLE:
        return None
    return _when(newest)


def is_told_already(event: WebhookEvent, row: Publication) -> bool:
    """Whether `event` tells of a link that we have, or of one more: nothing to ask about."""
    return event.event in TOLD and bool(row.platform_post_id)


def refresh_visibility(row: Publication, attempt: Attempt, event: WebhookEvent) -> str:
    """Write down what `event` says of a post with a link; returns what it led to, in words."""
    post_id = event.content.get("post_id", "")
    if post_id and post_id != row.platform_post_id:
        note_ids(row, [post_id])
        return "noted: the post has another id besides"
    since = hidden_since(attempt, row.platform_post_id)
    if (since is None) == (row.hidden_since is None):
        return "nothing: we knew it"
    row.hidden_since = since
    row.save(update_fields=["hidden_since"])
    row.note(
        "TikTok says that others can see it again"
        if since is None
        else "TikTok says that others can not see it any more"
    )
    return "its link is marked"


def note_ids(row: Publication, ids: list[str]) -> None:
    """Several public ids of one post, as of a draft that was posted twice, are told, not chosen."""
    known = {row.platform_post_id}
    known |= {details.get("post_id") for details in row.events.values_list("details", flat=True)}
    for post_id in ids:
        if post_id not in known:
            row.note("TikTok shows it under another id as well", details={"post_id": post_id})


def _told_of(attempt: Attempt) -> QuerySet[WebhookEvent]:
    """What was told of it in the name of its own account: no other's word counts for it."""
    return WebhookEvent.objects.filter(
        publish_id=attempt.publish_id or "",
        external_id=attempt.publication.channel.external_id,
        event__in=TOLD,
    )


def _when(event: WebhookEvent) -> datetime:
    return event.happened_at or event.received_at or timezone.now()
