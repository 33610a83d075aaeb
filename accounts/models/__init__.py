from accounts.models.api_calls import CallCount, RememberedAnswer, forget_old_calls
from accounts.models.api_key import ApiKey, Scope
from accounts.models.audit import Act, AuditEntry, note
from accounts.models.channel import Channel, Health
from accounts.models.invitation import Invitation, Standing
from accounts.models.user import User, WeekDay
from accounts.models.workspace import Membership, Role, Workspace

__all__ = [
    "Act",
    "ApiKey",
    "AuditEntry",
    "CallCount",
    "Channel",
    "Health",
    "Invitation",
    "Membership",
    "RememberedAnswer",
    "Role",
    "Scope",
    "Standing",
    "User",
    "WeekDay",
    "Workspace",
    "forget_old_calls",
    "note",
]
