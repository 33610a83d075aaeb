"""A resumable upload in progress: which parts have arrived, and where they are going."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Workspace
from posts.models.media import Media


class Upload(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="uploads")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    media = models.OneToOneField(Media, models.CASCADE, related_name="upload")
    size = models.PositiveBigIntegerField(help_text="Bytes that the whole file will have.")
    part_size = models.PositiveIntegerField(help_text="Bytes; the last part may be smaller.")
    parts = models.JSONField(default=dict, help_text="Part number to its digest, once received.")
    store_upload_id = models.CharField(
        max_length=300, blank=True, help_text="The store's own name for a multipart upload."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0, part_size__gt=0, expires_at__gt=F("created_at")),
                name="an_upload_has_a_size_and_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"upload {self.pk}"

    @property
    def part_count(self) -> int:
        return -(-self.size // self.part_size)

    def first_byte(self, number: int) -> int:
        """Where part `number` begins; the first is 1."""
        return (number - 1) * self.part_size

    def size_of(self, number: int) -> int:
        """Bytes of part `number`."""
        return min(self.part_size, self.size - self.first_byte(number))
