"""Signs of life of our processes, and hints under way."""

import os
import socket
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone


class Kind(models.TextChoices):
    WORKER = "worker", "Worker"
    DISPATCHER = "dispatcher", "Dispatcher"
    DRAIN = "drain", "Drain"
    HINT = "hint", "Hint under way"
    CANARY = "canary", "Canary"
    TIDY = "tidy", "Tidying up"


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def alive(self, kind: Kind, *, within: timedelta) -> "HeartbeatQuerySet":
        return self.filter(kind=kind, at__gt=timezone.now() - within)


class Heartbeat(models.Model):
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=200)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="one_heartbeat_a_process"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} at {self.at:%H:%M:%S}"

    @staticmethod
    def own_name() -> str:
        return f"{socket.gethostname()}:{os.getpid()}"

    @classmethod
    def beat(cls, kind: Kind, name: str = "", *, at: datetime | None = None) -> None:
        cls.objects.update_or_create(
            kind=kind, name=name or cls.own_name(), defaults={"at": at or timezone.now()}
        )

    @classmethod
    def end(cls, kind: Kind, name: str = "") -> None:
        cls.objects.filter(kind=kind, name=name or cls.own_name()).delete()

    @classmethod
    def latest(cls, kind: Kind) -> datetime | None:
        """When the last of this kind gave a sign of life."""
        latest: datetime | None = cls.objects.filter(kind=kind).aggregate(at=models.Max("at"))["at"]
        return latest

    @classmethod
    def turn_is_due(cls, kind: Kind, *, every: timedelta) -> bool:
        """Whether nobody has done for so long what one of all processes does every so often."""
        return not cls.objects.alive(kind, within=every).exists()

    @classmethod
    def claim_turn(cls, kind: Kind, *, every: timedelta) -> bool:
        """Whether it falls to us to do it."""
        if not cls.turn_is_due(kind, every=every):
            return False
        now = timezone.now()
        row, made = cls.objects.get_or_create(kind=kind, name="", defaults={"at": now})
        mine = cls.objects.filter(pk=row.pk, at__lte=now - every)
        return made or bool(mine.update(at=now))

    @classmethod
    def hurry_turn(cls, kind: Kind) -> None:
        """Let whoever looks next take the turn, however short ago the last one was."""
        cls.objects.filter(kind=kind, name="").delete()

    @classmethod
    def sweep(cls, *, older_than: timedelta) -> None:
        """Forget processes that are long gone."""
        cls.objects.filter(at__lt=timezone.now() - older_than).delete()
