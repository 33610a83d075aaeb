"""What only TikTok has: the choices of a publication, and a connection in progress."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Channel, Workspace
from accounts.sealed import Sealed
from posts.models import Publication


class PostMode(models.TextChoices):
    DIRECT = "direct", "Publish directly"
    INBOX = "inbox", "Send to my TikTok inbox as a draft"


class TikTokOptions(models.Model):
    """What a person chose for one publication. Privacy has no default (Protocol 13, point 7)."""

    publication = models.OneToOneField(
        Publication, models.CASCADE, primary_key=True, related_name="tiktok"
    )
    mode = models.CharField(max_length=10, choices=PostMode, default=PostMode.DIRECT)
    privacy_level = models.CharField(
        max_length=60, blank=True, help_text="One of what TikTok offers; empty: not chosen yet."
    )
    allow_comment = models.BooleanField(default=False)
    allow_duet = models.BooleanField(default=False)
    allow_stitch = models.BooleanField(default=False)
    brand_organic = models.BooleanField(default=False, help_text="“Your brand”.")
    brand_content = models.BooleanField(default=False, help_text="“Branded content”.")
    is_aigc = models.BooleanField(default=False, help_text="Made by AI.")
    cover_timestamp_ms = models.PositiveIntegerField(null=True, blank=True)
    photo_cover_index = models.PositiveSmallIntegerField(
        default=0, help_text="Which photo is the cover; 0 is the first."
    )
    auto_add_music = models.BooleanField(
        default=False, help_text="TikTok adds music to the photos."
    )

    class Meta:
        verbose_name_plural = "TikTok options"
        constraints = [
            models.CheckConstraint(
                condition=~Q(brand_content=True, privacy_level="SELF_ONLY"),
                name="branded_content_is_never_private",
                violation_error_message="Branded content visibility cannot be set to private.",
            ),
        ]

    def __str__(self) -> str:
        return f"TikTok options of publication {self.publication_id}"


class LastOffer(models.Model):
    """What TikTok last offered a creator in the composer.

    It says nothing of it while a daily limit is reached (Protocol 4): what is planned for a later
    day is chosen from this then, and TikTok is asked again when the post goes out.
    """

    channel = models.OneToOneField(Channel, models.CASCADE, primary_key=True, related_name="+")
    info = models.JSONField(help_text="TikTok's answer, as `CreatorInfo` has it.")
    said_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"offer to {self.channel}"


def _new_state() -> str:
    return secrets.token_urlsafe(32)


def _in_ten_minutes() -> datetime:
    return timezone.now() + timedelta(minutes=10)


class ConnectState(models.Model):
    """A connection in progress: who asked, for which workspace, and what came back so far.

    When TikTok sends the person back in a browser that is not signed in as the asker, the tokens
    wait here, sealed and bound to that browser, until the confirm page has been answered.
    """

    state = models.CharField(max_length=64, unique=True, default=_new_state)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    reconnects = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="+")
    code_verifier_sealed = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=_in_ten_minutes)
    used_at = models.DateTimeField(null=True, blank=True, help_text="One use.")
    browser = models.CharField(
        max_length=64, blank=True, help_text="Digest of the browser's key that must confirm."
    )
    grant_sealed = models.TextField(blank=True, help_text="Tokens and account that wait.")

    code_verifier = Sealed("code_verifier_sealed")
    grant = Sealed("grant_sealed")

    def __str__(self) -> str:
        return f"connection asked by {self.asked_by}"


class WebhookEvent(models.Model):
    """What TikTok told us by itself (Protocol 11). Stored first, acted on later, kept for a while.

    It moves nothing: it makes us ask for the status, which decides.
    """

    body_digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the raw body: a duplicate is no second."
    )
    body = models.TextField(help_text="As it came.")
    received_at = models.DateTimeField(default=timezone.now)
    event = models.CharField(max_length=100)
    happened_at = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=200, blank=True, help_text="The creator's open_id.")
    publish_id = models.CharField(max_length=200, blank=True, db_index=True)
    content = models.JSONField(default=dict)
    applied_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty: nothing of ours fits it yet."
    )
    outcome = models.CharField(max_length=200, blank=True, help_text="What it led to, in words.")

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=Q(applied_at__isnull=True),
                name="webhook_event_to_apply",
            ),
            models.Index(fields=["applied_at"], name="webhook_event_applied"),
        ]

    def __str__(self) -> str:
        return f"{self.event} of {self.received_at:%Y-%m-%d %H:%M}"


class WebhookRefusal(models.Model):
    """How many webhooks were not believed on a day, and why. Of themselves nothing is kept."""

    day = models.DateField(help_text="In UTC.")
    reason = models.CharField(max_length=60)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-day", "reason"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "reason"], name="refusals_of_a_day_are_counted_once_for_each_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} webhooks {self.reason} on {self.day}"


class CallBudget(models.Model):
    """How often one endpoint was called for one account lately, by all workers together.

    TikTok counts in a sliding minute and we in whole ones. Any sliding one lies within two of ours
    that follow each other, so that what both have used is what counts.
    """

    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    call = models.CharField(max_length=20)
    window_began = models.DateTimeField(default=timezone.now)
    used = models.PositiveSmallIntegerField(default=0)
    used_before = models.PositiveSmallIntegerField(default=0, help_text="In the minute before.")
    blocked_until = models.DateTimeField(
        null=True, blank=True, help_text="TikTok has said that it was too often."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "call"], name="a_call_of_a_channel_has_one_budget"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call} of {self.channel}"
