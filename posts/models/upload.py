"""A resumable upload in progress: which parts have arrived, and where they are going."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User, Workspace
from posts.models.media import Media

LASTS = timedelta(days=1)  # after what was last heard of an upload


class OtherBytes(Exception):
    for_people: ClassVar[str] = (
        "This part has come with other bytes before. Begin a new upload for another file."
    )


class UploadQuerySet(models.QuerySet["Upload"]):
    def of_person(self, user: User) -> "UploadQuerySet":
        """Those that `user` began, where they are still a member."""
        return self.filter(started_by=user, workspace__memberships__user=user)

    def locked(self, upload: "Upload") -> "Upload":
        """The row as it is now, to be changed in this transaction. Raises Upload.DoesNotExist."""
        return self.select_for_update(of=("self",)).get(pk=upload.pk)


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

    objects = UploadQuerySet.as_manager()

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

    def note(self, number: int, digest: str) -> None:
        """Remember the SHA-256 that part `number` has, and no other ever; empty: nobody can say.

        Of a locked row. Raises OtherBytes.
        """
        known = self.parts.get(str(number), digest)
        if known and digest and known != digest:
            raise OtherBytes(OtherBytes.for_people)
        self.parts[str(number)] = digest if known == digest else ""
        self.expires_at = timezone.now() + LASTS
        self.save(update_fields=["parts", "expires_at"])
