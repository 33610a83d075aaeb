"""How workers come by their work: by a lock, a version and a time, all in the row itself."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

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
# Every step asks these several times, and would spend more on putting them together than on the
# answers: so they stand here as they are asked.
LOCK = f"SELECT id, {', '.join(MAY_CHANGE)} FROM posts_publication WHERE id = %s AND version = %s"  # noqa: S608
WAKE = """
    UPDATE posts_publication SET next_step_at = due_at
    WHERE state = %(waits)s AND id = (
        SELECT id FROM posts_publication
        WHERE state = %(waits)s
            AND channel_id = %(channel)s
            AND due_at <= %(now)s
            AND failure IS NULL
            AND (lease_until IS NULL OR lease_until < %(now)s)
        ORDER BY due_at, id
        LIMIT 1
    ) AND NOT EXISTS (
        SELECT 1 FROM posts_publication WHERE state = %(sends)s AND channel_id = %(channel)s
    )
"""


class Claims:
    """The part of a Publication that many workers at once rely on."""

    was_due_at: datetime  # its place in the line, from which `claim_due` took it

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
    def locked_with_words(cls, pk: int) -> "Publication":
        """The same, and what its post says now: joined to a row that was waited for, the post is as
        it was before the wait."""
        row = cls.locked(pk)
        row.post.refresh_from_db(fields=["caption", "title"])
        return row

    @classmethod
    def lock(cls, pk: int, *, version: int) -> "Publication | None":
        """Lock the row, and read of it what may change; None once the version is another."""
        for_update = " FOR UPDATE" if connection.features.has_select_for_update else ""
        return next(iter(_publications(cls).raw(LOCK + for_update, [pk, version])), None)

    def lock_if_ours(self, version: int) -> bool:
        """Lock the row as above, and bring up to date what may change under one version.

        False once the version is another. Everything else of the row is as it was when claimed,
        since people and other workers raise the version with whatever they change.
        """
        publication = cast("Publication", self)
        row = self.lock(publication.pk, version=version)
        if row is None:
            return False
        for name in MAY_CHANGE:
            setattr(publication, name, getattr(row, name))
        return True

    @classmethod
    def claim_due(cls, *, by: str, seconds: float, most: int = 1) -> "list[Publication]":
        """Take up to `most` due publications, sendings before polls; leases end after `seconds`."""
        for candidates in (_publications(cls).to_send(), _publications(cls).to_poll()):
            with transaction.atomic():
                # By itself: with what belongs to it, the database may sort all that is due first.
                found = dict(
                    candidates.due()
                    .select_for_update(skip_locked=True)
                    .order_by("next_step_at")
                    .values_list("pk", "next_step_at")[:most]
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
                claimed = list(rows.whole())
                for row in claimed:
                    row.was_due_at = found[row.pk] or now
                return sorted(claimed, key=lambda row: row.was_due_at)
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
        """If `channel` is free, look at once at what waits longest for it, which wakes the next."""
        # What has a failure waits for its own pause, not for the channel. And a person may take it
        # out of the plan while this waits for the row's lock.
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        values: dict[str, Any] = {"channel": channel.pk, "now": now}
        values |= {"waits": State.SCHEDULED, "sends": State.SENDING}
        with connection.cursor() as cursor:
            cursor.execute(WAKE, values)

    def count_ahead(self, *, most: int) -> int:
        """How many of the same channel were due before it, itself counted as well."""
        publication = cast("Publication", self)
        waiting = _publications(type(self)).waiting_for(publication.channel)
        return waiting.filter(due_at__lte=publication.due_at).order_by()[:most].count()


def _publications(claims: type[Claims]) -> "PublicationQuerySet":
    return cast("type[Publication]", claims).objects.all()
