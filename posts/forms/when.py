"""When a post goes out, asked and answered in the person's own time zone."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

FARTHEST = timedelta(days=366)  # ahead; a year that far away is a slip of the finger


def moments_of(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments, in UTC, that a clock on the wall in `zone` can mean by `wall`.

    One, as a rule. Two when the clock shows that time twice (set back), and the two neighbours
    when it never does (set forward); earlier first.

    >>> [f"{m:%H:%M}" for m in moments_of(datetime(2026, 3, 29, 2, 30), ZoneInfo("Europe/Berlin"))]
    ['00:30', '01:30']
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return [first.astimezone(UTC)]
    return sorted(moment.astimezone(UTC) for moment in (first, second))


class WhenForm(forms.Form):
    """`cleaned_data["due_at"]` is the moment, aware and in UTC. Minutes, no seconds."""

    date = forms.DateField(
        label="Date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a date.", "invalid": "Write the date as 2026-12-31."},
    )
    time = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Choose a time.", "invalid": "Write the time as 18:30."},
    )
    which = forms.ChoiceField(
        label="Which one do you mean?", required=False, widget=forms.RadioSelect
    )

    def __init__(
        self,
        data: Any = None,
        *,
        zone: ZoneInfo,
        due_at: datetime | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.zone = zone
        shown = due_at.astimezone(zone) if due_at else None
        today = timezone.now().astimezone(zone).date()
        stored = {"date": shown.date() if shown else today, "time": shown and shown.time()}
        super().__init__(data, initial=stored | (initial or {}))
        self.fields["date"].widget.attrs["min"] = today.isoformat()
        if self.is_bound:
            self._offer_what_was_meant()

    def _offer_what_was_meant(self) -> None:
        """Before the choice is checked: the two moments, if the wall time has two."""
        field = cast(forms.ChoiceField, self.fields["which"])
        field.choices = [
            (moment.isoformat(), self._in_words(moment)) for moment in self._candidates()
        ]

    def _candidates(self) -> list[datetime]:
        """The two moments of an ambiguous or missing wall time; none when all is clear."""
        try:
            date = self.fields["date"].clean(self["date"].data)
            time = self.fields["time"].clean(self["time"].data)
            moments = moments_of(datetime.combine(date, time), self.zone)
        except (forms.ValidationError, OverflowError):
            return []
        return moments if len(moments) > 1 else []

    def _in_words(self, moment: datetime) -> str:
        local = moment.astimezone(self.zone)
        return f"{local:%H:%M} ({local.tzname()}, {local:%A, %d %B})"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        wall = datetime.combine(cleaned["date"], cleaned["time"].replace(second=0, microsecond=0))
        try:
            moments = moments_of(wall, self.zone)
        except OverflowError:
            moments = []
        if not moments or moments[0] > timezone.now() + FARTHEST:
            self.add_error("date", "Choose a date within a year from now.")
            return cleaned
        chosen = [moment for moment in moments if moment.isoformat() == cleaned["which"]]
        if len(moments) > 1 and not chosen:
            self.add_error("which", self._question(wall, moments))
            return cleaned
        cleaned["due_at"] = (chosen or moments)[0]
        self._refuse_the_past(cleaned["due_at"])
        return cleaned

    def _question(self, wall: datetime, moments: list[datetime]) -> forms.ValidationError:
        if moments[0].astimezone(self.zone).replace(tzinfo=None) == wall:
            return forms.ValidationError(
                f"The clocks go back that night, so {wall:%H:%M} comes twice in {self.zone.key}.",
                code="doubled_hour",
            )
        return forms.ValidationError(
            f"The clocks go forward that night: {wall:%H:%M} does not exist in {self.zone.key}. "
            "Choose one of its neighbours.",
            code="missing_hour",
        )

    def _refuse_the_past(self, due_at: datetime) -> None:
        now = timezone.now()
        if due_at <= now:
            self.add_error(
                "time",
                forms.ValidationError(
                    f"That time has passed: it is {now.astimezone(self.zone):%H:%M} in "
                    f"{self.zone.key} now.",
                    code="time_past",
                ),
            )
