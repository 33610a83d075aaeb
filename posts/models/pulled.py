"""What a platform fetches from us for one attempt, and whether it has begun to."""

import hashlib
import secrets
from collections.abc import Sequence

from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from posts.models.attempt import Attempt
from posts.models.media import Media

SECRET_BYTES = 32


class PulledMediaQuerySet(models.QuerySet["PulledMedia"]):
    def close(self, *, seen_too: bool = True) -> bool:
        """From now on nobody who has not begun to fetch ever will. True when nobody has.

        Locks the rows first: who is about to fetch either is on record, or finds them closed.
        Without `seen_too` nothing is closed when somebody has begun.
        """
        with transaction.atomic():
            rows = list(self.select_for_update(of=("self",)).order_by("pk"))
            unseen = all(row.first_fetched_at is None for row in rows)
            if unseen or seen_too:
                self._close_locked([row.pk for row in rows if row.closed_at is None])
        return unseen

    def _close_locked(self, keys: list[int]) -> None:
        rows = PulledMedia.objects.filter(pk__in=keys)
        now = timezone.now()
        # The clock of who served may run ahead of ours.
        fetched = rows.exclude(first_fetched_at=None)
        fetched.update(closed_at=Greatest(Value(now), F("first_fetched_at")))
        rows.filter(first_fetched_at=None).update(closed_at=now)


class PulledMedia(models.Model):
    """One secret address of one attempt. Closing it and serving from it lock this same row.

    The first fetch is committed before the first byte leaves: what was closed with no fetch on
    record was never seen by anybody.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="pulled")
    media = models.ForeignKey(Media, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    key_digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the secret in the address."
    )
    first_fetched_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = PulledMediaQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "pulled media"
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "position"], name="a_place_in_an_attempt_has_one_address"
            ),
            models.CheckConstraint(
                condition=Q(first_fetched_at=None)
                | Q(closed_at=None)
                | Q(first_fetched_at__lte=models.F("closed_at")),
                name="nothing_is_fetched_first_after_its_address_was_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media} for {self.attempt}"

    @classmethod
    def open_for(cls, attempt: Attempt, media: Sequence[Media]) -> list[str]:
        """One address for each of `media`, in this order. Returns the secrets: only the addresses
        themselves hold them, and we keep their digests."""
        keys = [secrets.token_urlsafe(SECRET_BYTES) for _ in media]
        PulledMedia.objects.bulk_create(
            PulledMedia(attempt=attempt, media=medium, position=position, key_digest=_digest(key))
            for position, (medium, key) in enumerate(zip(media, keys, strict=True))
        )
        return keys

    @classmethod
    def behind(cls, secret: str) -> "PulledMedia | None":
        """What is open at the address with this secret."""
        return (
            PulledMedia.objects.filter(key_digest=_digest(secret), closed_at=None)
            .select_related("media")
            .first()
        )

    def begin_fetch(self) -> bool:
        """Put it on record that somebody fetches. False: it was closed meanwhile.

        Call it outside of any transaction, so that it is committed before a byte leaves.
        """
        if self.first_fetched_at is not None:
            return True
        mine = PulledMedia.objects.filter(pk=self.pk, closed_at=None)
        return bool(mine.update(first_fetched_at=timezone.now()))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
