"""The connected accounts of the current workspace, and what each of them needs."""

from dataclasses import dataclass
from typing import cast

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.db.models import Case, When
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.connectors import Connector, Permission, connector_of, connectors
from accounts.models import Channel, Health, User
from accounts.permissions import Right, may, require_in_current

ON_A_PAGE = 24


@dataclass(frozen=True, slots=True)
class Card:
    """One account as the page shows it."""

    channel: Channel
    connector: Connector | None
    granted: list[Permission]
    missing: list[Permission]
    usage: str
    profile_url: str

    @property
    def reconnect_url(self) -> str:
        return self.connector.reconnect_url(self.channel) if self.connector else ""

    @property
    def disconnect_url(self) -> str:
        return self.connector.disconnect_url(self.channel) if self.connector else ""

    @property
    def pause_url(self) -> str:
        return self.connector.pause_url(self.channel) if self.connector else ""

    @property
    def let_go_on_url(self) -> str:
        return self.connector.let_go_on_url(self.channel) if self.connector else ""

    @property
    def is_disconnected(self) -> bool:
        return self.channel.health == Health.DISCONNECTED

    @property
    def needs_reconnect(self) -> bool:
        return self.channel.health == Health.NEEDS_RECONNECT


@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    workspace = require_in_current(request, Right.SEE)
    rows = Channel.objects.in_workspace(workspace).select_related("connected_by", "workspace")
    in_need_first = Case(
        When(health__in=[Health.NEEDS_RECONNECT, Health.PAUSED], then=0),
        When(health=Health.DISCONNECTED, then=2),
        default=1,
    )
    rows = rows.order_by(in_need_first, "display_name", "pk")
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "cards": _cards(list(page.object_list)),
        "page_obj": page,
        "connectors": connectors(),
        "may_connect": may(cast(User, request.user), Right.CONNECT, workspace),
        "may_pause": may(cast(User, request.user), Right.PUBLISH, workspace),
    }
    return render(request, "accounts/channels.html", context)


@require_safe
def avatar(request: HttpRequest, channel_id: int) -> FileResponse:
    """Our copy of the account's picture, for the members of its workspace."""
    mine = Channel.objects.in_workspaces_of(cast(User, request.user))
    channel = get_object_or_404(mine, pk=channel_id)
    if not channel.avatar.name:
        raise Http404("This account has no picture.")
    try:
        picture = default_storage.open(channel.avatar.name)
    except FileNotFoundError as error:
        raise Http404("The picture is gone.") from error
    response = FileResponse(picture, content_type="image/png")
    response["Cache-Control"] = "private, max-age=300"  # seconds
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _cards(rows: list[Channel]) -> list[Card]:
    usage: dict[int, str] = {}
    for connector in connectors():
        ours = [row for row in rows if row.platform == connector.key and row.is_usable]
        usage |= connector.usage(ours) if ours else {}
    return [_card(row, usage.get(row.pk, "")) for row in rows]


def _card(channel: Channel, usage: str) -> Card:
    connector = connector_of(channel)
    asked = connector.permissions() if connector else []
    return Card(
        channel=channel,
        connector=connector,
        granted=[each for each in asked if each.scope in channel.scopes],
        missing=[each for each in asked if each.scope not in channel.scopes],
        usage=usage,
        profile_url=connector.profile_url(channel) if connector else "",
    )
