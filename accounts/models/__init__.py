from accounts.models.api_calls import CallCount, RememberedAnswer, forget_old_calls
from accounts.models.api_key import ApiKey, Scope
from accounts.models.channel import Channel, Health
from accounts.models.user import User, WeekDay
from accounts.models.workspace import Membership, Role, Workspace

__all__ = [
    "ApiKey",
    "CallCount",
    "Channel",
    "Health",
    "Membership",
    "RememberedAnswer",
    "Role",
    "Scope",
    "User",
    "WeekDay",
    "Workspace",
    "forget_old_calls",
]
