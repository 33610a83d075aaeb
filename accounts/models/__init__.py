from accounts.models.channel import Channel, Health
from accounts.models.user import User
from accounts.models.workspace import Membership, Role, Workspace

__all__ = ["Channel", "Health", "Membership", "Role", "User", "Workspace"]
