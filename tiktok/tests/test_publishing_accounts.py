"""The account goes away, comes back or is paused while its posts are on their way."""

from datetime import timedelta
from threading import Event

import pytest
from django.db import OperationalError
from django.db.models import F
from django.utils import timezone

from accounts.models import Channel, Health
from posts.leases import Lease
from posts.models import Attempt, Mode
from posts.tests.story import work, work_until_rest
from tiktok import errors
from tiktok.oauth.leaving import disconnect
from tiktok.oauth.tokens_alive import access_token
from tiktok.publishing.guard import UploadGuard
from tiktok.publishing.outcomes import settle_sending
from tiktok.publishing.sending import send
from tiktok.tests.story import inits, live

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


def test_an_account_that_is_disconnected_in_mid_upload_stops_before_the_last_block(
    plan, sandbox, channel, alice, monkeypatch
):
    publication = plan()
    before_last_block = UploadGuard.before_last_block

    def disconnected_now(guard: UploadGuard) -> None:
        disconnect(channel, by=alice, now=True)
        before_last_block(guard)

    monkeypatch.setattr(UploadGuard, "before_last_block", disconnected_now)

    work()

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "reconnect")
    assert live(sandbox) == []


def test_a_reconnect_during_the_refusal_is_not_missed(plan, channel):
    publication = plan()
    mine, lease = Lease.claim(by="a worker", stop=Event())
    mine.start_sending(lease)
    # Alice reconnects while TikTok's refusal of the old tokens is on its way to us.
    Channel.objects.update(token_version=F("token_version") + 1)

    settle_sending(mine, lease, errors.NeedsReconnect())

    publication.refresh_from_db()
    assert publication.state == "scheduled"
    work_until_rest(publication)
    assert publication.state == "published"


def test_a_reconnect_just_before_it_is_held_is_not_missed(plan, channel):
    publication = plan()
    Channel.objects.update(health=Health.NEEDS_RECONNECT)
    mine, lease = Lease.claim(by="a worker", stop=Event())
    Channel.objects.update(health=Health.CONNECTED)

    send(mine, lease)

    work_until_rest(publication)
    assert publication.state == "published"


def test_an_upload_of_another_day_does_not_pass_a_paused_account(plan, sandbox, channel):
    publication = plan()
    long_ago = timezone.now() - timedelta(days=1)
    Attempt.objects.create(
        publication=publication,
        number=1,
        mode=Mode.DIRECT,
        digest=publication.approval.digest,
        publish_id="v_pub_file~v2-1.1",
        address_expires_at=long_ago,
        size=20,
        chunk_size=10,
        chunk_count=2,
        confirmed_bytes=10,
    )
    Channel.objects.update(health=Health.PAUSED)

    work()

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "channel_paused")
    assert "Reconnect" not in publication.failure["what_to_do"]
    assert inits(sandbox) == []


def test_a_permission_given_by_reconnecting_lets_the_post_go_on(plan, channel, connect, workspace):
    publication = plan()
    Channel.objects.update(scopes=["user.info.basic"])

    work()

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "reconnect")


@pytest.mark.django_db(transaction=True)
def test_new_tokens_survive_a_database_that_is_away_for_a_moment(channel, monkeypatch):
    channel.access_expires_at = timezone.now()
    channel.save()
    store_tokens = Channel.store_tokens

    def away_once(row: Channel, **tokens) -> bool:
        monkeypatch.setattr(Channel, "store_tokens", store_tokens)
        raise OperationalError("the database system is shutting down")

    monkeypatch.setattr(Channel, "store_tokens", away_once)
    before = channel.access_token

    token = access_token(channel)

    channel.refresh_from_db()
    assert token == channel.access_token != before
    assert channel.token_version == 1
