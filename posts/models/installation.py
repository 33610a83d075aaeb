"""Which installation this database belongs to, so that a copy of it does not publish again."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Installation(models.Model):
    """One row. `identity` is the INSTALLATION_ID under which this database may publish."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    identity = models.CharField(max_length=200)
    adopted_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="there_is_one_installation"),
        ]

    def __str__(self) -> str:
        return f"installation {self.identity}"

    @classmethod
    def claim_if_new(cls) -> None:
        """A fresh database belongs to whoever sets it up."""
        cls.objects.get_or_create(id=1, defaults={"identity": settings.INSTALLATION_ID})

    @classmethod
    def is_foreign(cls) -> bool:
        """Whether this database belongs to another installation, or to nobody yet."""
        return not cls.objects.filter(id=1, identity=settings.INSTALLATION_ID).exists()

    @classmethod
    def adopt(cls) -> None:
        """An operator's word that this is the one and only copy."""
        cls.objects.update_or_create(id=1, defaults={"identity": settings.INSTALLATION_ID})

    @classmethod
    def disown(cls) -> None:
        """Let nobody publish from this database until it is adopted."""
        cls.objects.update_or_create(id=1, defaults={"identity": ""})


def why_publishing_is_off() -> str:
    """A sentence that says why nothing is sent to any platform now, or an empty text."""
    if not settings.PUBLISHING:
        return "Publishing is switched off by the operator (PUBLISHING=off)."
    if Installation.is_foreign():
        return (
            "This database was set up by another installation, so nothing is published from "
            "here. If this is the only copy in use, the operator runs: manage.py adopt"
        )
    return ""
