"""Which publications: each method is a phrase, together they read as a sentence."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Channel, User, Workspace
from posts.models.ledger import LEDGER
from posts.platforms import platforms
from posts.states import MACHINE_MAY_STATES, State

if TYPE_CHECKING:
    from posts.models.publication import Publication  # noqa: F401 (names the queryset's rows)

SENDS = (State.SCHEDULED, State.SENDING)


class PublicationQuerySet(models.QuerySet["Publication"]):
    def in_workspaces_of(self, user: User) -> "PublicationQuerySet":
        return self.filter(post__workspace__memberships__user=user)

    def in_workspace(self, workspace: Workspace) -> "PublicationQuerySet":
        return self.filter(post__workspace=workspace, post__archived_at=None)

    def with_details(self) -> "PublicationQuerySet":
        """Everything that a row on screen shows, in a fixed number of queries."""
        return self.select_related("post__author", "channel").prefetch_related(
            "post__items__media", "items__media"
        )

    def whole(self) -> "PublicationQuerySet":
        """With everything that a step needs, in a few queries for all of them."""
        options = [platform.key for platform in platforms() if platform.keeps_options]
        return (
            self.select_related("post__workspace", "channel", "approval", *options)
            .defer("approval__content", "approval__consent_text")
            .prefetch_related(models.Prefetch("attempts", to_attr=LEDGER), "items")
        )

    def unclaimed(self, *, at: datetime | None = None) -> "PublicationQuerySet":
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=at or timezone.now()))

    def due(self, *, at: datetime | None = None) -> "PublicationQuerySet":
        """What wants attention by then, or by now, and is in nobody's hands."""
        at = at or timezone.now()
        return self.filter(next_step_at__lte=at).unclaimed(at=at)

    def in_hand(self) -> "PublicationQuerySet":
        """What a worker holds. Its next step is the end of its lease, which the index knows."""
        now = timezone.now()
        lease_end = now + timedelta(seconds=settings.LEASE_SECONDS)
        return self.filter(next_step_at__lte=lease_end, lease_until__gt=now)

    def waiting_for(self, channel: Channel) -> "PublicationQuerySet":
        """What is due, and can not begin before `channel` is free."""
        return self.filter(channel=channel, state=State.SCHEDULED, due_at__lte=timezone.now())

    def to_send(self) -> "PublicationQuerySet":
        return self.filter(state__in=SENDS)

    def to_poll(self) -> "PublicationQuerySet":
        return self.filter(state__in=[State.PROCESSING, *MACHINE_MAY_STATES])
