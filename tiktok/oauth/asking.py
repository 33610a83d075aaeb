"""The way to TikTok's consent page (Protocol 2.2, 2.3)."""

from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import Channel, User, Workspace
from accounts.permissions import Right, require
from tiktok.models import ConnectState
from tiktok.oauth.permissions import asked_scopes
from tiktok.tokens import authorize_url, pkce_pair


def begin(user: User, workspace: Workspace, *, reconnects: Channel | None = None) -> str:
    """The address of TikTok's consent page for one connection, good for ten minutes.

    Raises PermissionDenied. With `reconnects` only that same account is taken back.
    """
    require(user, Right.CONNECT, workspace)
    asked = ConnectState(asked_by=user, workspace=workspace, reconnects=reconnects)
    challenge = None
    if wants_pkce():
        asked.code_verifier, challenge = pkce_pair()
    asked.save()
    return authorize_url(
        settings.TIKTOK_AUTHORIZE_URL,
        client_key=settings.TIKTOK_CLIENT_KEY,
        scopes=asked_scopes(),
        redirect_uri=settings.TIKTOK_REDIRECT_URI,
        state=asked.state,
        disable_auto_auth=True,  # who has two accounts must be able to choose the other one
        code_challenge=challenge,
    )


def wants_pkce() -> bool:
    """TikTok requires it where the way back leads to this very machine, and nowhere else."""
    if settings.TIKTOK_PKCE == "auto":
        host = urlsplit(settings.TIKTOK_REDIRECT_URI).hostname
        return host in {"localhost", "127.0.0.1"}
    return bool(settings.TIKTOK_PKCE == "hex")
