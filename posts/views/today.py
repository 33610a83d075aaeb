"""Today: what needs a person, what goes out now and next, what went out, and how accounts are."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.connectors import connectors
from accounts.models import Workspace
from accounts.permissions import Right, require_in_current
from posts.models import Publication
from posts.models.publication_query import PublicationQuerySet
from posts.states import State
from posts.views.access import Rights, person
from posts.views.first_steps import next_step
from posts.views.health import AccountHealth, health_of
from posts.views.listing import SOON, Row, drafts_among
from posts.views.needs import Need, needs_of
from posts.views.story import Story

SHOWN = 5  # of what comes next, and of what went out
MOVING = (State.SENDING, State.PROCESSING)
WATCHED, QUIET = 3, 30  # seconds between two looks, while something moves and otherwise


@dataclass(frozen=True)
class Today:
    """The living part of the page, read once."""

    needs: list[Need]
    accounts: list[AccountHealth]
    going: list[Story]
    next_rows: list[Row]
    out_rows: list[Row]

    @classmethod
    def of(cls, request: HttpRequest, workspace: Workspace) -> "Today":
        by, now = person(request), timezone.now()
        rights = Rights.of(by, workspace)
        accounts = health_of(workspace)
        here = Publication.objects.in_workspace(workspace).with_details()
        here = here.select_related("post__workspace").prefetch_related("attempts")
        by_time = here.order_by("due_at", "pk")
        due = Q(state=State.SCHEDULED, due_at__lte=now)
        going = by_time.filter(Q(state__in=MOVING) | due)
        planned = by_time.filter(state=State.SCHEDULED, due_at__gt=now)
        return cls(
            needs=needs_of(here, by=by, rights=rights, accounts=accounts),
            accounts=accounts,
            going=[Story(publication, by, rights) for publication in going[:SHOWN]],
            next_rows=_rows(planned),
            out_rows=_rows(_out_since(here, _midnight())),
        )

    @property
    def count_of_needs(self) -> int:
        return len(self.needs) + sum(account.is_in_need for account in self.accounts)

    @property
    def fingerprint(self) -> str:
        """Differs when what is told would."""
        parts = (
            [need.told for need in self.needs],
            [account.told for account in self.accounts],
            [story.progress for story in self.going],
            [_told(row) for row in (*self.next_rows, *self.out_rows)],
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @property
    def refresh_seconds(self) -> int:
        """How soon the page looks again."""
        due_at = self.next_rows[0].publications[0].due_at if self.next_rows else None
        is_soon = due_at is not None and due_at - timezone.now() < SOON
        return WATCHED if self.going or is_soon else QUIET


@require_safe
@vary_on_headers("HX-Request")
def today(request: HttpRequest) -> HttpResponse:
    workspace = require_in_current(request, Right.SEE)
    rights = Rights.of(person(request), workspace)
    now_there = Today.of(request, workspace)
    context = {"today": now_there, "rights": rights, "now": timezone.now()}
    if request.htmx:  # type: ignore[attr-defined]
        if request.GET.get("seen") == now_there.fingerprint:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        return render(request, "posts/_today.html", context)
    context["step"] = next_step(workspace)
    context["connectors"] = connectors() if rights.may_connect else []
    return render(request, "posts/today.html", context)


def _told(row: Row) -> tuple[object, ...]:
    publication = row.publications[0]
    return (publication.pk, publication.state, publication.due_at, row.words)


def _out_since(here: PublicationQuerySet, moment: datetime) -> PublicationQuerySet:
    """What is live or in an inbox, and came there after `moment`; the latest first."""
    out = here.filter(state__in=[State.PUBLISHED, State.DELIVERED])
    out = out.filter(Q(published_at__gte=moment) | Q(delivered_at__gte=moment))
    return out.order_by("-due_at", "-pk")


def _midnight() -> datetime:
    """When this day began where the person is."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _rows(publications: PublicationQuerySet) -> list[Row]:
    some = list(publications[:SHOWN])
    drafts = drafts_among(some)
    return [Row.of_one(publication, drafts) for publication in some]
