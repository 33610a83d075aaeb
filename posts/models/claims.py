"""How workers come by their work: by a lock, a version and a time, all in the row itself."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from django.db import connection, models, transaction
from django.db.models import Case, F, When
from django.utils import timezone

from accounts.models import Channel
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
    def locked(cls, pk: int) -> "Publication":
        """The row, locked until the end of the transaction."""
        locked = _publications(cls).select_for_update(of=("self",))
        return locked.select_related("post__workspace", "channel", "approval").get(pk=pk)

    @classmethod
    def lock(cls, pk: int, *, version: int) -> bool:
        """Lock the row and read nothing of it; False once the version is another.

        In plain SQL, since a sending asks it again and again and nothing else costs as much of
        its time as putting questions together.
        """
        lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
        question = f"SELECT 1 FROM posts_publication WHERE id = %s AND version = %s{lock}"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(question, [pk, version])
            return cursor.fetchone() is not None

    def lock_if_ours(self, version: int) -> bool:
        """Lock the row as above, and bring up to date what may change under one version.

        False once the version is another. Everything else of the row is as it was when claimed,
        since people and other workers raise the version with whatever they change.
        """
        publication = cast("Publication", self)
        ours = _publications(type(self)).filter(pk=publication.pk, version=version)
        row = next(iter(ours.select_for_update().values(*MAY_CHANGE).order_by()), None)
        for name, value in (row or {}).items():
            setattr(publication, name, value)
        return row is not None

    @classmethod
    def claim_due(cls, *, by: str, seconds: float, most: int = 1) -> "list[Publication]":
        """Take up to `most` due publications, sendings before polls; leases end after `seconds`."""
        for candidates in (_publications(cls).to_send(), _publications(cls).to_poll()):
            with transaction.atomic():
                # By itself: with what belongs to it, the database may sort all that is due first.
                found = list(
                    candidates.due()
                    .select_for_update(skip_locked=True)
                    .order_by("next_step_at")
                    .values_list("pk", flat=True)[:most]
                )
                if not found:
                    continue
                now = timezone.now()
                until = now + timedelta(seconds=seconds)
                rows = _publications(cls).filter(pk__in=found)
                # Who held a lease in sending has died of it, or with it.
                died = When(state=State.SENDING, lease_until__isnull=False, then=1)
                rows.update(
                    tries=F("tries") + Case(died, default=0),
                    version=F("version") + 1,
                    lease_until=until,
                    next_step_at=until,
                    claimed_by=by,
                    claimed_at=now,
                )
                return sorted(rows.whole(), key=lambda row: found.index(row.pk))
        return []

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
