"""Who did what in a workspace, and when: for its owners. Written once, never changed.

What becomes of posts is told by their own events; the page of the log shows both.
"""

from typing import Any, Never

from django.db import models, transaction
from django.utils import timezone

from accounts.models.user import User
from accounts.models.workspace import Membership, Workspace


class Act(models.TextChoices):
    FOUNDED = "founded", "Workspace made"
    RENAMED = "renamed", "Workspace renamed"
    LATE_LIMIT = "late_limit", "Late limit changed"
    INVITED = "invited", "Invitation sent"
    INVITED_AGAIN = "invited_again", "Invitation sent again"
    UNINVITED = "uninvited", "Invitation revoked"
    JOINED = "joined", "Joined"
    ADDED = "added", "Member added"
    ROLE_CHANGED = "role_changed", "Role changed"
    HANDED_OVER = "handed_over", "Handed over"
    REMOVED = "removed", "Member removed"
    LEFT = "left", "Left"
    CONNECTED = "connected", "Account connected"
    RECONNECTED = "reconnected", "Account connected again"
    DISCONNECTED = "disconnected", "Account disconnected"
    PAUSED = "paused", "Account paused"
    LET_GO_ON = "let_go_on", "Account goes on"
    KEY_MADE = "key_made", "API key made"
    KEY_REVOKED = "key_revoked", "API key revoked"
    EXPORTED = "exported", "Copy of everything made"


# What the log says of each act, after the name of who did it. `whom` is a person, whose name goes
# when they go; the rest is what was written down.
SENTENCES = {
    Act.FOUNDED: "made this workspace",
    Act.RENAMED: "renamed it from “{before}” to “{after}”",
    Act.LATE_LIMIT: "changed how late a post may go out from {before} to {after}",
    Act.INVITED: "invited {what} as {after}",
    Act.INVITED_AGAIN: "sent {what} the invitation again",
    Act.UNINVITED: "revoked the invitation of {what}",
    Act.JOINED: "joined as {after}, by the invitation to {what}",
    Act.ADDED: "added {whom} as {after}",
    Act.ROLE_CHANGED: "made {whom} {after} instead of {before}",
    Act.HANDED_OVER: "handed the workspace over to {whom}",
    Act.REMOVED: "removed {whom}, who was {before}",
    Act.LEFT: "left, having been {before}",
    Act.CONNECTED: "connected {what}",
    Act.RECONNECTED: "connected {what} again",
    Act.DISCONNECTED: "disconnected {what}",
    Act.PAUSED: "paused {what}",
    Act.LET_GO_ON: "let {what} go on",
    Act.KEY_MADE: "made the API key “{what}”",
    Act.KEY_REVOKED: "revoked the API key “{what}”",
    Act.EXPORTED: "made a copy of everything",
}


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def update(self, **changes: object) -> Never:
        raise TypeError("What happened stays what happened.")


class AuditEntry(models.Model):
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="audit_entries")
    act = models.CharField(max_length=20, choices=Act)
    by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: a former member.",
    )
    as_operator = models.BooleanField(default=False, help_text="Done by no member, but for them.")
    whom = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    what = models.CharField(max_length=254, blank=True)
    before = models.CharField(max_length=100, blank=True)
    after = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["workspace", "-at"], name="audit_entry_latest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(act__in=Act.values), name="an_audit_entry_names_an_act"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by or 'A former member'} {self.sentence}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An audit entry is written once.")
        super().save(*args, **kwargs)

    @property
    def sentence(self) -> str:
        words = {
            "whom": self.whom or "a former member",
            "what": self.what,
            "before": self.before,
            "after": self.after,
        }
        said = SENTENCES[Act(self.act)].format(**words)
        return f"{said}, as operator of this site" if self.as_operator else said


def note(
    workspace: Workspace,
    act: Act,
    *,
    by: User,
    whom: User | None = None,
    what: object = "",
    before: object = "",
    after: object = "",
) -> None:
    """Write down what `by` does. Only inside the transaction that does it."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("note() belongs to the change it tells of.")
    is_member = Membership.objects.filter(workspace=workspace, user=by).exists()
    AuditEntry.objects.create(
        workspace=workspace,
        act=act,
        by=by,
        as_operator=by.is_superuser and not is_member,
        whom=whom,
        what=str(what)[:254],
        before=str(before)[:100],
        after=str(after)[:100],
    )
