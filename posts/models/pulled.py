"""What a platform fetches from us for one attempt, and whether it has begun to."""

from django.db import models
from django.db.models import Q

from posts.models.attempt import Attempt
from posts.models.media import Media


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
