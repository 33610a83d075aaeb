"""Stopping what TikTok fetches from here, and workers that die on the way to it."""

import threading
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from posts.leases import Lease
from posts.models import Attempt, Publication, PulledMedia, Verdict
from posts.platforms import platform_of
from posts.pulling import open_addresses
from posts.tests.people import words
from posts.tests.story import history, work, work_until_rest
from tiktok.client import TikTokClient
from tiktok.publishing import pulling
from tiktok.tests.sandbox.caller import until
from tiktok.tests.story import calls, live, order, report, trouble, tune

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]


class Died(BaseException):
    """The process is gone: nothing of ours catches it."""


def addresses(sandbox):
    return [pull["url"] for pull in report(sandbox, "pulls")["pulls"]]


def verdicts(publication):
    return [attempt.verdict for attempt in publication.attempts.all()]


def end_the_dead_ones_lease(publication):
    now = timezone.now()
    Publication.objects.filter(pk=publication.pk).update(next_step_at=now, lease_until=now)


def test_photos_that_nobody_has_fetched_yet_are_canceled_for_good(
    plan, sandbox, slow_site, photos, alice
):
    tune(sandbox, pull_delay_seconds=600)
    publication = plan(media=photos)
    work()
    publication.refresh_from_db()
    assert publication.state == "processing"

    assert publication.cancel(by=alice) is True

    assert publication.state == "canceled"
    assert publication.is_safe is True
    assert verdicts(publication) == [Verdict.INCOMPLETE]
    assert [requests.get(each, timeout=10).status_code for each in addresses(sandbox)] == [404] * 3


def test_a_fetch_that_has_begun_is_stopped_by_tiktok(plan, sandbox, slow_site, photos, alice):
    hold = trouble(sandbox, "pull", "hold", after_bytes=1)
    publication = plan(media=photos)
    work()
    order(sandbox, f"troubles/{hold}/wait")
    publication.refresh_from_db()

    assert publication.cancel(by=alice) is False
    work()
    order(sandbox, f"troubles/{hold}/release")

    publication.refresh_from_db()
    assert publication.state == "canceled"
    assert history(publication) == ["scheduled", "sending", "processing", "canceled"]
    assert verdicts(publication) == [Verdict.FAILED]
    assert len(calls(sandbox, "cancel")) == 1
    assert live(sandbox) == []


def test_a_fetch_that_is_over_can_not_be_stopped_and_the_history_says_so(
    plan, sandbox, slow_site, photos, alice
):
    hold = trouble(sandbox, "pull", "hold", after_bytes=1)
    publication = plan(media=photos)
    work()
    order(sandbox, f"troubles/{hold}/wait")
    publication.refresh_from_db()
    publication.cancel(by=alice)
    order(sandbox, f"troubles/{hold}/release")
    until(lambda: live(sandbox))

    work_until_rest(publication)

    assert publication.state == "published"
    notes = [event.because for event in publication.events.all() if not event.is_move]
    assert notes == ["asked to stop the sending", "too late to stop it"]


def test_a_cancel_while_the_init_is_under_way_counts_when_its_answer_comes(
    plan, sandbox, slow_site, photos, alice
):
    tune(sandbox, pull_delay_seconds=600)
    hold = trouble(sandbox, "content_init", "hold", effect=True)
    publication = plan(media=photos)
    worker = threading.Thread(target=work_in_thread)
    worker.start()
    order(sandbox, f"troubles/{hold}/wait")
    publication.refresh_from_db()

    assert publication.cancel(by=alice) is False
    order(sandbox, f"troubles/{hold}/release")
    worker.join(30)

    publication.refresh_from_db()
    assert publication.state == "canceled"
    assert verdicts(publication) == [Verdict.INCOMPLETE]


def work_in_thread():
    from django.db import connection

    try:
        work()
    finally:
        connection.close()


@pytest.mark.parametrize("fetched", [False, True])
@pytest.mark.parametrize("line", ["intent", "init", "answer"])
def test_a_worker_that_dies_leaves_at_most_one_post(
    plan, sandbox, site, photos, monkeypatch, line, fetched
):
    """After the intent, after TikTok acted, and before its answer was written down."""
    tune(sandbox, pull_before_answering=fetched)
    hold = None if fetched else trouble(sandbox, "pull", "hold")
    publication = plan(media=photos)
    dies_after(line, monkeypatch)
    with pytest.raises(Died):
        work_as_one_who_dies()
    monkeypatch.undo()
    seen = fetched and line != "intent"
    assert publication.attempts.get().publish_id is None
    end_the_dead_ones_lease(publication)

    work()

    publication.refresh_from_db()
    if seen:
        assert publication.state == "unconfirmed"
        assert verdicts(publication) == [Verdict.OPEN]
        assert len(live(sandbox)) == 1
        return
    if hold and line != "intent":
        order(sandbox, f"troubles/{hold}/release")  # and it finds the addresses closed
    order(sandbox, "troubles/clear")
    tune(sandbox, pull_before_answering=True)
    work_until_rest(publication)
    assert publication.state == "published"
    assert verdicts(publication) == [Verdict.INCOMPLETE, Verdict.PUBLISHED]
    assert len(live(sandbox)) == 1


def dies_after(line, monkeypatch):
    start = TikTokClient.start_photos

    def die(*args, **kwargs):
        raise Died

    def start_and_die(*args, **kwargs):
        start(*args, **kwargs)
        raise Died

    if line == "intent":
        monkeypatch.setattr(TikTokClient, "start_photos", die)
    elif line == "init":
        monkeypatch.setattr(TikTokClient, "start_photos", start_and_die)
    else:
        monkeypatch.setattr(Attempt, "save", dying_save(Attempt.save))


def dying_save(save):
    def save_or_die(attempt, *args, **kwargs):
        if attempt.publish_id is not None:
            raise Died
        save(attempt, *args, **kwargs)

    return save_or_die


def work_as_one_who_dies():
    claimed = Lease.claim(by="one who dies", stop=threading.Event())
    assert claimed is not None
    publication, lease = claimed
    platform_of(publication.channel).advance(publication, lease)


def test_neither_an_attempt_nor_its_addresses_are_ever_without_the_other(
    plan, sandbox, site, photos, monkeypatch
):
    publication = plan(media=photos)

    def half(attempt, media):
        open_addresses(attempt, media[:1])
        raise Died

    monkeypatch.setattr(pulling, "open_addresses", half)
    with pytest.raises(Died):
        work_as_one_who_dies()

    assert publication.attempts.count() == 0
    assert PulledMedia.objects.count() == 0


def test_an_address_that_was_told_but_never_fetched_is_given_up_after_a_day(
    plan, sandbox, slow_site, photos, time_machine
):
    tune(sandbox, pull_delay_seconds=600)
    publication = plan(media=photos)
    work()
    time_machine.move_to(timezone.now() + timedelta(hours=25))

    work_until_rest(publication)

    assert (publication.state, publication.held_reason) == ("held", "late")
    assert verdicts(publication) == [Verdict.INCOMPLETE]


def test_what_nobody_comes_for_is_told_after_half_an_hour_and_goes_on(
    plan, sandbox, slow_site, photos, alice, client, time_machine
):
    tune(sandbox, pull_delay_seconds=3 * 3600)
    publication = plan(media=photos)
    work()
    begun = timezone.now()
    for minutes in (20, 31, 46, 61):
        time_machine.move_to(begun + timedelta(minutes=minutes), tick=True)
        work()
        told = [each.subject for each in alice.notifications.all()]
        late = ["“Sunrise” waits: TikTok does not come for it"] if minutes > 30 else []
        assert told == late

    publication.refresh_from_db()
    assert publication.state == "processing"
    client.force_login(alice)
    page = words(client.get(f"/app/posts/{publication.post_id}/"))
    assert "has not come to fetch it for half an hour" in page
    assert "Stop sending" in page


def test_the_page_tells_how_far_it_is_and_offers_to_stop_it(
    plan, sandbox, slow_site, photos, client, alice
):
    hold = trouble(sandbox, "pull", "hold", after_bytes=1)
    publication = plan(media=photos)
    work()
    order(sandbox, f"troubles/{hold}/wait")
    client.force_login(alice)

    page = client.get(f"/app/posts/{publication.post_id}/").content.decode()

    assert "TikTok has accepted it, and fetches it from here." in page
    assert "Being fetched" in page
    assert "Stop sending" in page
    client.post(f"/app/posts/publications/{publication.pk}/cancel/")
    page = client.get(f"/app/posts/{publication.post_id}/").content.decode()
    assert "TikTok is asked to stop." in page
    assert "Stop sending" not in page
    work()
    order(sandbox, f"troubles/{hold}/release")
    publication.refresh_from_db()
    assert publication.state == "canceled"
