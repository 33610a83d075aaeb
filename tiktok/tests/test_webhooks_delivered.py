"""The sandbox tells our server over a socket, and posts end without waiting for a poll."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Channel, Health
from posts.models import Publication
from posts.tests.story import history, work
from tiktok.models import WebhookEvent, WebhookRefusal
from tiktok.tests.sandbox.caller import until
from tiktok.tests.story import live, order, report, trouble, tune

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]


@pytest.fixture
def listening(sandbox, live_server, monkeypatch):
    """Our address is registered at TikTok, and no poll is due for an hour."""
    for module in ("uploading", "pulling"):
        monkeypatch.setattr(f"tiktok.publishing.{module}.FIRST_POLL", timedelta(hours=1))
    address = f"{live_server.url}/webhooks/tiktok/"
    tune(sandbox, webhook_url=address, webhook_first_pause_seconds=0.05)
    yield sandbox
    tune(sandbox, webhook_url="")


def heard(number: int) -> None:
    until(lambda: WebhookEvent.objects.count() >= number)


def work_until_published(publication: Publication) -> None:
    def is_published() -> bool:
        work()
        publication.refresh_from_db()
        return publication.state == "published"

    until(is_published)


def test_a_post_is_published_by_the_event_with_its_link(plan, listening):
    publication = plan()
    work_until_published(publication)

    [video] = live(listening)
    heard(2)
    work()
    publication.refresh_from_db()
    assert publication.platform_post_id == video["id"]
    assert publication.next_step_at is None


def test_doubled_and_in_a_wrong_order_it_ends_the_same(plan, listening):
    tune(listening, webhook_copies=3, webhook_newest_first=True, webhook_delay_seconds=0.3)
    publication = plan()
    work_until_published(publication)
    until(lambda: all(each["told_at"] for each in report(listening, "webhooks")["webhooks"]))
    work()

    publication.refresh_from_db()
    assert publication.state == "published"
    assert WebhookEvent.objects.count() == 2
    assert len(live(listening)) == 1


def test_a_server_that_was_away_hears_it_later(plan, listening, live_server):
    tune(listening, webhook_url=f"{live_server.url}/nobody-listens-here/")
    publication = plan()
    work()
    until(lambda: any(each["tries"] > 1 for each in report(listening, "webhooks")["webhooks"]))
    tune(listening, webhook_url=f"{live_server.url}/webhooks/tiktok/")
    work_until_published(publication)


def test_a_wrong_secret_is_seen_by_the_operator(plan, listening, settings):
    settings.TIKTOK_CLIENT_SECRET = "another"
    plan()
    work()
    until(WebhookRefusal.objects.exists)
    assert WebhookEvent.objects.count() == 0
    assert WebhookRefusal.objects.get().reason == "not signed by TikTok"


def test_removed_access_parks_the_posts(plan, channel, listening):
    Channel.objects.update(connected_at=timezone.now() - timedelta(hours=1))
    publication = plan(minutes=60)
    order(listening, "creators/alice.films/remove-access")
    heard(1)

    def is_held() -> bool:
        publication.refresh_from_db()
        return publication.state == "held"

    until(is_held)
    channel.refresh_from_db()
    assert channel.health == Health.NEEDS_RECONNECT


def test_photos_whose_init_went_unanswered_are_found_by_what_tiktok_tells(
    plan, listening, site, photos
):
    publication = plan(media=photos)
    trouble(listening, "content_init", "reset_after")
    work_until_published(publication)
    walked = ["scheduled", "sending", "unconfirmed", "processing", "published"]
    assert history(publication) == walked
    [post] = live(listening)
    assert publication.attempts.get().publish_id == post["publish_id"]
    assert publication.permalink.endswith(f"/photo/{post['id']}")
