"""A database is prepared, again and again, and adopted by whom it does not belong to."""

import os
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from posts.media.receiving import incoming_folder
from posts.models import Installation
from posts.models.installation import why_publishing_is_off

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]


def prepare() -> str:
    said = StringIO()
    call_command("prepare", stdout=said)
    return said.getvalue()


def test_preparing_twice_changes_nothing_the_second_time(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert prepare() == "Database: up to date.\n"
    mine = Installation.objects.get()

    assert prepare() == "Database: up to date.\n"
    assert Installation.objects.get() == mine
    assert why_publishing_is_off() == ""


def test_leftovers_of_uploads_are_cleared_away_and_running_ones_are_not(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    incoming = incoming_folder()
    incoming.mkdir(parents=True)
    old, new = incoming / "old.upload", incoming / "new.upload"
    for upload in (old, new):
        upload.write_bytes(b"half a video")
    yesterday = time.time() - 86_400
    os.utime(old, (yesterday, yesterday))

    prepare()

    assert (old.exists(), new.exists()) == (False, True)


def test_a_copied_database_does_not_publish_until_it_is_adopted(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    prepare()
    settings.INSTALLATION_ID = "the copy"
    prepare()
    assert "manage.py adopt" in why_publishing_is_off()

    said = StringIO()
    call_command("adopt", "--yes", stdout=said)

    assert "each of them would appear twice" in said.getvalue()
    assert why_publishing_is_off() == ""


def test_adopting_without_the_word_changes_nothing(settings, monkeypatch):
    Installation.claim_if_new()
    settings.INSTALLATION_ID = "the copy"
    monkeypatch.setattr("builtins.input", lambda prompt: "yes")

    with pytest.raises(CommandError):
        call_command("adopt", stdout=StringIO())

    assert Installation.is_foreign()


def test_what_is_ours_needs_no_adopting():
    Installation.claim_if_new()
    said = StringIO()

    call_command("adopt", stdout=said)

    assert said.getvalue() == "This database belongs to this installation already.\n"
