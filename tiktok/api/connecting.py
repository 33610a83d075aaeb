"""Connecting and disconnecting accounts of TikTok, and what TikTok offers them now."""

from django.conf import settings
from django.http import HttpRequest
from ninja import Path, Query, Schema
from pydantic import Field

from accounts.api.channels import CHANNEL_SHOWN, ChannelOut, channel_or_404, shown
from accounts.api.endpoints import Room, caller_in
from accounts.api.examples import CHANNEL, Example
from accounts.api.refusals import Conflict, Invalid, NotFound
from accounts.api.schemas import Id, Strict
from accounts.models import Channel, Scope, Workspace
from tiktok import oauth
from tiktok.creator import creator_info

connecting = Room(tags=["Accounts"])


class Which(Strict):
    channel_id: Id | None = Field(None, description="An account that is to be connected again.")


class Leave(Strict):
    channel_id: Id | None = Field(
        None, description="May be left out when the workspace has exactly one account."
    )
    now: bool = Field(False, description="Also while a post of it is on its way: that is held.")


class Authorization(Schema):
    authorization_url: str = Field(description="Open it in a browser, within ten minutes.")


class Left(Schema):
    channel: ChannelOut
    held: int = Field(description="Planned posts that wait until it is connected again.")
    revoked: bool = Field(description="Whether TikTok has confirmed that our access ended.")


class CreatorInfo(Schema):
    """As TikTok names it: what this account may choose at this moment."""

    nickname: str
    username: str
    privacy_level_options: list[str]
    comment_disabled: bool
    duet_disabled: bool
    stitch_disabled: bool
    max_video_post_duration_sec: int | None
    app_audited: bool = Field(description="Until then TikTok takes direct posts as SELF_ONLY only.")


@connecting.endpoint(
    "GET",
    "/api/v1/auth/tiktok/authorize",
    gives={200: Authorization},
    needs=Scope.CONNECT,
    errors=(422,),
    summary="Where to connect a TikTok account",
    example=Example(
        answer={
            "authorization_url": "https://www.tiktok.com/v2/auth/authorize/?client_key=…&state=…"
        }
    ),
)
def authorize(request: HttpRequest, query: Query[Which]) -> Authorization:
    """TikTok's consent page, for one connection to this workspace. The answer comes back in the
    browser, which confirms it there unless you are signed in."""
    caller = caller_in(request)
    again = None
    if query.channel_id is not None:
        again = _of_tiktok(channel_or_404(request, query.channel_id))
    url = oauth.begin(caller.user, caller.workspace, reconnects=again)
    return Authorization(authorization_url=url)


@connecting.endpoint(
    "DELETE",
    "/api/v1/auth/tiktok/disconnect",
    gives={200: Left},
    needs=Scope.CONNECT,
    errors=(409, 422),
    summary="Disconnect a TikTok account",
    example=Example(
        query={"channel_id": CHANNEL},
        answer={
            "channel": CHANNEL_SHOWN
            | {"health": "disconnected", "scopes": [], "connection_ends_at": None},
            "held": 0,
            "revoked": True,
        },
    ),
)
def disconnect(request: HttpRequest, query: Query[Leave]) -> Left:
    """Its planned posts are held, then our access is ended at TikTok. 409 `busy` while a post of it
    is on its way, unless `now`."""
    caller = caller_in(request)
    if query.channel_id is None:
        channel = only_account(caller.workspace)
    else:
        channel = _of_tiktok(channel_or_404(request, query.channel_id))
    done = oauth.disconnect(channel, by=caller.user, now=query.now)
    channel.refresh_from_db()
    return Left(channel=shown(channel), held=len(done.held), revoked=done.revoked)


@connecting.endpoint(
    "GET",
    "/channels/{channel_id}/creator-info",
    gives={200: CreatorInfo},
    needs=Scope.READ,
    errors=(409, 422),
    summary="What TikTok offers an account now",
    example=Example(
        answer={
            "nickname": "Alice Films",
            "username": "alice.films",
            "privacy_level_options": ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"],
            "comment_disabled": False,
            "duet_disabled": False,
            "stitch_disabled": False,
            "max_video_post_duration_sec": 600,
            "app_audited": True,
        }
    ),
)
def get_creator_info(request: HttpRequest, channel_id: Path[Id]) -> CreatorInfo:
    """Asked of TikTok at this moment, never remembered: ask right before you choose."""
    channel = _of_tiktok(channel_or_404(request, channel_id))
    if not channel.is_usable:
        because = channel.health_reason or f"{channel.get_health_display()}."
        raise Conflict(because, code="channel_unusable", state=channel.health)
    info = creator_info(channel)
    return CreatorInfo(
        nickname=info.nickname,
        username=info.username,
        privacy_level_options=list(info.privacy_level_options),
        comment_disabled=info.comment_disabled,
        duet_disabled=info.duet_disabled,
        stitch_disabled=info.stitch_disabled,
        max_video_post_duration_sec=info.max_video_post_duration_sec,
        app_audited=bool(settings.TIKTOK_APP_AUDITED),
    )


def only_account(workspace: Workspace) -> Channel:
    """The one of TikTok's that nobody has to name. Raises Invalid."""
    found = list(workspace.channels.kept().filter(platform="tiktok")[:2])
    if len(found) == 1:
        return found[0]
    sentence = (
        "This workspace has several accounts: say which. /channels/ lists them."
        if found
        else "No TikTok account is connected in this workspace. Connect one: open the address that "
        "/api/v1/auth/tiktok/authorize gives."
    )
    raise Invalid(fields={"channel_id": [sentence]})


def _of_tiktok(channel: Channel) -> Channel:
    if channel.platform != "tiktok":
        raise NotFound
    return channel
