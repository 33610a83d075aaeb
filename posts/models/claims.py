"""How workers come by their work: by a lock, a version and a time, all in the row itself."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Channel
from posts.models.publication_query import SENDS
from posts.states import MACHINE_STATES, State

if TYPE_CHECKING:
    from posts.models.publication import Publication
    from posts.models.publication_query import PublicationQuerySet


# What of a row may change while its version stays: a worker's own moves, and a person's wish.
MAY_CHANGE = ("state", "by_word_of_id", "cancel_asked_at", "cancel_asked_by_id")


class Claims:
    """The part of a Publication that many workers at once rely on."""

    @property
    def is_in_hand(self) -> bool:
        """A worker holds it, as far as anybody can know."""
        lease_until = cast("Publication", self).lease_until
        return lease_until is not None and lease_until > timezone.now()

    @classmethod
    def locked(cls, pk: int, *fields: str) -> "Publication":
        """The row, locked until the end of the transaction; with `fields`, these at first."""
        locked = _publications(cls).select_for_update(of=("self",))
        if fields:
            related = {name.rpartition("__")[0] for name in fields} - {""}
            return locked.select_related(*related).only("version", *fields).get(pk=pk)
        return locked.select_related("post__workspace", "channel", "approval").get(pk=pk)

    def lock_if_ours(self, version: int) -> bool:
        """Lock the row as above, and bring up to date what may change under one version.

        False once the version is another. Everything else of the row is as it was when claimed,
        since people and other workers raise the version with whatever they change.
        """
        publication = cast("Publication", self)
        ours = _publications(type(self)).filter(pk=publication.pk, version=version)
        row = ours.select_for_update().values(*MAY_CHANGE).order_by().first()
        for name, value in (row or {}).items():
            setattr(publication, name, value)
        return row is not None

    @classmethod
    def claim_due(cls, *, by: str, seconds: float) -> "Publication | None":
        """Take one due publication, sendings before polls; its lease ends after `seconds`."""
        for candidates in (_publications(cls).to_send(), _publications(cls).to_poll()):
            with transaction.atomic():
                # By itself: with what belongs to it, the database may sort all that is due first.
                pk = (
                    candidates.due()
                    .select_for_update(skip_locked=True)
                    .order_by("next_step_at")
                    .values_list("pk", flat=True)
                    .first()
                )
                if pk is None:
                    continue
                row = _publications(cls).whole().get(pk=pk)
                if row.state in SENDS:
                    models.prefetch_related_objects([row], "items")
                now = timezone.now()
                until: datetime = now + timedelta(seconds=seconds)
                if row.state == State.SENDING and row.lease_until is not None:
                    row.tries += 1  # who held it has died of it, or with it
                row.version, row.lease_until, row.next_step_at = row.version + 1, until, until
                row.claimed_by, row.claimed_at = by, now
                row.save(
                    update_fields=[
                        "tries",
                        "version",
                        "lease_until",
                        "next_step_at",
                        "claimed_by",
                        "claimed_at",
                    ]
                )
                return row
        return None

    @classmethod
    def claim_this(cls, pk: int, *, by: str, seconds: float) -> "Publication | None":
        """Take this very publication, due or not; None while a worker holds it.

        What only a person can move on gets a version and no lease: no worker looks at it.
        """
        with transaction.atomic():
            row = cls.locked(pk)
            now = timezone.now()
            if row.lease_until is not None and row.lease_until > now:
                return None
            row.version += 1
            row.claimed_by, row.claimed_at = by, now
            if row.state in MACHINE_STATES:
                row.lease_until = now + timedelta(seconds=seconds)
            row.save(update_fields=["version", "claimed_by", "claimed_at", "lease_until"])
            return row

    @classmethod
    def next_moment(cls) -> datetime | None:
        """When the next publication wants attention, in anybody's hands or in none."""
        moments = [
            queryset.filter(next_step_at__isnull=False).aggregate(at=models.Min("next_step_at"))[
                "at"
            ]
            for queryset in (_publications(cls).to_send(), _publications(cls).to_poll())
        ]
        return min((moment for moment in moments if moment), default=None)

    @classmethod
    def wake_channel(cls, channel: Channel) -> None:
        """Look at once at what waits longest for `channel` to be free; it will wake the next."""
        # What has a failure waits for its own pause, not for the channel.
        waiting = _publications(cls).waiting_for(channel).filter(failure__isnull=True).unclaimed()
        first = waiting.order_by("due_at", "pk").values("pk")[:1]
        # A person may take it out of the plan while this waits for the row's lock.
        still = _publications(cls).filter(pk__in=first, state=State.SCHEDULED)
        still.update(next_step_at=F("due_at"))

    def count_ahead(self, *, most: int) -> int:
        """How many of the same channel were due before it, itself counted as well."""
        publication = cast("Publication", self)
        waiting = _publications(type(self)).waiting_for(publication.channel)
        return waiting.filter(due_at__lte=publication.due_at).order_by()[:most].count()


def _publications(claims: type[Claims]) -> "PublicationQuerySet":
    return cast("type[Publication]", claims).objects.all()
