"""When a post goes out, in the person's own time zone, right across the change of the clocks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from posts.forms import WhenForm

BERLIN = ZoneInfo("Europe/Berlin")
WINTER = datetime(2026, 1, 10, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_winter():
    with time_machine.travel(WINTER, tick=False):
        yield


def filled_in(date, time, *, which="", zone=BERLIN):
    return WhenForm({"date": date, "time": time, "which": which}, zone=zone)


def test_a_time_is_meant_in_the_persons_zone():
    form = filled_in("2026-07-01", "18:30")

    assert form.is_valid()
    assert form.cleaned_data["due_at"] == datetime(2026, 7, 1, 16, 30, tzinfo=UTC)


def test_an_hour_that_does_not_exist_offers_both_neighbours():
    form = filled_in("2026-03-29", "02:30")

    assert not form.is_valid()
    assert form.has_error("which", "missing_hour")
    assert form.fields["which"].choices == [
        ("2026-03-29T00:30:00+00:00", "01:30 (CET, Sunday, 29 March)"),
        ("2026-03-29T01:30:00+00:00", "03:30 (CEST, Sunday, 29 March)"),
    ]


@pytest.mark.parametrize(
    ("which", "due_at"),
    [
        ("2026-03-29T00:30:00+00:00", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
        ("2026-03-29T01:30:00+00:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_neighbour_of_the_missing_hour_can_be_chosen(which, due_at):
    form = filled_in("2026-03-29", "02:30", which=which)

    assert form.is_valid()
    assert form.cleaned_data["due_at"] == due_at


def test_an_hour_that_comes_twice_asks_which():
    form = filled_in("2026-10-25", "02:15")

    assert not form.is_valid()
    assert form.has_error("which", "doubled_hour")
    assert [words for _, words in form.fields["which"].choices] == [
        "02:15 (CEST, Sunday, 25 October)",
        "02:15 (CET, Sunday, 25 October)",
    ]


def test_the_second_of_two_hours_can_be_chosen():
    form = filled_in("2026-10-25", "02:15", which="2026-10-25T01:15:00+00:00")

    assert form.is_valid()
    assert form.cleaned_data["due_at"] == datetime(2026, 10, 25, 1, 15, tzinfo=UTC)


def test_an_answer_to_another_question_is_no_answer():
    form = filled_in("2026-10-25", "02:15", which="2026-03-29T01:30:00+00:00")

    assert not form.is_valid()
    assert "which" in form.errors


def test_a_time_that_has_passed_is_refused_in_the_persons_clock():
    form = filled_in("2026-01-10", "12:59")  # it is 13:00 in Berlin

    assert not form.is_valid()
    assert form.errors["time"] == ["That time has passed: it is 13:00 in Europe/Berlin now."]


def test_the_next_minute_is_fine():
    assert filled_in("2026-01-10", "13:01").is_valid()


@pytest.mark.parametrize("date", ["2027-06-01", "9999-12-31"])
def test_a_date_that_is_far_away_is_a_slip(date):
    form = filled_in(date, "23:59", zone=ZoneInfo("America/Los_Angeles"))

    assert not form.is_valid()
    assert form.errors["date"] == ["Choose a date within a year from now."]


def test_the_first_day_of_the_calendar_is_refused_as_well():
    form = filled_in("0001-01-01", "00:30")

    assert not form.is_valid()
    assert form.errors["date"] == ["Choose a date within a year from now."]


@pytest.mark.parametrize(
    ("date", "time", "wrong"),
    [("", "10:00", "date"), ("2026-02-01", "", "time"), ("soon", "later", "date")],
)
def test_what_is_missing_is_asked_for(date, time, wrong):
    assert wrong in filled_in(date, time).errors


def test_a_stored_time_is_shown_in_the_persons_zone():
    form = WhenForm(zone=BERLIN, due_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))

    assert 'value="2026-07-02"' in str(form["date"])
    assert 'value="00:30"' in str(form["time"])
