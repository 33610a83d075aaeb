"""An invitation to a workspace: a link in a mail, good once and for a week."""

import hashlib
import secrets
from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.user import User
from accounts.models.workspace import Role, Workspace

GOOD_FOR = timedelta(days=7)


class Standing(StrEnum):
    OPEN = "open"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked; some may have expired."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """Whoever opens its link may join. Only the mail has the link: here is its digest alone."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail address", help_text="Where it went, in small letters.")
    role = models.CharField(max_length=20, choices=Role)
    digest = models.CharField(
        max_length=64, unique=True, help_text="SHA-256 of the secret, in hex."
    )
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True, help_text="Empty: the mail never left.")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="an_address_has_one_open_invitation_to_a_workspace",
                violation_error_message="This address is invited already.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="an_invitation_is_accepted_or_revoked_and_not_both",
            ),
            models.CheckConstraint(
                condition=~Q(digest=""), name="an_invitation_is_known_by_a_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.workspace} as {self.get_role_display()}"

    @classmethod
    def presented(cls, secret: str) -> "Invitation | None":
        found = cls.objects.select_related("workspace", "invited_by")
        return found.filter(digest=digest_of(secret)).first()

    @property
    def standing(self) -> Standing:
        if self.accepted_at:
            return Standing.ACCEPTED
        if self.revoked_at:
            return Standing.REVOKED
        return Standing.EXPIRED if self.expires_at <= timezone.now() else Standing.OPEN

    @property
    def is_open(self) -> bool:
        return self.standing is Standing.OPEN

    @property
    def role_words(self) -> str:
        """As it stands in a sentence: “an editor”."""
        article = "an" if self.role[0] in "aeiou" else "a"
        return f"{article} {self.get_role_display().lower()}"

    def is_to(self, user: User) -> bool:
        """Whether `user` is who has the address it was sent to."""
        if user.email.lower() == self.email:
            return True
        addresses = user.emailaddress_set  # type: ignore[attr-defined]
        return bool(addresses.filter(email__iexact=self.email, verified=True).exists())

    def renew(self) -> str:
        """A new secret, good for a week from now; the old one is over. Saves it."""
        secret = secrets.token_urlsafe(32)
        self.digest, self.expires_at = digest_of(secret), timezone.now() + GOOD_FOR
        self.mailed_at = None
        self.save()
        return secret


def digest_of(secret: str) -> str:
    """The secret is random and long, so that a plain digest is as good as a slow one."""
    return hashlib.sha256(secret.encode()).hexdigest()
