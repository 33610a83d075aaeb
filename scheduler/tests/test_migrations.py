"""The tables are what the models say."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

OURS = ("accounts", "posts", "tiktok", "scheduler")


def test_no_migration_is_missing():
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert said.getvalue() == "No changes detected\n"


def test_every_table_of_ours_is_there():
    expected = {
        model._meta.db_table
        for name in OURS
        for model in apps.get_app_config(name).get_models(include_auto_created=True)
    }
    assert expected - set(connection.introspection.table_names()) == set()
