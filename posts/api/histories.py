"""What happened to a post, and what the checks say of it."""

from django.http import HttpRequest
from ninja import Path, Query

from accounts.api.endpoints import Room
from accounts.api.examples import CHANNEL, PUBLICATION, Example
from accounts.api.schemas import Id
from accounts.models import Scope
from posts.api.access import post_or_404
from posts.api.examples import ALICE
from posts.api.paging import page
from posts.api.schemas import (
    AskFirst,
    EventOut,
    EventPage,
    FindingOut,
    Paging,
    Preflight,
    Preflights,
)
from posts.api.showing import author
from posts.models import Publication, PublicationEvent
from posts.preflight import preflight
from posts.report import without_secrets
from posts.states import State

histories = Room(tags=["Posts"])


@histories.endpoint(
    "GET",
    "/posts/{post_id}/events",
    gives={200: EventPage},
    needs=Scope.READ,
    errors=(422,),
    summary="The time line",
    example=Example(
        query={"limit": 50},
        answer={
            "events": [
                {
                    "id": 101,
                    "publication_id": PUBLICATION,
                    "at": "2026-11-22T08:14:03.120000Z",
                    "before": "draft",
                    "after": "scheduled",
                    "because": "approved and scheduled",
                    "by": ALICE,
                    "details": {},
                }
            ],
            "next_cursor": None,
        },
    ),
)
def list_events(request: HttpRequest, post_id: Path[Id], query: Query[Paging]) -> EventPage:
    """Everything that happened to the post's publications, the earliest first."""
    post = post_or_404(request, post_id)
    events = PublicationEvent.objects.filter(publication__post=post).select_related("by")
    rows, next_cursor = page(
        events, by="at", cursor=query.cursor, limit=query.limit, newest_first=False
    )
    return EventPage(events=[_shown(event) for event in rows], next_cursor=next_cursor)


@histories.endpoint(
    "GET",
    "/posts/{post_id}/preflight",
    gives={200: Preflights},
    needs=Scope.READ,
    errors=(422,),
    summary="The checks",
    example=Example(
        query={"ask": "true"},
        answer={
            "publications": [
                {
                    "publication_id": PUBLICATION,
                    "channel_id": CHANNEL,
                    "ready": True,
                    "findings": [],
                }
            ]
        },
    ),
)
def check_post(request: HttpRequest, post_id: Path[Id], query: Query[AskFirst]) -> Preflights:
    """What stands in the way of each publication, as far as we know; with `ask=true` the store and
    the platform are asked too, which takes seconds."""
    post = post_or_404(request, post_id)
    publications = post.publications.select_related("post__workspace", "channel")
    return Preflights(
        publications=[_checked(each, ask=query.ask) for each in publications.order_by("pk")]
    )


def _checked(publication: Publication, *, ask: bool) -> Preflight:
    found = preflight(publication, media=publication.shown_media, ask=ask)
    return Preflight(
        publication_id=publication.pk,
        channel_id=publication.channel_id,
        ready=not any(finding.blocks for finding in found),
        findings=[
            FindingOut(
                code=each.code,
                message=each.message,
                what_to_do=each.what_to_do,
                blocks=each.blocks,
            )
            for each in found
        ],
    )


def _shown(event: PublicationEvent) -> EventOut:
    return EventOut(
        id=event.pk,
        publication_id=event.publication_id,
        at=event.at,
        before=State(event.before or event.after),
        after=State(event.after),
        because=event.because,
        by=author(event.by),
        details=without_secrets(event.details),
    )
