"""A channel: one connected account on one platform, with the tokens that let us speak for it."""

import zoneinfo
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.user import User, validate_time_zone
from accounts.models.workspace import Workspace
from accounts.sealed import Sealed

ENDS_SOON = timedelta(days=14)  # the platform then ends a connection that nobody renews


class Health(models.TextChoices):
    CONNECTED = "connected", "Connected"
    NEEDS_RECONNECT = "needs_reconnect", "Needs to be reconnected"
    PAUSED = "paused", "Paused"
    DISCONNECTED = "disconnected", "Disconnected"


_NO_TOKENS: dict[str, Any] = {
    "access_token_sealed": "",
    "refresh_token_sealed": "",
    "access_expires_at": None,
    "refresh_expires_at": None,
    "refreshing_until": None,
}


class ChannelQuerySet(models.QuerySet["Channel"]):
    def in_workspaces_of(self, user: User) -> "ChannelQuerySet":
        return self.filter(workspace__memberships__user=user)

    def in_workspace(self, workspace: Workspace) -> "ChannelQuerySet":
        return self.filter(workspace=workspace)

    def usable(self) -> "ChannelQuerySet":
        return self.filter(health=Health.CONNECTED)

    def ending_soon(self) -> "ChannelQuerySet":
        return self.usable().filter(refresh_expires_at__lt=timezone.now() + ENDS_SOON)

    def kept(self) -> "ChannelQuerySet":
        """All that were not disconnected."""
        return self.exclude(health=Health.DISCONNECTED)


class Channel(models.Model):
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="channels")
    platform = models.CharField(max_length=20)
    external_id = models.CharField(
        max_length=200, help_text="The account's id at the platform, an opaque text."
    )
    username = models.CharField(max_length=200, blank=True, help_text="The handle, without @.")
    display_name = models.CharField(max_length=200, blank=True)
    avatar = models.FileField(
        upload_to="avatars/", blank=True, help_text="Our copy: the platform's link dies."
    )
    time_zone = models.CharField(max_length=64, blank=True, validators=[validate_time_zone])
    scopes = models.JSONField(default=list, help_text="The permissions that were granted.")

    access_token_sealed = models.TextField(blank=True)
    refresh_token_sealed = models.TextField(blank=True)
    access_expires_at = models.DateTimeField(null=True, blank=True)
    refresh_expires_at = models.DateTimeField(null=True, blank=True)
    token_version = models.PositiveIntegerField(default=0)
    refreshing_until = models.DateTimeField(
        null=True, blank=True, help_text="Somebody is asking for new tokens until then."
    )

    health = models.CharField(max_length=20, choices=Health, default=Health.CONNECTED)
    health_reason = models.TextField(blank=True, help_text="A sentence for people.")
    paused_because = models.TextField(
        blank=True, help_text="While paused: why. A lost and renewed connection ends no pause."
    )
    connected_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    connected_at = models.DateTimeField(default=timezone.now)

    access_token = Sealed("access_token_sealed")
    refresh_token = Sealed("refresh_token_sealed")

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["display_name", "pk"]
        constraints = [
            # What was disconnected stays for its history, and no longer stands in the way.
            models.UniqueConstraint(
                fields=["platform", "external_id"],
                condition=~Q(health="disconnected"),
                name="an_account_is_connected_once_in_this_installation",
                violation_error_message="This account is already connected here.",
            ),
            models.CheckConstraint(
                condition=~Q(health="connected") | ~Q(refresh_token_sealed=""),
                name="a_connected_channel_has_tokens",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username or self.external_id

    @property
    def is_usable(self) -> bool:
        return self.health == Health.CONNECTED

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        return zoneinfo.ZoneInfo(self.time_zone) if self.time_zone else None

    @property
    def ends_soon(self) -> bool:
        ends = self.refresh_expires_at
        return ends is not None and ends - timezone.now() < ENDS_SOON

    def token_is_fresh_for(self, span: timedelta) -> bool:
        """Whether the access token lives for `span` from now."""
        return bool(self.access_expires_at and self.access_expires_at - timezone.now() > span)

    def claim_refresh(self, *, seconds: float) -> bool:
        """Take the right to refresh; False when another holds it or has just done it.

        TikTok kills the old refresh token when it gives a new one, so that two who ask at once
        would leave one with a dead token. The claim ends by itself when its holder dies.
        """
        now = timezone.now()
        free = Q(refreshing_until=None) | Q(refreshing_until__lt=now)
        row = Channel.objects.filter(free, pk=self.pk, token_version=self.token_version)
        until = now + timedelta(seconds=seconds)
        claimed = bool(row.update(refreshing_until=until))
        if claimed:
            self.refreshing_until = until  # by which this claim is known from a later one
        return claimed

    def store_tokens(
        self,
        *,
        access_token: str,
        refresh_token: str,
        access_expires_at: datetime,
        refresh_expires_at: datetime | None,
        scopes: list[str],
    ) -> bool:
        """Store what came back, if nobody stored newer tokens meanwhile. True when stored."""
        version = self.token_version
        self.access_token = access_token
        self.refresh_token = refresh_token
        self.access_expires_at = access_expires_at
        self.refresh_expires_at = refresh_expires_at
        self.scopes = scopes
        stored = Channel.objects.filter(pk=self.pk, token_version=version).update(
            access_token_sealed=self.access_token_sealed,
            refresh_token_sealed=self.refresh_token_sealed,
            access_expires_at=access_expires_at,
            refresh_expires_at=refresh_expires_at,
            scopes=scopes,
            token_version=F("token_version") + 1,
            refreshing_until=None,
        )
        if stored:
            self.token_version = version + 1
            self.refreshing_until = None
        return bool(stored)

    def release_refresh(self) -> None:
        """Give the claim back after a refresh that brought nothing, if it is still ours."""
        self._by_our_claim().update(refreshing_until=None)

    def _by_our_claim(self) -> ChannelQuerySet:
        mine = {"token_version": self.token_version, "refreshing_until": self.refreshing_until}
        return Channel.objects.filter(pk=self.pk, **mine)

    def mark_needs_reconnect(self, reason: str, *, by_claim: bool = False) -> bool:
        """Turn the account red, unless newer tokens have arrived meanwhile. True when turned.

        `by_claim`: nor when somebody else has claimed a refresh since, who may get some.
        """
        same_tokens = Channel.objects.filter(pk=self.pk, token_version=self.token_version)
        turned = (
            (self._by_our_claim() if by_claim else same_tokens)
            .exclude(health=Health.DISCONNECTED)
            .update(health=Health.NEEDS_RECONNECT, health_reason=reason, refreshing_until=None)
        )
        if turned:
            self.health, self.health_reason = Health.NEEDS_RECONNECT, reason
        return bool(turned)

    def lose_access(self, reason: str, *, at: datetime) -> bool:
        """The platform took the access back at that moment: red, and without its dead tokens.

        False when it was connected again since, or disconnected here.
        """
        lost = (
            Channel.objects.filter(pk=self.pk, connected_at__lte=at)
            .exclude(health=Health.DISCONNECTED)
            .update(
                **_NO_TOKENS,
                token_version=F("token_version") + 1,
                health=Health.NEEDS_RECONNECT,
                health_reason=reason,
            )
        )
        self.refresh_from_db()
        return bool(lost)

    def doubt_access(self) -> None:
        """Let the next call begin with a refresh: the platform then says whether we still may."""
        Channel.objects.filter(pk=self.pk).update(access_expires_at=timezone.now())
        self.refresh_from_db()

    def forget_tokens(self, reason: str) -> None:
        """Disconnect: the row stays for the history, the tokens go."""
        Channel.objects.filter(pk=self.pk).update(
            **_NO_TOKENS,
            token_version=F("token_version") + 1,
            health=Health.DISCONNECTED,
            health_reason=reason,
        )
        self.refresh_from_db()
