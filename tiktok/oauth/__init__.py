"""Connecting accounts of TikTok, and the tokens that keep them connected (Protocol 2).

    begin ──► TikTok's consent page ──► take, receive ──► finish ──► a Channel
                                              └─► keep ──► waiting, claim ──► finish or let_go

`keep` is for a browser that is not signed in as the one who asked. `access_token` and `refresh`
are for whoever calls TikTok in the name of a channel. Log-in with TikTok is something else: login/.
"""

from tiktok.oauth.asking import begin
from tiktok.oauth.confirming import claim, keep, sweep_unconfirmed, waiting
from tiktok.oauth.finishing import Connected, differs, finish
from tiktok.oauth.grants import Grant
from tiktok.oauth.leaving import Disconnected, disconnect, end_access, in_flight, let_go
from tiktok.oauth.permissions import PERMISSIONS, asked_permissions, asked_scopes
from tiktok.oauth.receiving import receive, take
from tiktok.oauth.refusals import (
    AccountsDiffer,
    Broken,
    ConnectedElsewhere,
    ConnectRefused,
    NotAllowed,
    StateUnusable,
    StillBusy,
)
from tiktok.oauth.tokens_alive import access_token, refresh

__all__ = [
    "PERMISSIONS",
    "AccountsDiffer",
    "Broken",
    "ConnectRefused",
    "Connected",
    "ConnectedElsewhere",
    "Disconnected",
    "Grant",
    "NotAllowed",
    "StateUnusable",
    "StillBusy",
    "access_token",
    "asked_permissions",
    "asked_scopes",
    "begin",
    "claim",
    "differs",
    "disconnect",
    "end_access",
    "finish",
    "in_flight",
    "keep",
    "let_go",
    "receive",
    "refresh",
    "sweep_unconfirmed",
    "take",
    "waiting",
]
