"""One line of a publication's history."""

from typing import Any

from django.conf import settings
from django.db import models

from posts.states import State


class PublicationEvent(models.Model):
    """Written in the transaction that made the change, never edited."""

    publication = models.ForeignKey("posts.Publication", models.CASCADE, related_name="events")
    before = models.CharField(max_length=20, choices=State, blank=True)
    after = models.CharField(max_length=20, choices=State)
    because = models.TextField(help_text="A sentence for people.")
    details = models.JSONField(
        default=dict, help_text="For support: codes, log_id, byte counts. Never a secret."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty when a machine made the move.",
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}: {self.because}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An event is written once.")
        super().save(*args, **kwargs)

    @property
    def is_move(self) -> bool:
        return self.before != self.after

    @property
    def note(self) -> str:
        """What the person who asked, or who sent it back, has written."""
        if State.AWAITING_APPROVAL not in {self.before, self.after}:
            return ""
        return self.because.partition(": ")[2]
