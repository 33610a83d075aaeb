"""A post that was sent again, and the first sending of it is live after all."""

from datetime import timedelta
from io import StringIO

import pytest
import requests
from django.core.management import call_command
from django.utils import timezone

from posts.errors import LeaseLost
from posts.models import Installation, Notification, Publication
from posts.tests.story import work
from tiktok.answers import PostStatus
from tiktok.client import TikTokClient
from tiktok.publishing import pulling
from tiktok.tests.story import calls, live, report, tune

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND = "7111111111111111111", "7222222222222222222"


@pytest.fixture(autouse=True)
def _ours():
    Installation.claim_if_new()


@pytest.fixture
def statuses(monkeypatch) -> dict[str | None, PostStatus]:
    """What TikTok's status says of these ids; of others what it says by itself."""
    said: dict[str | None, PostStatus] = {}
    by_itself = TikTokClient.post_status

    def post_status(client, publish_id):
        return said.get(publish_id) or by_itself(client, publish_id)

    monkeypatch.setattr(TikTokClient, "post_status", post_status)
    return said


@pytest.fixture
def sent_again(plan, alice, sandbox):
    """Nobody knows whether it is live, so Alice sends it once more."""

    def sent_again(**content) -> Publication:
        publication = plan(**content)
        work()
        call_command("restore", "--yes", stdout=StringIO())
        publication.refresh_from_db()
        assert publication.state == "unconfirmed"
        publication.schedule(timezone.now(), by=alice, send_again=True)
        return publication

    return sent_again


def reconcile() -> None:
    call_command("reconcile", stdout=StringIO())


def verdicts(publication: Publication) -> list[str]:
    publication.refresh_from_db()
    return [attempt.verdict for attempt in publication.attempts.all()]


@pytest.fixture
def live_with_another_on_its_way(sent_again, statuses, sandbox) -> Publication:
    tune(sandbox, processing_seconds=3600)
    publication = sent_again()
    work()
    first = publication.attempts.get(number=1)
    statuses[first.publish_id] = PostStatus("PUBLISH_COMPLETE", public_ids=(FIRST,))
    reconcile()
    assert verdicts(publication) == ["published", ""]
    assert publication.platform_post_id == FIRST
    return publication


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (PostStatus("FAILED", fail_reason="internal"), "failed"),
        (PostStatus("PUBLISH_COMPLETE", public_ids=(SECOND,)), "published"),
    ],
)
def test_what_becomes_of_the_other_changes_nothing_about_the_first(
    live_with_another_on_its_way, statuses, status, verdict
):
    publication = live_with_another_on_its_way
    other = publication.attempts.get(number=2)
    statuses[other.publish_id] = status

    Publication.objects.update(next_step_at=timezone.now())
    work()

    assert verdicts(publication) == ["published", verdict]
    assert (publication.state, publication.platform_post_id) == ("published", FIRST)
    assert publication.next_step_at is None


@pytest.mark.parametrize("in_hand", [False, True])
def test_photos_that_nobody_has_fetched_yet_are_closed(
    sent_again, statuses, sandbox, slow_site, photos, in_hand
):
    tune(sandbox, pull_delay_seconds=600)
    publication = sent_again(media=photos)
    work()
    first = publication.attempts.get(number=1)
    statuses[first.publish_id] = PostStatus("PUBLISH_COMPLETE")
    if in_hand:
        Publication.objects.update(lease_until=timezone.now() + timedelta(seconds=60))

    reconcile()

    assert verdicts(publication) == ["published", "incomplete"]
    addresses = [pull["url"] for pull in report(sandbox, "pulls")["pulls"]]
    assert {requests.get(each, timeout=10).status_code for each in addresses} == {404}
    assert not Notification.objects.filter(key__startswith="second-copy").exists()


def test_a_worker_just_before_its_init_does_not_tell_tiktok_of_it(
    sent_again, statuses, sandbox, site, photos, monkeypatch
):
    tune(sandbox, pull_before_answering=False, pull_delay_seconds=600)
    publication = sent_again(media=photos)
    first = publication.attempts.get(number=1)
    statuses[first.publish_id] = PostStatus("PUBLISH_COMPLETE")
    write_intent = pulling._write_intent

    def then_somebody_reconciles(*arguments):
        written = write_intent(*arguments)
        reconcile()
        return written

    monkeypatch.setattr(pulling, "_write_intent", then_somebody_reconciles)
    with pytest.raises(LeaseLost):
        work()

    assert verdicts(publication) == ["published", "incomplete"]
    assert len(calls(sandbox, "content_init")) == 1
    assert live(sandbox) == []
