"""What stands between the stored bytes and TikTok: asked before each block leaves."""

from django.utils import timezone

from accounts.models import Health
from posts.errors import CancelAsked, NotApproved
from posts.leases import Lease, clock
from posts.models import Attempt, Publication
from posts.models.approval import digest_of
from tiktok.errors import NeedsReconnect

WRITE_EVERY = 1.0  # seconds
# What the last look reads of the publication: more would only take time.
NEWS = ("cancel_asked_at", "approval__digest", "channel__health")


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

        Written down before the block leaves, and only while what is in hand, which TikTok was
        told and whose bytes leave, is what this moment's Approval says, and nobody has asked to
        stop. Raises NotApproved besides, and NeedsReconnect when the account was disconnected and
        nothing of this attempt can be out yet.
        """
        self._lease.check()
        in_hand = digest_of(self._attempt.publication.content())
        with self._lease.still_ours():
            news = Publication.objects.filter(pk=self._lease.publication_id).values_list(*NEWS)
            cancel_asked_at, approved, health = news.get()
            if cancel_asked_at is not None:
                raise CancelAsked
            if not (approved == self._attempt.digest == in_hand):
                raise NotApproved
            if health == Health.DISCONNECTED and self._attempt.finishing_at is None:
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
