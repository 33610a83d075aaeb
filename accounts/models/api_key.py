"""A key by which a program acts for a member in one workspace, within what the key allows."""

import hashlib
import secrets
from datetime import timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models.audit import Act, note
from accounts.models.user import User
from accounts.models.workspace import Membership, Workspace

MARK = "sms"  # every key begins with it, so that people and scanners know one when they see it
USES_NOTED_EVERY = timedelta(minutes=1)


class Scope(models.TextChoices):
    READ = "read", "See posts, media and accounts"
    WRITE = "write", "Upload, write drafts, ask for approval"
    PUBLISH = "publish", "Schedule, publish and cancel"
    CONNECT = "connect", "Connect and disconnect accounts"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def of(self, user: User) -> "ApiKeyQuerySet":
        return self.filter(membership__user=user).select_related("membership__workspace")

    def alive(self) -> "ApiKeyQuerySet":
        unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(unexpired, revoked_at=None, membership__user__is_active=True)


class ApiKey(models.Model):
    """It belongs to a membership: whoever leaves the workspace leaves their keys behind, dead."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100, help_text="What uses it.")
    prefix = models.CharField(max_length=16, unique=True, help_text="Shown, to tell keys apart.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the whole key, in hex.")
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "API key"
        constraints = [
            models.CheckConstraint(condition=~Q(digest=""), name="an_api_key_is_known_by_a_digest"),
            models.CheckConstraint(condition=~Q(scopes=[]), name="an_api_key_says_what_it_may_do"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def make(
        cls, membership: Membership, *, name: str, scopes: list[str], lasts: timedelta | None
    ) -> tuple[Self, str]:
        """The key's row, and the key itself, which is shown now and never again."""
        prefix = secrets.token_hex(4)
        secret = f"{MARK}_{prefix}_{secrets.token_urlsafe(32)}"
        with transaction.atomic():
            key = cls.objects.create(
                membership=membership,
                name=name,
                prefix=prefix,
                digest=digest_of(secret),
                scopes=sorted(scopes),
                expires_at=timezone.now() + lasts if lasts else None,
            )
            note(membership.workspace, Act.KEY_MADE, by=membership.user, what=name)
        return key, secret

    @classmethod
    def presented(cls, secret: str) -> "ApiKey | None":
        """The living key that `secret` is. Notes its use."""
        _, _, rest = secret.partition("_")
        prefix = rest.partition("_")[0]
        found = cls.objects.alive().select_related("membership__user", "membership__workspace")
        key = found.filter(prefix=prefix).first()
        if key is None or not constant_time_compare(key.digest, digest_of(secret)):
            return None
        key.note_use()
        return key

    @property
    def user(self) -> User:
        return self.membership.user

    @property
    def workspace(self) -> Workspace:
        return self.membership.workspace

    @property
    def scope_labels(self) -> list[str]:
        return [str(Scope(scope).label) for scope in Scope.values if scope in self.scopes]

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    def note_use(self) -> None:
        """Once a minute is enough, and spares a write for each call."""
        now = timezone.now()
        long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - USES_NOTED_EVERY)
        ApiKey.objects.filter(long_ago, pk=self.pk).update(last_used_at=now)

    def revoke(self, *, by: User) -> None:
        with transaction.atomic():
            alive = ApiKey.objects.filter(pk=self.pk, revoked_at=None)
            if alive.update(revoked_at=timezone.now()):
                note(self.workspace, Act.KEY_REVOKED, by=by, what=self.name)


def digest_of(secret: str) -> str:
    """Keys are random and long, so that a plain digest is as good as a slow one."""
    return hashlib.sha256(secret.encode()).hexdigest()
