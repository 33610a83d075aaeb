"""How late posts were, as columns and a filter of the operator's list."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import DurationField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from posts.models import Attempt, Publication

A_MILLISECOND = timedelta(milliseconds=1)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
SPANS: dict[str, dict[str, timedelta]] = {  # after the planned time
    "second": {"begun_after__lt": SECOND},
    "minute": {"begun_after__gte": SECOND, "begun_after__lt": MINUTE},
    "hour": {"begun_after__gte": MINUTE, "begun_after__lt": HOUR},
    "later": {"begun_after__gte": HOUR},
}


def with_lateness(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """`begun_after` and `out_after`: from the planned time to the init, and to being out."""
    attempts = Attempt.objects.filter(publication=OuterRef("pk")).order_by("-number")
    begun_at = Subquery(attempts.values("intended_at")[:1])
    out_at = Coalesce("delivered_at", "published_at")
    return publications.annotate(
        begun_after=ExpressionWrapper(begun_at - F("due_at"), output_field=DurationField()),
        out_after=ExpressionWrapper(out_at - F("due_at"), output_field=DurationField()),
    )


def in_milliseconds(span: timedelta | None) -> str:
    return "-" if span is None else f"{round(span / A_MILLISECOND):,} ms"


class LatenessFilter(admin.SimpleListFilter):
    title = "begun after its time"
    parameter_name = "begun"  # as the column, so that it may be asked for

    def lookups(
        self, request: HttpRequest, model_admin: "admin.ModelAdmin[Publication]"
    ) -> list[tuple[str, str]]:
        return [
            ("second", "within a second"),
            ("minute", "a second to a minute"),
            ("hour", "a minute to an hour"),
            ("later", "an hour or more"),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Publication]
    ) -> QuerySet[Publication]:
        if self.value() not in SPANS:
            return queryset
        return queryset.filter(**SPANS[str(self.value())])
