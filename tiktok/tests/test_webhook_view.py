"""Who may tell us something: TikTok, and nobody else."""

import time

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from tiktok.models import WebhookEvent, WebhookRefusal
from tiktok.publishing import hearing
from tiktok.tests.telling import body_of, send, signature_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]

UNSIGNED, OLD = "not signed by TikTok", "signed too long ago"


@pytest.fixture
def body():
    return body_of("post.publish.complete", open_id="-000alice", publish_id="v_pub_file~v2-1.1")


def refusals() -> dict[str, int]:
    return dict(WebhookRefusal.objects.values_list("reason", "count"))


def test_a_signed_event_is_stored_as_it_came(body):
    answer = send(body)

    [event] = WebhookEvent.objects.all()
    assert (answer.status_code, answer.content) == (200, b"")
    assert event.body.encode() == body
    assert (event.event, event.external_id) == ("post.publish.complete", "-000alice")
    assert event.publish_id == "v_pub_file~v2-1.1"
    assert refusals() == {}


def test_the_same_event_is_stored_once_however_often_it_comes(body):
    assert [send(body).status_code for _ in range(3)] == [200, 200, 200]
    assert WebhookEvent.objects.count() == 1


def test_events_that_differ_by_their_time_alone_are_two(body):
    send(body_of("post.publish.complete", at=1790000000, publish_id="v_pub_file~v2-1.1"))
    send(body_of("post.publish.complete", at=1790000001, publish_id="v_pub_file~v2-1.1"))
    assert WebhookEvent.objects.count() == 2


@pytest.mark.parametrize("event", ["video.upload.failed", "portability.download.ready", "a.new"])
def test_an_event_that_we_do_not_know_is_taken_too(event):
    assert send(body_of(event, share_id="1")).status_code == 200
    [stored] = WebhookEvent.objects.all()
    assert stored.applied_at is not None
    assert stored.outcome == "nothing: not an event that we act on"


def test_a_stranger_is_not_believed(body):
    forged = [
        send(body, ""),
        send(body, "t=1,s=" + "0" * 64),
        send(body, signature_of(body, secret="guessed")),
        send(body.replace(b"complete", b"failed"), signature_of(body)),
    ]

    assert [answer.status_code for answer in forged] == [401, 401, 401, 401]
    assert WebhookEvent.objects.count() == 0
    assert refusals() == {UNSIGNED: 4}


def test_what_was_signed_long_ago_is_counted_apart(body, settings):
    old = signature_of(body, at=time.time() - 400)
    assert send(body, old).status_code == 401
    assert refusals() == {OLD: 1}

    settings.TIKTOK_WEBHOOK_WINDOW = 3600
    assert send(body, old).status_code == 200
    assert WebhookEvent.objects.count() == 1


def test_another_apps_event_is_not_ours(body):
    foreign = body.replace(b"sandbox-key", b"another-key")
    assert send(foreign).status_code == 401
    assert refusals() == {"for another app": 1}
    assert WebhookEvent.objects.count() == 0


def test_what_is_signed_and_makes_no_sense_is_refused():
    assert send(b"not JSON").status_code == 400
    assert refusals() == {"not a webhook's JSON": 1}


def test_a_flood_is_not_read(body):
    answer = send(body + b" " * 70_000)
    assert answer.status_code == 413
    assert refusals() == {"too large": 1}


def test_nobody_reads_here(client, alice):
    client.force_login(alice)
    assert client.get(reverse("tiktok:webhook")).status_code == 405


def test_a_database_that_is_away_lets_tiktok_tell_it_again(body, monkeypatch):
    def away(*_):
        raise OperationalError("the server is gone")

    monkeypatch.setattr(hearing, "hear", away)
    assert send(body).status_code == 503


def test_the_operator_sees_what_came_and_what_was_refused(body, make_person):
    send(body)
    send(body, "")
    operator = Client()
    operator.force_login(make_person("root", is_staff=True, is_superuser=True))

    events = operator.get(reverse("admin:tiktok_webhookevent_changelist"), {"q": "v2-1.1"})
    refused = operator.get(reverse("admin:tiktok_webhookrefusal_changelist"))

    assert events.context["cl"].result_count == 1
    assert UNSIGNED in refused.content.decode()
