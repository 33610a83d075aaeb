"""A file that nobody asked for never reaches the disk, whoever sends it and wherever to."""

import pytest
from django.core.files import temp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

LARGE = 3_000_000  # bytes: Django keeps smaller ones in memory


@pytest.fixture
def on_disk(monkeypatch) -> list[str]:
    """The temporary files that Django makes."""
    made = []
    make = temp.NamedTemporaryFile

    def told(*args, **kwargs):
        made.append(kwargs.get("suffix", ""))
        return make(*args, **kwargs)

    monkeypatch.setattr(temp, "NamedTemporaryFile", told)
    return made


@pytest.mark.parametrize("address", ["account_login", "account_reset_password"])
def test_a_stranger_fills_no_disk(address, on_disk):
    browser = Client(enforce_csrf_checks=True)
    browser.get(reverse(address))
    token = browser.cookies["csrftoken"].value

    answer = browser.post(
        reverse(address),
        {"csrfmiddlewaretoken": token, "junk": SimpleUploadedFile("junk.bin", b"0" * LARGE)},
    )

    assert answer.status_code == 200  # the form, with what it wants to know
    assert on_disk == []


def test_the_rest_of_a_form_is_read_all_the_same(alice):
    browser = Client()
    browser.force_login(alice)
    named = {"first_name": "Alice", "time_zone": "Europe/Berlin", "week_starts_on": "0"}

    browser.post(
        reverse("accounts:settings"), named | {"junk": SimpleUploadedFile("junk.bin", b"0")}
    )

    alice.refresh_from_db()
    assert alice.first_name == "Alice"
