"""Something a person is told, on their pages and by mail."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Channel, Workspace
from posts.models.publication import Publication


class NotificationKind(models.TextChoices):
    FAILED = "failed", "A post failed"
    ATTENTION = "attention", "A post needs attention"
    DISCONNECTED = "disconnected", "An account is disconnected"
    TOKEN_ENDING = "token_ending", "An account's access ends soon"
    APPROVAL_ASKED = "approval_asked", "Approval is asked"
    APPROVAL_GIVEN = "approval_given", "Approval is given"
    DRAFT_WAITING = "draft_waiting", "A draft waits in TikTok"


class Notification(models.Model):
    """Written in the transaction of what it tells of; the mail follows, and may be tried again."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications"
    )
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=NotificationKind)
    key = models.CharField(
        max_length=200, help_text="What it is about: the same is not told to a person twice."
    )
    publication = models.ForeignKey(
        Publication, models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    channel = models.ForeignKey(
        Channel, models.CASCADE, null=True, blank=True, related_name="notifications"
    )
    subject = models.CharField(max_length=200)
    text = models.TextField(help_text="What happened, and what to do, in sentences.")
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True, blank=True)
    mail_at = models.DateTimeField(
        null=True, blank=True, help_text="When its mail is due, or again; empty: none is."
    )
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"], name="a_person_is_told_the_same_thing_once"
            ),
            models.CheckConstraint(
                condition=Q(mail_at=None) | Q(mailed_at=None),
                name="a_mail_that_was_sent_is_not_due",
            ),
        ]
        indexes = [
            models.Index(
                fields=["mail_at"], condition=Q(mail_at__isnull=False), name="notification_to_mail"
            ),
        ]

    def __str__(self) -> str:
        return self.subject
