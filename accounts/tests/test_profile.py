"""A person's own settings: name, time zone, and the day that a week begins on."""

import pytest
from django.urls import reverse

from accounts import time_zones
from accounts.models import User
from accounts.tests.browser import browser_of, fill_in, press, words

pytestmark = pytest.mark.django_db

SETTINGS = reverse("accounts:settings")
ZONE = reverse("accounts:time_zone")
PROFILE = {"first_name": "Alice", "last_name": "A.", "week_starts_on": "0"}


def test_alice_chooses_her_zone_her_name_and_her_week(alice):
    browser = browser_of(alice)

    answer = fill_in(
        browser, SETTINGS, **PROFILE | {"time_zone": "America/New_York", "week_starts_on": "6"}
    )

    assert answer["Location"] == SETTINGS
    alice.refresh_from_db()
    assert (str(alice), alice.time_zone) == ("Alice A.", "America/New_York")
    assert alice.get_week_starts_on_display() == "Sunday"
    page = words(browser.get(SETTINGS))
    assert 'value="America/New_York"' in page
    assert '<option value="6" selected>Sunday</option>' in page
    assert "Your settings are saved." in page


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Tokyo", "Asia/Tokyo"),
        ("new york", "America/New_York"),
        (" EUROPE/paris ", "Europe/Paris"),
        ("Buenos Aires, Argentina", "America/Argentina/Buenos_Aires"),
        ("Etc/GMT+3", "Etc/GMT+3"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_known_by_its_place(alice, typed, meant):
    fill_in(browser_of(alice), SETTINGS, **PROFILE | {"time_zone": typed})

    alice.refresh_from_db()
    assert alice.time_zone == meant


def test_each_zone_that_is_offered_is_found_by_its_name():
    assert [time_zones.find(name) for name, _ in time_zones.offered()] == [
        name for name, _ in time_zones.offered()
    ]


@pytest.mark.parametrize("typed", ["Mars/Olympus", "x" * 65, "Berlin\x00", "../../etc/passwd"])
def test_a_zone_that_nobody_knows_is_refused_beside_its_field(alice, typed):
    answer = fill_in(browser_of(alice), SETTINGS, **PROFILE | {"time_zone": typed})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"time_zone"}
    alice.refresh_from_db()
    assert alice.time_zone == "Europe/Berlin"


def test_on_a_journey_alice_takes_the_zone_of_her_browser(alice):
    """The notice is in each page and stays hidden until the browser says that zones differ."""
    answer = press(browser_of(alice), SETTINGS, ZONE, time_zone="Asia/Tokyo", next=SETTINGS)

    assert answer["Location"] == SETTINGS
    assert User.objects.get(username="alice").time_zone == "Asia/Tokyo"


def test_a_browser_with_an_odd_zone_changes_nothing(alice):
    browser = browser_of(alice)

    press(browser, SETTINGS, ZONE, time_zone="Mars/Olympus", next="https://evil.example/")

    assert User.objects.get(username="alice").time_zone == "Europe/Berlin"
    assert "We know no time zone “Mars/Olympus”." in words(browser.get(SETTINGS))
