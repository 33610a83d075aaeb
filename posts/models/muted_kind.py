"""What a person does not want to be told."""

from django.conf import settings
from django.db import models

from posts.models.notification import NotificationKind


class MutedKind(models.Model):
    """No row: they are told. So what is told of later is told to everybody at first."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted_kinds")
    kind = models.CharField(max_length=20, choices=NotificationKind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="a_person_mutes_a_kind_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} without {self.kind}"
