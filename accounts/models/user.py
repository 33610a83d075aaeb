"""A person who can log in."""

import zoneinfo

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            "%(name)s is not a time zone we know. Try one like Europe/Berlin.",
            params={"name": name},
            code="unknown_time_zone",
        )


class WeekDay(models.IntegerChoices):
    """The days that weeks begin on somewhere, as Python counts them."""

    MONDAY = 0, "Monday"
    SATURDAY = 5, "Saturday"
    SUNDAY = 6, "Sunday"


class User(AbstractUser):
    email = models.EmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "Somebody already uses this e-mail address."},
    )
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    week_starts_on = models.PositiveSmallIntegerField(
        "week begins on", choices=WeekDay, default=WeekDay.MONDAY
    )
    language = models.CharField(max_length=8, default="en")
    tokens_valid_after = models.DateTimeField(
        null=True, blank=True, help_text="Access tokens that were given before this are over."
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(week_starts_on__in=WeekDay.values),
                name="a_week_begins_on_monday_saturday_or_sunday",
            ),
        ]

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def end_access_tokens(self) -> None:
        """Every access token of the API that was given until now is over."""
        self.tokens_valid_after = timezone.now()
        self.save(update_fields=["tokens_valid_after"])
