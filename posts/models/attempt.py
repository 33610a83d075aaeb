"""The ledger of what was begun at the platform: one row for each init, never overwritten.

The intent is written before the call, the answer before any byte leaves, and the beginning of
the very last block before that block leaves: whatever dies in between, the row says what can
still appear.
"""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.sealed import Sealed
from posts.errors import TooLate


class Mode(models.TextChoices):
    DIRECT = "direct", "Direct post"
    INBOX = "inbox", "Draft to the inbox"


class Source(models.TextChoices):
    UPLOAD = "upload", "We send the bytes"
    PULL = "pull", "The platform fetches"


class Verdict(models.TextChoices):
    OPEN = "", "Open"
    FAILED = "failed", "The platform says: failed"
    INCOMPLETE = "incomplete", "Never had all bytes, and never will"
    PUBLISHED = "published", "Published"
    DELIVERED = "delivered", "Delivered to the inbox"
    WRITTEN_OFF = "written_off", "A person decided to send again"


class Attempt(models.Model):
    publication = models.ForeignKey("posts.Publication", models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField(help_text="1 for the first.")
    mode = models.CharField(max_length=10, choices=Mode)
    source = models.CharField(max_length=10, choices=Source, default=Source.UPLOAD)
    digest = models.CharField(max_length=64, help_text="Of the Approval it acts on.")
    claimed_at = models.DateTimeField(
        null=True, blank=True, help_text="When its worker took the publication."
    )
    intended_at = models.DateTimeField(
        default=timezone.now, help_text="Just before the platform was asked to begin."
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    publish_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    upload_url_sealed = models.TextField(blank=True)
    address_expires_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    chunk_size = models.PositiveBigIntegerField(help_text="Bytes.")
    chunk_count = models.PositiveIntegerField()
    confirmed_bytes = models.PositiveBigIntegerField(default=0)
    finishing_at = models.DateTimeField(
        null=True, blank=True, help_text="Just before the very last block was let go."
    )
    sent_at = models.DateTimeField(null=True, blank=True, help_text="All bytes were taken.")
    last_status = models.CharField(max_length=60, blank=True)
    last_answer = models.JSONField(default=dict, help_text="TikTok's last answer, with log_id.")
    polls = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=20, choices=Verdict, default=Verdict.OPEN, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    upload_url = Sealed("upload_url_sealed")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "number"], name="attempts_are_numbered_without_repeats"
            ),
            models.UniqueConstraint(
                fields=["publication"],
                condition=Q(verdict=""),
                name="a_publication_has_one_open_attempt_at_the_most",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", settled_at=None)
                | (~Q(verdict="") & Q(settled_at__isnull=False)),
                name="an_attempt_is_settled_exactly_when_it_has_a_verdict",
            ),
            models.CheckConstraint(
                condition=Q(finishing_at=None) | Q(publish_id__isnull=False),
                name="no_last_block_without_a_publish_id",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number}"

    @property
    def is_open(self) -> bool:
        return self.verdict == Verdict.OPEN

    @property
    def address_has_expired(self) -> bool:
        return self.address_expires_at is not None and timezone.now() >= self.address_expires_at

    @property
    def is_safe(self) -> bool:
        """Nothing of this attempt can still appear by itself.

        An open upload is safe until its last block was let go: what has not left can not arrive,
        and whoever held it loses the right to let it go the moment the version changes. What the
        platform was to fetch is safe once its addresses were closed before anybody came.
        """
        if self.verdict in {Verdict.FAILED, Verdict.INCOMPLETE, Verdict.WRITTEN_OFF}:
            return True
        if not self.is_open:
            return False
        if self.source == Source.UPLOAD:
            return self.finishing_at is None
        addresses = self.pulled.all()
        return all(each.closed_at and each.first_fetched_at is None for each in addresses)

    @property
    def is_resumable(self) -> bool:
        return self.is_open and self.publish_id is not None

    def close_addresses(self) -> bool:
        """Let nobody begin to fetch any more. True when nobody has: then it is safe for ever."""
        return self.pulled.all().close()

    def close_addresses_if_unseen(self) -> bool:
        """As `close_addresses`, but what somebody has begun to fetch may go on."""
        return self.pulled.all().close(seen_too=False)

    def settle(self, verdict: Verdict, *, at: datetime | None = None) -> None:
        """Write the verdict, and close the addresses. Call it with the publication's row locked.

        Raises TooLate when what was fetched should count as never having had its bytes.
        """
        if self.source == Source.PULL:
            unseen = self.close_addresses()
            if verdict == Verdict.INCOMPLETE and not unseen:
                raise TooLate
        self.verdict = verdict
        self.settled_at = at or timezone.now()
        self.save(update_fields=["verdict", "settled_at"])
