"""Each kind of news is wanted or not: by each person for themselves."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import Role
from posts.commenting import add_comment
from posts.mailing import send_letters
from posts.models import Notification, NotificationKind
from posts.notifications import mute, muted_kinds
from posts.tests.people import browser_of, member, words
from posts.tests.plain_platform import a_channel, a_publication

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain")]

TOLD = reverse("posts:notifications")
EVERYTHING = frozenset(NotificationKind.values)


@pytest.fixture
def publication(alice, workspace):
    return a_publication(alice, a_channel(workspace))


def test_everything_is_told_at_first(alice):
    page = browser_of(alice).get(TOLD).content.decode()

    assert page.count(" checked") == len(EVERYTHING)
    assert muted_kinds(alice) == frozenset()


def test_what_is_not_wanted_is_not_told(alice, workspace, publication):
    erin, carol = member(workspace, Role.EDITOR), member(workspace, Role.CONTRIBUTOR)
    page = browser_of(alice).post(TOLD, {"kinds": EVERYTHING - {"approval_asked"}}, follow=True)

    publication.ask_for_approval(by=carol, due_at=None)

    assert "Saved. It counts from now on." in words(page)
    assert [each.person for each in Notification.objects.all()] == [erin]


def test_what_is_wanted_again_is_told_again(alice, workspace, publication):
    mute(alice, EVERYTHING)
    browser_of(alice).post(TOLD, {"kinds": ["approval_asked"]})

    publication.ask_for_approval(by=member(workspace, Role.CONTRIBUTOR), due_at=None)

    assert muted_kinds(alice) == EVERYTHING - {"approval_asked"}
    assert [each.person for each in Notification.objects.all()] == [alice]


def test_a_mail_that_waits_is_not_sent_to_who_does_not_want_it(alice, workspace, publication):
    carol = member(workspace, Role.CONTRIBUTOR)
    add_comment(publication.post, by=carol, text="@alice, look!")

    mute(alice, ["mentioned"])
    send_letters()

    assert mail.outbox == []


def test_the_mail_of_a_mention_has_its_words_and_leads_to_them(alice, workspace, publication):
    carol = member(workspace, Role.CONTRIBUTOR)
    comment = add_comment(publication.post, by=carol, text="@alice, look!\nIs it <good>?")

    send_letters()

    [letter] = mail.outbox
    [(html, _)] = letter.alternatives
    assert letter.to == [alice.email]
    assert letter.subject == f"{carol} mentions you on “Sunrise”"
    address = f"/app/posts/{publication.post_id}/#comment-{comment.pk}"
    assert "@alice, look!\nIs it <good>?" in letter.body
    assert address in letter.body
    assert (address in html, "Is it &lt;good&gt;?" in html) == (True, True)
    assert TOLD in letter.body


def test_nonsense_is_refused(alice):
    page = browser_of(alice).post(TOLD, {"kinds": ["weather"]})

    assert "weather is not one of the available choices" in words(page)
    assert muted_kinds(alice) == frozenset()
