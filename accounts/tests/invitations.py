"""What stories of invitations have in common: the mail, and the link in it."""

import re

from django.core import mail
from django.utils import timezone

from accounts import inviting
from accounts.models import Invitation, Role, User, Workspace


def link() -> str:
    """The path that the latest mail leads to."""
    [path] = re.findall(r"(/app/invitations/[\w-]+/)\n", str(mail.outbox[-1].body))
    return path


def invited(workspace: Workspace, alice: User, email: str = "dora@example.com") -> str:
    inviting.invite(workspace, email, Role.EDITOR, by=alice)
    return link()


def end_by_time(invitation: Invitation, alice: User) -> None:
    Invitation.objects.update(expires_at=timezone.now())
