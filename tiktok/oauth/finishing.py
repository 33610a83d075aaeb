"""A grant becomes a channel: a new one, or the one that it was."""

import logging
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Act, Channel, Health, note
from accounts.permissions import Right, may
from posts.checking_ahead import look_soon
from posts.models import Publication
from posts.parking import unpark
from tiktok.models import ConnectState
from tiktok.oauth.grants import Grant
from tiktok.oauth.leaving import let_go
from tiktok.oauth.pictures import copy_picture, discard_picture
from tiktok.oauth.refusals import AccountsDiffer, ConnectedElsewhere, ConnectRefused, NotAllowed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connected:
    channel: Channel
    was_known: bool  # reconnected in place: its posts stay
    resumed: list[Publication]  # what had waited for it and goes on


def finish(asked: ConnectState, grant: Grant, *, as_new: bool = False) -> Connected:
    """Connect the account, or raise a ConnectRefused; then the grant was let go.

    AccountsDiffer alone leaves the grant alive: ask the person, then `as_new` connects the
    account beside the one that was to be reconnected. Calls TikTok and the storage, so never
    call it inside a transaction.
    """
    try:
        return _finish(asked, grant, as_new=as_new)
    except AccountsDiffer:
        raise
    except ConnectRefused:
        let_go(grant)
        raise


def differs(asked: ConnectState, grant: Grant) -> bool:
    """Whether another account came back than the one to be reconnected."""
    return asked.reconnects is not None and asked.reconnects.external_id != grant.open_id


def _finish(asked: ConnectState, grant: Grant, *, as_new: bool) -> Connected:
    if not may(asked.asked_by, Right.CONNECT, asked.workspace):
        raise NotAllowed(f"{asked.asked_by} may not connect accounts in “{asked.workspace}”.")
    if differs(asked, grant) and not as_new:
        raise AccountsDiffer(
            f"You wanted to reconnect {asked.reconnects}, but TikTok sent {grant}."
        )
    _refuse_if_elsewhere(asked, grant)
    picture = copy_picture(grant.avatar_url) if grant.avatar_url else ""
    try:
        with transaction.atomic():
            channel, was_known, old_picture = _store(asked, grant, picture)
    except (ConnectRefused, IntegrityError) as error:
        discard_picture(picture)
        if isinstance(error, IntegrityError):
            raise ConnectedElsewhere(
                f"{grant} was connected by somebody else at this very moment.",
                what_to_do="Look at the Accounts page.",
            ) from error
        raise
    if old_picture != channel.avatar.name:
        discard_picture(old_picture)
    log.info("channel %s is connected", channel.pk)
    resumed = unpark(channel, by=asked.asked_by) if was_known and channel.is_usable else []
    look_soon(channel)
    return Connected(channel, was_known, resumed)


def _refuse_if_elsewhere(asked: ConnectState, grant: Grant) -> None:
    """One account speaks for one workspace: two would publish over each other's heads."""
    elsewhere = (
        Channel.objects.kept()
        .filter(platform="tiktok", external_id=grant.open_id)
        .exclude(workspace=asked.workspace)
        .select_related("workspace")
        .first()
    )
    if elsewhere is None:
        return
    where = "another workspace of this installation"
    if may(asked.asked_by, Right.SEE, elsewhere.workspace):
        where = f"your workspace “{elsewhere.workspace}”"
    raise ConnectedElsewhere(
        f"{grant} is already connected in {where}.",
        what_to_do="It must be disconnected there first.",
    )


def _store(asked: ConnectState, grant: Grant, picture: str) -> tuple[Channel, bool, str]:
    """The channel, whether it was known, and the name of the picture that it had."""
    known = Channel.objects.select_for_update().filter(
        platform="tiktok", external_id=grant.open_id, workspace=asked.workspace
    )
    channel = known.first()
    was_known = channel is not None
    if channel is None:
        channel = Channel(platform="tiktok", external_id=grant.open_id, workspace=asked.workspace)
    old_picture: str = channel.avatar.name or ""
    channel.display_name = grant.display_name[:200] or channel.display_name
    channel.username = grant.username[:200] or channel.username
    channel.avatar.name = picture or old_picture
    channel.scopes = list(grant.scopes)
    channel.access_token = grant.access_token
    channel.refresh_token = grant.refresh_token
    channel.access_expires_at = grant.access_expires_at
    channel.refresh_expires_at = grant.refresh_expires_at
    # A refresh with the old tokens that is still under way must not store what it brings.
    channel.token_version += 1
    channel.refreshing_until = None
    channel.health = Health.PAUSED if channel.paused_because else Health.CONNECTED
    channel.health_reason = channel.paused_because
    channel.connected_by, channel.connected_at = asked.asked_by, timezone.now()
    channel.save()
    act = Act.RECONNECTED if was_known else Act.CONNECTED
    note(asked.workspace, act, by=asked.asked_by, what=channel)
    return channel, was_known, old_picture
