"""All posts of a workspace, with filters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.connectors import connectors
from accounts.permissions import Right, require_in_current
from posts.forms import ListFilter
from posts.models import Media, Post, Publication
from posts.platforms import platform_of
from posts.states import State
from posts.views.access import Rights, person
from posts.views.first_steps import next_step

PAGE = 20  # posts
SOONEST_FIRST = (State.SCHEDULED, State.AWAITING_APPROVAL)
SOON = timedelta(minutes=2)  # rows are watched closely from so long before their time


@dataclass(frozen=True, slots=True)
class Row:
    """One post of the list, from what with_details() has loaded."""

    post: Post
    publications: list[Publication]
    media: list[Media]
    words: str  # the title of photos, or the caption
    is_draft: bool  # to be finished in the platform's app

    @classmethod
    def of(cls, post: Post, drafts: frozenset[int]) -> "Row":
        publications = list(post.publications.all())
        if publications:
            return replace(cls.of_one(publications[0], drafts), publications=publications)
        media = [item.media for item in post.items.all()]
        return cls(post, publications, media, post.title or post.caption, is_draft=False)

    @classmethod
    def of_one(cls, publication: Publication, drafts: frozenset[int]) -> "Row":
        """Where it stands for itself, beside others of its post."""
        return cls(
            publication.post,
            [publication],
            publication.shown_media,
            publication.shown_title or publication.shown_caption,
            is_draft=publication.pk in drafts,
        )

    @property
    def medium(self) -> Media | None:
        return self.media[0] if self.media else None

    @property
    def tries_again_at(self) -> datetime | None:
        """When what went wrong is tried again by itself; None when nothing is to be."""
        publication = self.publications[0] if self.publications else None
        if publication and publication.state == State.SCHEDULED and publication.failure:
            return publication.next_step_at
        return None


@require_safe
@vary_on_headers("HX-Request")
def posts(request: HttpRequest) -> HttpResponse:
    workspace = require_in_current(request, Right.SEE)
    chosen = ListFilter(request.GET, workspace=workspace)
    found = chosen.apply(Post.objects.in_workspace(workspace)).with_details()
    found = found.by_time(soonest_first=chosen.cleaned_data.get("state") in SOONEST_FIRST)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    drafts = drafts_among([each for post in page for each in post.publications.all()])
    rows = [Row.of(post, drafts) for post in page]
    query = request.GET.copy()
    query.pop("page", None)
    rights = Rights.of(person(request), workspace)
    context = {
        "page_obj": page,
        "rows": rows,
        "filter": chosen,
        "query": f"{query.urlencode()}&" if query else "",
        "refresh_seconds": _refresh_seconds(rows),
        "rights": rights,
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "posts/_rows.html", context)
    if not rows and not chosen.is_on:
        context["step"] = next_step(workspace)
        context["connectors"] = connectors() if rights.may_connect else []
    return render(request, "posts/list.html", context)


def drafts_among(publications: Sequence[Publication]) -> frozenset[int]:
    """Those that end in an inbox; one query for each platform."""
    of_platform: dict[str, list[Publication]] = {}
    for publication in publications:
        of_platform.setdefault(publication.channel.platform, []).append(publication)
    return frozenset().union(
        *(platform_of(some[0].channel).ends_as_draft(some) for some in of_platform.values())
    )


def _refresh_seconds(rows: list[Row]) -> int | None:
    """How soon the rows should be looked at again; None when nothing moves by itself."""
    waits = []
    for row in rows:
        for publication in row.publications:
            if publication.state in {State.SENDING, State.PROCESSING}:
                waits.append(3)
            elif publication.state == State.SCHEDULED and publication.due_at:
                waits.append(3 if publication.due_at - timezone.now() < SOON else 30)
    return min(waits, default=None)
