"""What the API keeps of calls: how many there were lately, and the answers given to repeats."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from accounts.models.user import User


class CallCount(models.Model):
    """How often somebody has called within the current window. Shared by all processes."""

    whose = models.CharField(max_length=120, unique=True, help_text="Which limit, and of whom.")
    window_began = models.DateTimeField(default=timezone.now)
    used = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.used} calls of {self.whose}"

    @classmethod
    def add(cls, whose: str, *, window: timedelta) -> "CallCount":
        """Count one more call; the row as it is with it."""
        now = timezone.now()
        is_over = Q(window_began__lte=now - window)
        mine = cls.objects.filter(whose=whose)
        one_more = {
            "used": Case(When(is_over, then=Value(1)), default=F("used") + 1),
            "window_began": Case(When(is_over, then=Value(now)), default=F("window_began")),
        }
        with transaction.atomic():
            if not mine.update(**one_more):
                cls.objects.get_or_create(whose=whose)
                mine.update(**one_more)
            return mine.get()


class RememberedAnswer(models.Model):
    """The first answer to an Idempotency-Key, or the right of one request to give it."""

    whose = models.CharField(max_length=120, help_text="Who sent the key.")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, help_text="Of what was asked, keyed.")
    taken_by = models.CharField(max_length=32, help_text="Which request is at work on it.")
    lease_until = models.DateTimeField(help_text="Until then nobody else begins.")
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Once answered.")
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["whose", "key"], name="an_idempotency_key_is_answered_once"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="remembered_answer_age")]

    def __str__(self) -> str:
        return f"answer {self.status} to {self.key} of {self.whose}"


def forget_old_calls(*, older_than: timedelta) -> int:
    """Clear away what no repeat and no window asks for any more; how many rows."""
    before = timezone.now() - older_than
    answers, _ = RememberedAnswer.objects.filter(created_at__lt=before).delete()
    counts, _ = CallCount.objects.filter(window_began__lt=before).delete()
    return answers + counts
