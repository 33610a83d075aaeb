"""What must never be false of TikTok's own tables is a constraint of the database."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from tiktok.models import CallBudget, TikTokOptions, WebhookEvent, WebhookRefusal

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


def test_every_constraint_is_attacked():
    tables = apps.get_app_config("tiktok").get_models()
    assert {each.name for table in tables for each in table._meta.constraints} == {
        "branded_content_is_never_private",
        "a_call_of_a_channel_has_one_budget",
        "refusals_of_a_day_are_counted_once_for_each_reason",
    }


def test_branded_content_is_never_private(draft):
    options = draft().tiktok
    refused = {"brand_content": True, "privacy_level": "SELF_ONLY"}
    with (
        pytest.raises(IntegrityError, match="branded_content_is_never_private"),
        transaction.atomic(),
    ):
        TikTokOptions.objects.filter(pk=options.pk).update(**refused)
    options.refresh_from_db()
    assert (options.brand_content, options.privacy_level) == (False, "PUBLIC_TO_EVERYONE")


def test_a_call_of_a_channel_has_one_budget(channel):
    CallBudget.objects.create(channel=channel, call="status")
    with pytest.raises(IntegrityError), transaction.atomic():
        CallBudget.objects.create(channel=channel, call="status")
    assert CallBudget.objects.count() == 1


def test_a_delivery_is_stored_once():
    WebhookEvent.objects.create(body_digest="d" * 64, body="{}", event="anything")
    with pytest.raises(IntegrityError), transaction.atomic():
        WebhookEvent.objects.create(body_digest="d" * 64, body="{}", event="anything")
    assert WebhookEvent.objects.count() == 1


def test_refusals_of_a_day_are_counted_once_for_each_reason():
    today = timezone.now().date()
    WebhookRefusal.objects.create(day=today, reason="not signed by TikTok")
    with pytest.raises(IntegrityError), transaction.atomic():
        WebhookRefusal.objects.create(day=today, reason="not signed by TikTok")
    assert WebhookRefusal.objects.count() == 1
