"""Somebody's wish that exactly this be published."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class ApprovalRequest(models.Model):
    """What a publication said when its approval was asked for, in words for people: kept, so that
    the next request can say what has changed since. What was approved is in the Approval alone.
    """

    publication = models.ForeignKey("posts.Publication", models.CASCADE, related_name="requests")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    note = models.TextField(blank=True, help_text="For whoever looks at it.")
    due_at = models.DateTimeField(null=True, blank=True)
    account = models.CharField(max_length=300)
    title = models.CharField(max_length=300, blank=True)
    caption = models.TextField(blank=True)
    media = models.JSONField(default=list, help_text="In order: SHA-256 and name of each file.")
    choices = models.JSONField(default=list, help_text="Of the platform: label and words of each.")

    sent_back_at = models.DateTimeField(null=True, blank=True)
    sent_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    sent_back_note = models.TextField(blank=True, help_text="What should change.")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_back_at=None, sent_back_note="")
                | (Q(sent_back_at__isnull=False) & ~Q(sent_back_note="")),
                name="what_is_sent_back_says_what_should_change",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk} by {self.by}"
