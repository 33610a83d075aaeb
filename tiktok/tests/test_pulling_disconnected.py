"""Disconnecting at once, while TikTok has been told of something that it is to fetch."""

import threading

import pytest
import requests

from posts.models import Verdict
from posts.tests.story import work
from tiktok import oauth
from tiktok.publishing import pulling
from tiktok.tests.story import calls, live, order, trouble, tune
from tiktok.tests.test_pulling_stopped import addresses, verdicts, work_in_thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite_too]


def test_it_closes_what_nobody_has_fetched(plan, sandbox, slow_site, photos, alice):
    tune(sandbox, pull_delay_seconds=600)
    publication = plan(media=photos)
    work()

    oauth.disconnect(publication.channel, by=alice, now=True)

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "reconnect")
    assert verdicts(publication) == [Verdict.INCOMPLETE]
    answers = [requests.get(each, timeout=10).status_code for each in addresses(sandbox)]
    assert answers == [404] * 3


def test_it_leaves_alone_what_is_being_fetched(plan, sandbox, slow_site, photos, alice):
    hold = trouble(sandbox, "pull", "hold", after_bytes=1)
    publication = plan(media=photos)
    work()
    order(sandbox, f"troubles/{hold}/wait")

    oauth.disconnect(publication.channel, by=alice, now=True)
    order(sandbox, f"troubles/{hold}/release")

    publication.refresh_from_db()
    assert publication.state == "processing"
    assert verdicts(publication) == [Verdict.OPEN]


def test_an_init_that_is_under_way_leads_to_nothing(plan, sandbox, slow_site, photos, alice):
    tune(sandbox, pull_delay_seconds=600)
    hold = trouble(sandbox, "content_init", "hold", effect=True)
    publication = plan(media=photos)
    worker = threading.Thread(target=work_in_thread)
    worker.start()
    order(sandbox, f"troubles/{hold}/wait")

    oauth.disconnect(publication.channel, by=alice, now=True)
    order(sandbox, f"troubles/{hold}/release")
    worker.join(30)

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "reconnect")
    assert verdicts(publication) == [Verdict.INCOMPLETE]
    assert live(sandbox) == []


def test_just_before_the_init_nothing_is_begun(plan, sandbox, site, photos, alice, monkeypatch):
    publication = plan(media=photos)
    write_intent = pulling._write_intent

    def disconnected_just_then(publication, lease, prepared):
        oauth.disconnect(publication.channel, by=alice, now=True)
        return write_intent(publication, lease, prepared)

    monkeypatch.setattr(pulling, "_write_intent", disconnected_just_then)
    work()

    publication.refresh_from_db()
    assert (publication.state, publication.held_reason) == ("held", "reconnect")
    assert verdicts(publication) == [Verdict.INCOMPLETE]
    assert calls(sandbox, "content_init") == []
