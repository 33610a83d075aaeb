"""A person's word that this, exactly this, may be published."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256, in hex, over everything a person approves; the time is not part of it."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


class Approval(models.Model):
    """Made by pressing schedule or approve under the consent sentence; kept for ever."""

    publication = models.ForeignKey("posts.Publication", models.CASCADE, related_name="approvals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    consent_text = models.TextField()
    consent_version = models.CharField(max_length=40)
    content = models.JSONField(help_text="Caption, title, media, account and options, as approved.")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"approval {self.pk} by {self.by}"
