"""What stands between the stored bytes and TikTok: asked before each block leaves."""

from django.utils import timezone

from accounts.models import Health
from posts.errors import CancelAsked, NotApproved
from posts.leases import Lease, clock
from posts.models import Attempt
from tiktok.errors import NeedsReconnect

WRITE_EVERY = 1.0  # seconds
# What the last look reads: more would only take time.
AS_APPROVED = (
    "cancel_asked_at",
    "caption",
    "title",
    "approval__digest",
    "channel__platform",
    "channel__external_id",
    "channel__health",
)


class UploadGuard:
    """Stops the upload of `attempt` when the lease, the process or a person says so."""

    def __init__(self, lease: Lease, attempt: Attempt) -> None:
        self._lease = lease
        self._attempt = attempt
        self._write_at = 0.0

    def before_block(self) -> None:
        """Raises LeaseLost, HandOver or CancelAsked."""
        self._lease.check()

    def before_last_block(self) -> None:
        """The point of no return: from here on something may appear.

        Written down before the block leaves, and only while the content is still the approved
        one and nobody has asked to stop. Raises NotApproved besides, and NeedsReconnect when the
        account was disconnected and nothing of this attempt can be out yet.
        """
        self._lease.check()
        with self._lease.fenced(*AS_APPROVED) as publication:
            if publication.cancel_asked_at is not None:
                raise CancelAsked
            approval = publication.approval
            if approval is None or approval.digest != self._attempt.digest:
                raise NotApproved
            if not publication.is_as_approved():
                raise NotApproved
            gone = publication.channel.health == Health.DISCONNECTED
            if gone and self._attempt.finishing_at is None:
                raise NeedsReconnect("disconnected while it was being sent")
            self._attempt.finishing_at = timezone.now()
            self._attempt.save(update_fields=["finishing_at"])
        # The transaction may have taken long: look at the clock once more.
        self._lease.check()

    def confirmed(self, count: int) -> None:
        """TikTok has taken `count` bytes of the file so far.

        Written down once a second, and at the end: a worker that goes on asks TikTok anyway.
        """
        if count < self._attempt.size and clock() < self._write_at:
            return
        self._write_at = clock() + WRITE_EVERY
        with self._lease.still_ours():
            self._attempt.confirmed_bytes = count
            if count >= self._attempt.size:
                now = timezone.now()
                self._attempt.sent_at = now
                # TikTok has everything, whoever sent the last of it.
                self._attempt.finishing_at = self._attempt.finishing_at or now
            self._attempt.save(update_fields=["confirmed_bytes", "sent_at", "finishing_at"])
