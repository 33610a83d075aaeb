"""Inviting people to a workspace by mail. The link is in the mail and nowhere else: whoever has
it has read the mail of that address.
"""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.letters import where_from
from accounts.members import in_words
from accounts.models import (
    Act,
    CallCount,
    Invitation,
    Membership,
    Role,
    Standing,
    User,
    Workspace,
    note,
)
from accounts.workspaces import require_manage

log = logging.getLogger(__name__)

MOST_MAILS = 30  # of one workspace, within
MAILS_WINDOW = timedelta(hours=1)


class CanNotInvite(Exception):
    """Says why, and what to do."""


class InvitationOver(Exception):
    """The invitation is good no more; says why, and what to do."""

    SAYS = {
        Standing.EXPIRED: "This invitation was good for a week, which is over.",
        Standing.ACCEPTED: "This invitation was used already. It lets one person in, once.",
        Standing.REVOKED: "This invitation was taken back.",
    }

    def __init__(self, standing: Standing) -> None:
        super().__init__(self.SAYS[standing])
        self.standing = standing


class MemberAlready(Exception):
    """Who wants to join is in the workspace."""


def invite(workspace: Workspace, email: str, role: Role, *, by: User) -> Invitation:
    """Invite whoever reads the mail of `email`. Raises PermissionDenied and CanNotInvite.

    Whether the mail has left is in `mailed_at`.
    """
    email = email.lower()
    with transaction.atomic():
        require_manage(by, Workspace.locked(workspace.pk))
        if workspace.memberships.filter(user__email__iexact=email).exists():
            raise CanNotInvite(f"{email} belongs to a member already.")
        before = Invitation.objects.unanswered().filter(workspace=workspace, email=email).first()
        if before is not None and before.is_open:
            raise CanNotInvite(
                f"{email} is invited already. Send that invitation again, or revoke it first."
            )
        _count_mail(workspace)
        invitation = before or Invitation(workspace=workspace, email=email)
        invitation.role, invitation.invited_by = role, by
        secret = invitation.renew()
        note(workspace, Act.INVITED, by=by, what=email, after=in_words(role))
    _mail(invitation, secret)
    return invitation


def send_again(invitation: Invitation, *, by: User) -> Invitation:
    """With a new link; the one in the earlier mail is over. Raises as `invite`, and
    InvitationOver."""
    with transaction.atomic():
        row = _unanswered(invitation)
        require_manage(by, row.workspace)
        _count_mail(row.workspace)
        row.invited_by = by
        secret = row.renew()
        note(row.workspace, Act.INVITED_AGAIN, by=by, what=row.email)
    _mail(row, secret)
    return row


def revoke(invitation: Invitation, *, by: User) -> None:
    """Raises PermissionDenied and InvitationOver."""
    with transaction.atomic():
        row = _unanswered(invitation)
        require_manage(by, row.workspace)
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        note(row.workspace, Act.UNINVITED, by=by, what=row.email)


def accept(invitation: Invitation, *, user: User) -> Membership:
    """`user` joins. Raises InvitationOver and MemberAlready."""
    with transaction.atomic():
        row = _unanswered(invitation)
        if not row.is_open:
            raise InvitationOver(row.standing)
        if row.workspace.memberships.filter(user=user).exists():
            raise MemberAlready
        row.accepted_at, row.accepted_by = timezone.now(), user
        row.save(update_fields=["accepted_at", "accepted_by"])
        membership = row.workspace.memberships.create(user=user, role=row.role)
        words = {"what": row.email, "after": in_words(row.role)}
        note(row.workspace, Act.JOINED, by=user, whom=row.invited_by, **words)
    return membership


def _unanswered(invitation: Invitation) -> Invitation:
    """The row as it is now, with its workspace locked. Raises InvitationOver."""
    workspace = Workspace.locked(invitation.workspace_id)
    row = Invitation.objects.select_related("invited_by").get(pk=invitation.pk)
    if row.standing in {Standing.ACCEPTED, Standing.REVOKED}:
        raise InvitationOver(row.standing)
    row.workspace = workspace
    return row


def _count_mail(workspace: Workspace) -> None:
    """This house is nobody's machine for mails to strangers."""
    sent = CallCount.add(f"invitations:{workspace.pk}", window=MAILS_WINDOW)
    if sent.used > MOST_MAILS:
        raise CanNotInvite(
            f"“{workspace}” has sent {MOST_MAILS} invitations within an hour. Try again later."
        )


def _mail(invitation: Invitation, secret: str) -> None:
    """Outside any transaction: a mail server may think for long."""
    try:
        written(invitation, secret).send()
    except (SMTPException, OSError) as error:
        log.warning("the mail of invitation %s did not leave: %s", invitation.pk, error)
        return
    invitation.mailed_at = timezone.now()
    Invitation.objects.filter(pk=invitation.pk, digest=invitation.digest).update(
        mailed_at=invitation.mailed_at
    )


def written(invitation: Invitation, secret: str) -> EmailMultiAlternatives:
    by, workspace = invitation.invited_by, invitation.workspace
    subject = " ".join(f"{by} invites you to “{workspace}”".split())  # no line break in a header
    context = {
        "subject": subject,
        "invitation": invitation,
        "url": f"{settings.SITE_URL}{reverse('accounts:invitation', args=[secret])}",
    } | where_from()
    text = render_to_string("accounts/email/invitation.txt", context)
    html = render_to_string("accounts/email/invitation.html", context)
    headers = {"Auto-Submitted": "auto-generated"}
    mail = EmailMultiAlternatives(subject, text, to=[invitation.email], headers=headers)
    mail.attach_alternative(html, "text/html")
    return mail
