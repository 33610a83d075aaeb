"""Connected accounts, as programs see them."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Schema
from pydantic import Field

from accounts.api.endpoints import Room, caller_in
from accounts.api.examples import CHANNEL, Example
from accounts.api.refusals import NotFound
from accounts.api.schemas import Id, Moment
from accounts.connectors import connector_of
from accounts.models import Channel, Health, Scope

channels = Room(tags=["Accounts"])

CHANNEL_SHOWN = {
    "id": CHANNEL,
    "platform": "tiktok",
    "external_id": "-000aBcDeFgHiJkLmNoPqRsTuVwXyZ",
    "username": "alice.films",
    "display_name": "Alice Films",
    "profile_url": "https://www.tiktok.com/@alice.films",
    "health": "connected",
    "health_reason": "",
    "scopes": ["user.info.basic", "user.info.profile", "video.publish", "video.upload"],
    "connected_at": "2026-11-20T17:02:44.310000Z",
    "connection_ends_at": "2027-11-20T17:02:44.310000Z",
}


class ChannelOut(Schema):
    id: int
    platform: str
    external_id: str = Field(description="The account's id at the platform: an opaque text.")
    username: str = Field(description="The handle, without @.")
    display_name: str
    profile_url: str | None
    health: Health
    health_reason: str = Field(description="A sentence, while it is not connected.")
    scopes: list[str] = Field(description="What the creator has allowed.")
    connected_at: Moment
    connection_ends_at: Annotated[Moment | None, Field(description="Unless it is renewed.")]


class ChannelList(Schema):
    channels: list[ChannelOut]


@channels.endpoint(
    "GET", "/channels/", gives={200: ChannelList}, needs=Scope.READ, summary="List accounts",
    example=Example(answer={"channels": [CHANNEL_SHOWN]}),
)  # fmt: skip
def list_channels(request: HttpRequest) -> ChannelList:
    """Those that were disconnected are not among them."""
    rows = caller_in(request).workspace.channels.kept().order_by("pk")
    return ChannelList(channels=[shown(channel) for channel in rows])


@channels.endpoint(
    "GET", "/channels/{channel_id}", gives={200: ChannelOut}, needs=Scope.READ, errors=(422,),
    summary="One account", example=Example(answer=CHANNEL_SHOWN),
)  # fmt: skip
def get_channel(request: HttpRequest, channel_id: Path[Id]) -> ChannelOut:
    """Also one that was disconnected. While its `health` is not `connected` nothing goes out."""
    return shown(channel_or_404(request, channel_id))


def channel_or_404(request: HttpRequest, channel_id: int) -> Channel:
    rows = caller_in(request).workspace.channels.select_related("workspace")
    channel = rows.filter(pk=channel_id).first()
    if channel is None:
        raise NotFound
    return channel


def shown(channel: Channel) -> ChannelOut:
    connector = connector_of(channel)
    return ChannelOut(
        id=channel.pk,
        platform=channel.platform,
        external_id=channel.external_id,
        username=channel.username,
        display_name=channel.display_name,
        profile_url=(connector.profile_url(channel) if connector else "") or None,
        health=Health(channel.health),
        health_reason=channel.health_reason,
        scopes=channel.scopes,
        connected_at=channel.connected_at,
        connection_ends_at=channel.refresh_expires_at,
    )
