"""Mails of notifications, over a socket to a mail server: soon, at least once, and not too many."""

from datetime import timedelta
from threading import Event

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from posts.draining import Drain
from posts.mailing import MOST_ITEMS, send_letters
from posts.models import Notification, NotificationKind
from posts.models.installation import Installation
from posts.models.notification import MAIL_PAUSES
from posts.notifications import tell
from posts.states import State
from posts.tests.mail_server import a_mail_server
from posts.tests.plain_platform import a_channel, a_publication, register_plain
from posts.tests.walk import bring

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_too]


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    register_plain(monkeypatch)


@pytest.fixture
def mail_server(settings):
    with a_mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.SITE_URL = "https://scheduler.example"
        yield server


def say(workspace, words="“Sunrise” was not published", *, kind=NotificationKind.FAILED, **more):
    tell(workspace, kind, key=f"{words} {more}", subject=words, text="TikTok refused it.", **more)


def subjects(server):
    return [message["Subject"] for _, message in server.received]


def text_of(mail, kind="plain"):
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def due_again():
    """Whatever waits for its next try, or for more of its kind, waits no longer."""
    Notification.objects.filter(mail_at__isnull=False).update(mail_at=timezone.now())


def test_a_failure_is_mailed_with_the_page_that_helps(workspace, alice, mail_server):
    publication = a_publication(alice, a_channel(workspace), caption="Sunrise <3")

    bring(publication, State.FAILED, by=alice)
    send_letters()

    [(to, mail)] = mail_server.received
    assert to == "alice@example.com"
    assert mail["Subject"] == "“Sunrise <3” was not published"
    assert mail["Message-ID"].endswith("@scheduler.example>")
    text = text_of(mail)
    assert "Hello alice," in text
    assert "“Sunrise <3” was not published" in text
    assert "the platform refused it Choose another file." in text
    assert f"https://scheduler.example/app/posts/{publication.post_id}/" in text
    page = text_of(mail, "html")
    assert "“Sunrise &lt;3” was not published" in page
    assert f'href="https://scheduler.example/app/posts/{publication.post_id}/"' in page


def test_a_waiting_draft_is_mailed_with_its_caption_and_the_page_for_the_phone(
    workspace, alice, mail_server
):
    publication = a_publication(alice, a_channel(workspace), caption="Sunrise\nover the ridge")

    bring(publication, State.DELIVERED, by=alice)
    send_letters()

    [(_, mail)] = mail_server.received
    assert mail["Subject"].strip() == "“Sunrise over the ridge” waits in Plain: finish it there"
    text = text_of(mail)
    assert "Sunrise\nover the ridge" in text
    assert f"https://scheduler.example/app/posts/publications/{publication.pk}/finish/" in text


def test_a_mail_goes_once(workspace, mail_server):
    say(workspace)

    send_letters()
    send_letters()

    assert len(mail_server.received) == 1
    assert Notification.objects.get().mailed_at is not None


def test_fifty_failures_are_two_mails_at_the_most(workspace, mail_server):
    say(workspace)
    send_letters()
    for number in range(49):
        say(workspace, f"“Sunrise {number}” was not published")
    send_letters()
    assert len(mail_server.received) == 1

    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        send_letters()

    assert subjects(mail_server) == ["“Sunrise” was not published", "49 posts did not go out"]
    text = text_of(mail_server.received[1][1])
    assert text.count("was not published") == MOST_ITEMS
    assert "… and 29 more" in text


def test_another_kind_does_not_wait(workspace, mail_server):
    say(workspace)
    send_letters()
    say(workspace, "alice.films must be connected again", kind=NotificationKind.DISCONNECTED)
    send_letters()

    assert len(mail_server.received) == 2


def test_a_mail_server_that_is_away_is_waited_for(workspace, settings, mail_server):
    settings.EMAIL_PORT = 1  # where nobody listens
    say(workspace)
    send_letters()
    say(workspace, "“Sunset” was not published")
    send_letters()

    waiting = Notification.objects.get(subject__contains="Sunrise")
    assert (waiting.mail_tries, waiting.mailed_at) == (1, None)
    assert waiting.mail_at - timezone.now() > timedelta(seconds=10)
    settings.EMAIL_PORT = mail_server.port
    due_again()
    send_letters()

    assert subjects(mail_server) == ["2 posts did not go out"]


@pytest.mark.parametrize("answer", ["451 not now", "554 no such talk"])
def test_a_mail_that_is_not_taken_is_tried_again_and_given_up_in_the_end(
    workspace, mail_server, answer
):
    mail_server.data_answer = answer
    say(workspace)
    for _ in MAIL_PAUSES:
        due_again()
        send_letters()
    assert Notification.next_mail() is not None

    due_again()
    send_letters()

    told = Notification.objects.get()
    assert (told.mail_at, told.mailed_at) == (None, None)
    assert told.mail_tries == len(MAIL_PAUSES) + 1


def test_an_address_that_does_not_exist_is_not_tried_again(workspace, mail_server):
    mail_server.recipient_answer = "550 nobody of that name"
    say(workspace)
    send_letters()

    told = Notification.objects.get()
    assert (told.mail_at, told.mailed_at, told.mail_tries) == (None, None, 1)


def test_a_mail_whose_fate_is_unknown_goes_again_under_the_same_id(workspace, mail_server):
    mail_server.hangs_up_after_data = True
    say(workspace)
    send_letters()
    mail_server.hangs_up_after_data = False
    due_again()
    send_letters()

    ids = [message["Message-ID"] for _, message in mail_server.received]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_who_dies_while_mailing_leaves_it_to_another(workspace, mail_server):
    say(workspace)
    [claimed] = Notification.claim_mail(seconds=60)
    send_letters()
    assert mail_server.received == []

    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        send_letters()

    assert len(mail_server.received) == 1
    Notification.settle_mail([claimed], sent=False)  # it was not dead after all, and too late
    assert Notification.objects.get().mailed_at is not None


def test_what_somebody_has_mended_meanwhile_is_no_news(workspace, alice, mail_server):
    publication = a_publication(alice, a_channel(workspace))
    bring(publication, State.FAILED, by=alice)
    publication.retry(by=alice)

    send_letters()

    assert mail_server.received == []
    assert Notification.next_mail() is None


def test_what_is_a_day_old_is_no_news(workspace, mail_server):
    say(workspace)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        send_letters()

    assert mail_server.received == []


def test_who_is_not_active_gets_nothing(workspace, mail_server):
    say(workspace)
    User.objects.update(is_active=False)

    send_letters()

    assert mail_server.received == []


def test_who_is_no_member_any_more_gets_nothing(workspace, mail_server):
    say(workspace)
    workspace.memberships.all().delete()

    send_letters()

    assert mail_server.received == []


def drain():
    Drain(stop=Event(), threads=1, linger=timedelta(), timeout=None).run()


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_it_within_its_round(workspace, mail_server):
    Installation.claim_if_new()
    say(workspace)

    drain()

    assert len(mail_server.received) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("because", ["publishing is off", "the database is a copy"])
def test_nothing_is_mailed_while_nothing_is_published(workspace, mail_server, settings, because):
    Installation.claim_if_new()
    if because == "publishing is off":
        settings.PUBLISHING = False
    else:
        settings.INSTALLATION_ID = "somewhere else"
    say(workspace)

    drain()

    assert mail_server.received == []
    assert Notification.objects.get().mail_tries == 0
