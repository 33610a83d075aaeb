"""What must never be false of TikTok's own choices is a constraint of the database."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from tiktok.models import TikTokOptions

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

ATTACKS = {
    "branded_content_is_never_private": {"brand_content": True, "privacy_level": "SELF_ONLY"},
}


def test_every_constraint_is_attacked():
    tables = apps.get_app_config("tiktok").get_models()
    assert set(ATTACKS) == {each.name for table in tables for each in table._meta.constraints}


@pytest.mark.parametrize("name", ATTACKS)
def test_the_constraint_holds(name, draft):
    options = draft().tiktok
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        TikTokOptions.objects.filter(pk=options.pk).update(**ATTACKS[name])
    options.refresh_from_db()
    assert (options.brand_content, options.privacy_level) == (False, "PUBLIC_TO_EVERYONE")
