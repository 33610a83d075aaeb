"""A copy of a whole workspace, kept for the person who asked for it to fetch."""

import uuid
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User, Workspace
from accounts.permissions import RIGHTS, Right

KEPT = timedelta(days=7)


class WorkspaceCopyQuerySet(models.QuerySet["WorkspaceCopy"]):
    def for_(self, person: User) -> "WorkspaceCopyQuerySet":
        """Theirs, unless they may see all of that workspace no more. A deleted one's stays."""
        roles = [role for role, rights in RIGHTS.items() if Right.MANAGE in rights]
        managed = Workspace.objects.filter(memberships__user=person, memberships__role__in=roles)
        fresh = self.filter(person=person, expires_at__gt=timezone.now())
        return fresh.filter(Q(workspace=None) | Q(workspace__in=managed))

    def expired(self) -> "WorkspaceCopyQuerySet":
        return self.filter(expires_at__lte=timezone.now())


class WorkspaceCopy(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    workspace = models.ForeignKey(
        Workspace, models.SET_NULL, null=True, related_name="+", help_text="Empty: deleted since."
    )
    name = models.CharField(max_length=100, help_text="Of the workspace, as it was then.")
    storage_key = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    lost_media = models.JSONField(default=list, help_text="Names of files that it lacks.")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    objects = WorkspaceCopyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "workspace copies"

    def __str__(self) -> str:
        return f"{self.name}, {self.created_at:%Y-%m-%d}"

    def remove(self) -> None:
        """The file first: a row without a file is swept again, a file without a row never."""
        default_storage.delete(self.storage_key)
        self.delete()
